/**
 * The server as a program: HTTP, ledger and worker. Settings come as one line of JSON on standard input, because the
 * database's address may hold a password; standard input stays open as the line to the desk.
 */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { identityOf } from '@counterfoil/wire';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { type Database, openDatabase } from './database/open.ts';
import { HttpProblem } from './http/problem.ts';
import { createHttp } from './http/start.ts';
import { atSwitch } from './worker/at-switch.ts';
import { DEMO_OWNER, findDemo, prepareDemo } from './worker/demo-connection.ts';
import { readIntent } from './worker/intents.ts';
import { Worker } from './worker/worker.ts';

interface Settings {
  readonly databaseUrl: string;
  readonly port: number;
  /** Folder of the built dashboard. */
  readonly pages: string;
  /** Folder of recorded candles to test on. */
  readonly recordings: string;
  readonly token: string;
  readonly socketPath: string;
  readonly identityFile: string;
  readonly gatePin: string;
  readonly paperAdminUrl: string;
  readonly connectionFile: string;
  readonly policyFile: string;
  readonly webhookAddresses: readonly string[];
  /** `https://host:port` of the venue's public data, and its authority. */
  readonly venueUrl: string;
  readonly authorityFile: string;
}

/** Orders that a person places by hand are a bot of their own: one sequence, one fence. */
const MANUAL = 'manual';

const log = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const settings = await readSettings();
  const database = await openDatabase({ url: settings.databaseUrl }, log);
  // Known before the vault is there, because orders may come before it.
  let connection = (await findDemo(database.kysely))?.id;
  const worker = new Worker({
    database: database.kysely,
    reach: atSwitch(settings.socketPath),
    isDistant: false,
    identity: identityOf(createPrivateKey(readFileSync(settings.identityFile))),
    gatePin: settings.gatePin,
    log,
    prepare: async (session) => {
      connection = await prepareDemo({ database: database.kysely, ...settings }, session);
      log(JSON.stringify({ status: 'attached' }));
    },
  });
  const http = await createHttp({
    port: settings.port,
    pages: settings.pages,
    recordings: settings.recordings,
    database: database.kysely,
    token: settings.token,
    health: async () => ({
      database: (await answers(database)) ? 'ok' : 'silent',
      vault: worker.attached ? 'ok' : 'absent',
    }),
    vaultAttached: () => worker.attached,
    gateSession: (msMax) => worker.session(msMax),
    paperAdminUrl: settings.paperAdminUrl,
    webhookAddresses: settings.webhookAddresses,
    market: { venueUrl: settings.venueUrl, ca: readFileSync(settings.authorityFile, 'utf8') },
    connectionFile: settings.connectionFile,
    policyFile: settings.policyFile,
    paperOrders: {
      place: async (order) => {
        if (connection !== undefined) return worker.place(DEMO_OWNER, connection, MANUAL, order);
        throw new HttpProblem('vault-away', 'The vault was never here yet; nothing was sent. Try again.');
      },
      find: (seq) => readIntent(database.kysely, { owner: DEMO_OWNER, bot: MANUAL, seq }),
    },
    log,
  });
  try {
    await http.listen({ port: settings.port, host: '127.0.0.1' });
  } catch (error) {
    const sentence = `The server cannot listen on port ${settings.port}: ${String(error)}.`;
    log(JSON.stringify({ status: 'refused', sentence }));
    process.exit(1);
  }
  log(JSON.stringify({ status: 'listening', port: settings.port }));
  let stopping = false;
  process.on('SIGTERM', () => {
    if (stopping) return;
    stopping = true;
    void answerAndClose(http)
      .then(() => worker.close())
      .then(() => database.close())
      .then(() => process.exit(0));
  });
}

/** As long as the gate waits for a venue: an order that was asked for gets its answer. */
const ANSWER_MS_MAX = 10_000;
const IDLE_MS = 50;

/** Whoever asked something is answered; lines on which nobody asks anything are cut at once. */
async function answerAndClose(http: FastifyInstance): Promise<void> {
  const idle = setInterval(() => http.server.closeIdleConnections(), IDLE_MS);
  const late = setTimeout(() => http.server.closeAllConnections(), ANSWER_MS_MAX);
  await http.close();
  clearInterval(idle);
  clearTimeout(late);
}

/** Longer than a healthy database takes for nothing, shorter than a person waits for a page. */
const DATABASE_MS_MAX = 2_000;

/** Whether the database answers a question that touches no table. */
async function answers({ kysely }: Database): Promise<boolean> {
  const asked = sql`select 1`.execute(kysely).then(
    () => true,
    () => false,
  );
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), DATABASE_MS_MAX).unref());
  return Promise.race([asked, late]);
}

/** The first line; what follows it, or its end, means stop. */
function readSettings(): Promise<Settings> {
  return new Promise((resolve) => {
    const input = createInterface({ input: process.stdin });
    input.once('line', (line) => resolve(JSON.parse(line) as Settings));
    input.once('close', () => process.kill(process.pid, 'SIGTERM'));
  });
}

await main();
