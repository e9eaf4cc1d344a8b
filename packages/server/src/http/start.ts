/** Puts the HTTP side together: people, programs, routes, pages. */
import type { FastifyInstance } from 'fastify';
import type { Kysely } from 'kysely';
import { Accounts } from '../accounts/accounts.ts';
import { Brakes } from '../accounts/brakes.ts';
import { Identities } from '../accounts/identify.ts';
import { Sessions } from '../accounts/sessions.ts';
import { Tokens } from '../accounts/tokens.ts';
import type { Tables } from '../database/tables.ts';
import { BotService } from '../runner/service.ts';
import { botHandlers } from './handlers/bots.ts';
import { dealHandlers } from './handlers/deals.ts';
import { marketHandlers } from './handlers/markets.ts';
import { orderHandlers } from './handlers/orders.ts';
import { sessionHandlers } from './handlers/session.ts';
import { smartTradeHandlers } from './handlers/smart-trades.ts';
import { type Health, healthRoutes } from './health.ts';
import { forgetOldKeys } from './idempotency.ts';
import { EventStream } from './events.ts';
import { localOrigin } from './origin.ts';
import { type PaperOrders, paperOrderRoutes } from './paper-orders.ts';
import { createServer } from './server.ts';
import { staticRoutes } from './static-files.ts';
import { MarketBook, type MarketSource } from './trading/market-book.ts';
import { outboxEvents } from './trading/outbox-events.ts';

export interface HttpOptions {
  readonly port: number;
  /** Folder of the built dashboard. */
  readonly pages: string;
  readonly database: Kysely<Tables>;
  /** 256 bits of hex: whoever can read the data folder owns the installation. */
  readonly token: string;
  readonly health: Health;
  readonly vaultAttached: () => boolean;
  /** Public data of the venue. */
  readonly market: Pick<MarketSource, 'venueUrl' | 'ca'>;
  /** What opens the demo's leaves, and what verifiers check against. */
  readonly connectionFile: string;
  readonly policyFile: string;
  readonly paperOrders: PaperOrders;
  /** Freezes what a workspace trades live, after a recovery. */
  readonly freezeLive: (owner: string) => Promise<void>;
  readonly log: (line: string) => void;
}

const FORGET_MS = 3_600_000;

/** A server that is ready to listen. */
export function createHttp(options: HttpOptions): FastifyInstance {
  const { port, database, health, log } = options;
  const origin = localOrigin(port);
  const sessions = new Sessions(database);
  const identities = new Identities(database, options.token, sessions, new Tokens(database));
  const party = { id: 'localhost', origin: origin.text };
  const accounts = new Accounts(database, party, new Brakes(database), options.freezeLive);
  const service = new BotService(database);
  const onFault = (where: string, error: unknown): void => log(`${where}: ${describeFault(error)}`);
  const events = new EventStream(outboxEvents(database, service), (error) => onFault('events', error));
  const markets = new MarketBook({
    ...options.market,
    onPrice: (symbol, price, atMs) => events.price(symbol, price, atMs),
    onLine: (isOpen) => events.health(options.vaultAttached(), isOpen),
  });
  const trading = { ...options, service, markets };
  const server = createServer({
    origin,
    database,
    identify: (headers, message, address) => identities.identify(headers, message, address),
    handlers: {
      ...sessionHandlers({ database, accounts, sessions, identities }),
      ...botHandlers(trading),
      ...dealHandlers(trading),
      ...smartTradeHandlers(trading),
      ...orderHandlers(trading),
      ...marketHandlers(markets),
    },
    further: (on, identify) => {
      healthRoutes(on, health);
      events.route(on, identify);
      paperOrderRoutes(on, identify, options.paperOrders);
      staticRoutes(on, options.pages);
    },
    onFault,
  });
  const forgetting = setInterval(() => {
    forgetOldKeys(database).catch((error: unknown) => onFault('idempotency keys', error));
  }, FORGET_MS);
  server.addHook('preClose', async () => events.close());
  server.addHook('onClose', async () => {
    clearInterval(forgetting);
    markets.close();
  });
  return server;
}

/** One line, without what a request said: a log that anybody can write into proves nothing. */
function describeFault(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text.replace(/[^ -~]+/g, ' ').slice(0, 2_000);
}
