import { mkdirSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:net';
import { lockFolder } from '@counterfoil/wire/folder-lock';
import { createAdminServer } from './admin/admin-server.ts';
import type { MarketSpec } from './core/market.ts';
import { DEFAULT_MARKETS } from './default-market.ts';
import { Limiter, USUAL_LIMITS, type RequestLimits } from './limits.ts';
import { restHandler } from './rest/rest-server.ts';
import { openJournal } from './store/journal.ts';
import { loadCertificates } from './tls/certificates.ts';
import { Venue } from './venue.ts';
import { openDoors } from './websocket/doors.ts';

/** Both doors listen here only: simulated money on a public address would be taken for real. */
const LOOPBACK = '127.0.0.1';

export interface PaperExchangeOptions {
  /** Where accounts, orders, trades, the certificates and the journal live; created when it is missing. */
  readonly folder: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly adminPort: number;
  /** Seed of the background flow of markets opened on the first start. */
  readonly seed: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Milliseconds between two steps of each synthetic market; 0 for a still market that only users move. */
  readonly flowEveryMs: number;
  /** Markets of a fresh folder, asked for there alone; a folder that has markets keeps its own. */
  readonly markets?: () => Promise<readonly MarketSpec[]>;
  /** Request and order limits; those of the imitated exchange when left out. */
  readonly limits?: RequestLimits;
}

export interface PaperExchange extends AsyncDisposable {
  /** `https://localhost:port`; its certificate is signed by `authority`. */
  readonly url: string;
  readonly adminUrl: string;
  /** PEM of the certificate authority that clients must trust. */
  readonly authority: string;
  readonly venue: Venue;
  close(): Promise<void>;
}

/** Starts a paper exchange, or continues the one in the folder after a stop or a crash. */
export async function startPaperExchange(options: PaperExchangeOptions): Promise<PaperExchange> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(options.folder);
  const certificates = loadCertificates(options.folder, options.clock());
  const { state, journal } = await openJournal(options.folder);
  const venue = new Venue(state, journal, new Limiter(options.limits ?? USUAL_LIMITS), options.clock);
  if (state.markets.size === 0) {
    for (const spec of (await options.markets?.()) ?? DEFAULT_MARKETS)
      venue.run('open-market', { spec, seed: options.seed });
  }
  const rest = createServer({ key: certificates.key, cert: certificates.certificate }, restHandler(venue));
  const doors = openDoors(rest, venue);
  const admin = createAdminServer(venue, doors);
  await listen(rest, options.port);
  await listen(admin, options.adminPort);
  const stopFlow = runFlow(venue, options.flowEveryMs);

  const close = async (): Promise<void> => {
    stopFlow();
    doors.close();
    rest.closeAllConnections();
    admin.closeAllConnections();
    await Promise.all([closed(rest), closed(admin)]);
    await venue.close();
    lock.release();
  };
  return {
    url: `https://localhost:${portOf(rest)}`,
    adminUrl: `http://127.0.0.1:${portOf(admin)}`,
    authority: certificates.authority,
    venue,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Steps every synthetic market; a market opened later joins at the next step. */
function runFlow(venue: Venue, everyMs: number): () => void {
  if (everyMs === 0) return () => {};
  const timer = setInterval(() => {
    for (const symbol of venue.state.flows.keys()) venue.run('flow-step', { symbol });
  }, everyMs);
  return () => clearInterval(timer);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** A server that listens on a port has a port. */
function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
