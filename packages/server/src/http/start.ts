/** Puts the HTTP side together: people, programs, routes, pages. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Kysely } from 'kysely';
import { Accounts } from '../accounts/accounts.ts';
import { Brakes } from '../accounts/brakes.ts';
import { Identities } from '../accounts/identify.ts';
import { OwnerKeys } from '../accounts/owner-keys.ts';
import { Sessions } from '../accounts/sessions.ts';
import { Tokens } from '../accounts/tokens.ts';
import type { Tables } from '../database/tables.ts';
import { DataSets } from '../jobs/data-sets.ts';
import { JobRunner } from '../jobs/job-runner.ts';
import { JobStore } from '../jobs/job-store.ts';
import { DELIVERY_KEY_ID, Deliveries, deliveryKey } from '../notifications/deliveries.ts';
import { Notices } from '../notifications/notices.ts';
import { tellWatchers } from '../notifications/outbox-writer.ts';
import { BotService } from '../runner/service.ts';
import { apiPageRoutes } from './api-page.ts';
import { Gate, type Sessions as GateSessions } from './gate.ts';
import { botHandlers } from './handlers/bots.ts';
import { dealHandlers } from './handlers/deals.ts';
import { connectionHandlers } from './handlers/connections.ts';
import { jobHandlers } from './handlers/jobs.ts';
import { marketHandlers } from './handlers/markets.ts';
import { moneyHandlers } from './handlers/money.ts';
import { notificationHandlers } from './handlers/notifications.ts';
import { orderHandlers } from './handlers/orders.ts';
import { securityHandlers } from './handlers/security.ts';
import { sessionHandlers } from './handlers/session.ts';
import { smartTradeHandlers } from './handlers/smart-trades.ts';
import { vaultPasskeyHandlers } from './handlers/vault-passkeys.ts';
import { type Health, healthRoutes } from './health.ts';
import { forgetOldKeys } from './idempotency.ts';
import { EventStream } from './events.ts';
import { Metrics, metricsRoute } from './metrics.ts';
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
  /** Folder of recorded candles to test on. */
  readonly recordings: string;
  readonly database: Kysely<Tables>;
  /** 256 bits of hex: whoever can read the data folder owns the installation. */
  readonly token: string;
  readonly health: Health;
  readonly vaultAttached: () => boolean;
  readonly gateSession: GateSessions;
  readonly paperAdminUrl: string;
  /** Addresses inside this machine or network that webhooks may reach. */
  readonly webhookAddresses: readonly string[];
  /** Public data of the venue. */
  readonly market: Pick<MarketSource, 'venueUrl' | 'ca'>;
  /** What opens the demo's leaves, and what verifiers check against. */
  readonly connectionFile: string;
  readonly policyFile: string;
  readonly paperOrders: PaperOrders;
  readonly log: (line: string) => void;
}

const FORGET_MS = 3_600_000;
/** A notice is for people: half a second is at once. */
const NOTICE_MS = 500;

/** A server that is ready to listen. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { port, database, health, log } = options;
  const origin = localOrigin(port);
  const sessions = new Sessions(database, () => void events.recheck());
  const identities = new Identities(database, options.token, sessions, new Tokens(database));
  const party = { id: 'localhost', origin: origin.text };
  const service = new BotService(database);
  const onFault = (where: string, error: unknown): void => log(`${where}: ${describeFault(error)}`);
  const events = new EventStream(outboxEvents(database, service), (error) => onFault('events', error));
  const markets = new MarketBook({
    ...options.market,
    onPrice: (symbol, price, atMs) => events.price(symbol, price, atMs),
    onLine: (isOpen) => events.health(options.vaultAttached(), isOpen),
  });
  const dataSets = new DataSets(options.recordings, markets);
  const jobs = new JobStore(database);
  const runner = new JobRunner(jobs, (error) => onFault('jobs', error));
  const gate = new Gate(options.gateSession);
  const accounts = new Accounts(database, party, new Brakes(database), new OwnerKeys(gate));
  const key = await deliveryKey(database);
  const allowed = new Set(options.webhookAddresses);
  const deliveries = new Deliveries(database, { key, keyId: DELIVERY_KEY_ID, allowed });
  const notices = new Notices(database, service);
  const metrics = new Metrics();
  const trading = { ...options, service, markets, gate };
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
      ...marketHandlers(markets, dataSets),
      ...jobHandlers({ dataSets, jobs, runner }),
      ...connectionHandlers(trading),
      ...securityHandlers({
        ...trading,
        onFreezes: (owner, freezes) =>
          tellWatchers(database, owner, { type: 'freezes', freezes: [...freezes] }),
      }),
      ...vaultPasskeyHandlers(trading),
      ...moneyHandlers(trading),
      ...notificationHandlers({ database, deliveries, key }),
    },
    further: (on, identify) => {
      metricsRoute(on, identify, metrics, () => ({
        event_clients: events.clients,
        vault_attached: options.vaultAttached() ? 1 : 0,
      }));
      healthRoutes(on, health);
      apiPageRoutes(on);
      events.route(on, identify);
      paperOrderRoutes(on, identify, options.paperOrders);
      staticRoutes(on, options.pages);
    },
    onFault,
  });
  const forgetting = setInterval(() => {
    forgetOldKeys(database).catch((error: unknown) => onFault('idempotency keys', error));
  }, FORGET_MS);
  const stopNotices = repeat(
    NOTICE_MS,
    () => notices.round(),
    (error) => onFault('notices', error),
  );
  const stopDeliveries = repeat(
    NOTICE_MS,
    () => deliveries.round((error) => onFault('delivery', error)),
    (error) => onFault('deliveries', error),
  );
  server.addHook('preClose', async () => events.close());
  server.addHook('onClose', async () => {
    clearInterval(forgetting);
    await Promise.all([stopNotices(), stopDeliveries(), runner.close()]);
    markets.close();
  });
  return server;
}

/** Runs `act` again and again with a pause between; the answer stops it and waits for the last. */
function repeat(
  pauseMs: number,
  act: () => Promise<void>,
  onFault: (error: unknown) => void,
): () => Promise<void> {
  const stop = new AbortController();
  const running = (async () => {
    while (!stop.signal.aborted) {
      await act().catch(onFault);
      await pause(pauseMs, undefined, { signal: stop.signal }).catch(() => {});
    }
  })();
  return () => {
    stop.abort();
    return running;
  };
}

/** One line, without what a request said: a log that anybody can write into proves nothing. */
function describeFault(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text.replace(/[^ -~]+/g, ' ').slice(0, 2_000);
}
