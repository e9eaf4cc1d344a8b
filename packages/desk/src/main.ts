/** `npm start`: prepares the data folder, starts the desk, prints one link, and stops everything on Ctrl-C. */
import { appendFileSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StartError } from '@counterfoil/server';
import { type IsolationLevel, isolationLevels } from '@counterfoil/vocabulary/gate-flags';
import { type HostPort, parseHostPort } from '@counterfoil/wire';
import { readHidden } from '@counterfoil/wire/read-hidden';
import { vaultFiles } from './built-vault.ts';
import { webFolder } from './built-web.ts';
import { openDataFolder } from './data-folder.ts';
import { Desk } from './desk.ts';
import { holdFolder } from './only-desk.ts';
import { refuseTakenPort } from './port.ts';
import type { Recording } from './recording.ts';
import { type StoreKey, type StoreKeyKind, isStoreKeyKind, openStoreKey } from './store-key.ts';

/** They need no key, and all the world reads them. */
const STREAMS = 'wss://stream.binance.com:9443';

const HELP = `Starts Counterfoil on this machine and keeps it running until Ctrl-C.

  npm start -- [--port N] [--home FOLDER] [--workers N] [--worker-door HOST:PORT] [--isolation LEVEL]
               [--data FILE … [--symbol SYMBOL] [--speed N] | --live URL | --offline]

  --port N        port on 127.0.0.1 (default 7331; passkeys belong to this origin)
  --home FOLDER   data folder (default: COUNTERFOIL_HOME, else ./data)
  --workers N     processes that share the bots (default 1)
  --worker-door A let workers on other machines in at this address of this one, such as 192.0.2.7:7332; they share the
                  database that DATABASE_URL names (npx counterfoil workers --help)
  --isolation L   refuse to start where the vault reaches less: L1, L2 or L3 (default L1; the start prints what it
                  reached, SECURITY.md says what each means)
  --live URL      public streams in Binance Spot's form, whose prices a new data folder's paper markets follow
                  (default ${STREAMS}); where they cannot be reached the markets are synthetic
  --offline       connect to nobody: the markets of a new data folder are synthetic
  --data FILE     play a recording instead, once: one-minute candles, or public frames; again for the next file
  --symbol NAME   the recording's market (default BTCUSDT)
  --speed N       times as fast as it was recorded (default 1)
  --store-key K   what opens the vault's store, chosen at the first start: file (default), passphrase, or
                  credential (systemd)
  --help          this text

  DATABASE_URL    a PostgreSQL server to use instead of the built-in one
  COUNTERFOIL_WEBHOOK_ADDRESSES
                  addresses inside this network that webhooks may reach, with commas between
`;

const DEFAULT_PORT = 7331;

/** What a level says to somebody at a terminal. */
const LEVELS: Readonly<Record<IsolationLevel, string>> = {
  L1: 'the vault is a process of its own; this user’s other programs could read its memory',
  L2: 'the vault sealed itself: no sockets, no files, and this user’s other programs cannot read its memory',
  L3: 'the vault sealed itself, under another user and in namespaces of its own',
};

/** One Ctrl-C is heard up to three times: from the terminal, from npm and from the start program. */
const SAME_PRESS_MS = 1_000;

const ENDED_AT_ONCE =
  'Everything was ended at once. Orders that rest at the exchange stay there. An order that was under way is unknown ' +
  'until the next start, which looks it up and never sends it twice. Start again with npm start.';

/** More would only wait for the two or four cores of a small machine; the vault admits 64 peers. */
const WORKERS_MAX = 32;

interface Arguments {
  readonly port: number;
  readonly home: string;
  readonly workers: number;
  readonly workerDoor: HostPort | undefined;
  readonly isolation: IsolationLevel;
  readonly recording: Recording | null;
  readonly live: string | undefined;
  readonly storeKey: StoreKeyKind | undefined;
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      home: { type: 'string' },
      workers: { type: 'string', default: '1' },
      'worker-door': { type: 'string' },
      isolation: { type: 'string', default: 'L1' },
      data: { type: 'string', multiple: true },
      symbol: { type: 'string', default: 'BTCUSDT' },
      speed: { type: 'string', default: '1' },
      live: { type: 'string', default: STREAMS },
      offline: { type: 'boolean', default: false },
      'store-key': { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    process.exit(0);
  }
  const port = Number(values.port ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`--port takes a number from 1 to 65535`);
  const workers = Number(values.workers);
  if (!Number.isInteger(workers) || workers < 1 || workers > WORKERS_MAX)
    throw new Error(`--workers takes a number from 1 to ${WORKERS_MAX}`);
  const asked = values['worker-door'];
  const workerDoor = asked === undefined ? undefined : parseHostPort(asked);
  if (workerDoor === null) throw new Error('--worker-door takes an address such as 192.0.2.7:7332');
  const storeKey = values['store-key'];
  if (storeKey !== undefined && !isStoreKeyKind(storeKey))
    throw new Error('--store-key takes file, passphrase or credential');
  const isolation = isolationLevels.find((level) => level === values.isolation);
  if (isolation === undefined) throw new Error(`--isolation takes one of ${isolationLevels.join(', ')}`);
  const speed = Number(values.speed);
  if (!(speed > 0)) throw new Error('--speed takes a number above zero');
  for (const file of values.data ?? [])
    if (!existsSync(file)) throw new Error(`the recording ${file} is not there; nothing was started`);
  if (!/^wss:\/\/[^/]/.test(values.live) || !URL.canParse(values.live))
    throw new Error('--live takes an address such as wss://stream.binance.com:9443');
  const files = values.data?.map((file) => resolve(file));
  const home = values.home ?? process.env['COUNTERFOIL_HOME'] ?? join(import.meta.dirname, '../../../data');
  return {
    port,
    home,
    workers,
    workerDoor,
    storeKey,
    isolation,
    live: values.offline || files !== undefined ? undefined : values.live,
    recording: files === undefined ? null : { files, symbol: values.symbol, speed },
  };
}

async function main(): Promise<void> {
  const { port, home, workers, workerDoor, isolation, recording, live, storeKey: asked } = readArguments();
  const databaseUrl = process.env['DATABASE_URL'];
  await refuseTakenPort({ host: '127.0.0.1', port }, '--port N');
  if (workerDoor !== undefined) {
    if (databaseUrl === undefined) throw doorWithoutDatabase();
    await refuseTakenPort(workerDoor, '--worker-door HOST:PORT');
  }
  const folder = openDataFolder(home);
  const lock = await holdFolder(folder.run, folder.root);
  const storeKey = await openStoreKey({
    folder: folder.vault,
    asked,
    credentials: process.env['CREDENTIALS_DIRECTORY'],
    askPassphrase: () => readHidden(process.stdin, 'Passphrase of the vault (not shown): '),
  });
  const [files, pages] = await Promise.all([vaultFiles(), webFolder()]);
  const log = (line: string): void => appendFileSync(join(folder.root, 'counterfoil.log'), `${line}\n`);
  const onRecordingEnded = (sentence: string): void =>
    console.log(`\n  ${sentence} No price is repeated: the bots wait.\n`);
  const desk = new Desk({
    folder,
    port,
    databaseUrl,
    storeKey,
    webhookAddresses: (process.env['COUNTERFOIL_WEBHOOK_ADDRESSES'] ?? '').split(',').filter(Boolean),
    workers,
    workerDoor,
    isolation,
    recording,
    live,
    presets: true,
    onRecordingEnded,
    onLiveChanged: (sentence) => console.log(`\n  ${sentence}\n`),
    ...files,
    pages,
    log,
  });

  let stopping: Promise<void> | null = null;
  let askedAtMs: number | null = null;
  const stop = (): Promise<void> => (stopping ??= desk.stop().finally(() => lock.close()));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (askedAtMs === null) {
        askedAtMs = performance.now();
        console.log('\nStopping … (Ctrl-C again ends everything at once)');
        void stop().then(() => process.exit(0));
      } else if (signal === 'SIGINT' && performance.now() - askedAtMs > SAME_PRESS_MS) {
        desk.kill();
        console.error(ENDED_AT_ONCE);
        process.exit(1);
      }
    });
  }
  try {
    await Promise.race([desk.start(), desk.failed]);
    console.log(welcome(desk, port, folder.root, storeKey));
    await desk.failed;
  } catch (error) {
    if (stopping !== null) return;
    await stop();
    throw error;
  }
}

/** The embedded database has no port, and whoever shares bots shares their ledger. */
function doorWithoutDatabase(): StartError {
  return new StartError('worker-door-needs-database', [
    'A door for workers on other machines needs a database that they reach too, and the built-in one serves this machine',
    'alone. Nothing was started and no order was sent. Set DATABASE_URL to a PostgreSQL server, or leave --worker-door',
    'out.',
  ]);
}

function welcome(desk: Desk, port: number, root: string, { warning }: StoreKey): string {
  const programs = [...desk.running().keys()].join(', ');
  const database = desk.database;
  return [
    '',
    `  Counterfoil is ready:  http://localhost:${port}/`,
    '',
    `  PAPER ONLY: simulated money on the built-in exchange.`,
    `  Prices are ${desk.prices}.`,
    ...(warning === null ? [] : [`  ${warning}`]),
    `  running    ${programs}, PostgreSQL ${database?.version} (${database?.kind})`,
    `  isolation  ${desk.isolation}: ${desk.isolation === null ? '' : LEVELS[desk.isolation]}`,
    `  vault      ${desk.vaultHash}`,
    `  data       ${root}`,
    '',
    '  Place an order:  npx counterfoil order buy 0.001 BTCUSDT',
    '  Stop:            Ctrl-C',
    '',
  ].join('\n');
}

try {
  await main();
} catch (error) {
  const sentence =
    error instanceof StartError ? error.sentence : error instanceof Error ? error.message : String(error);
  console.error(`counterfoil: ${sentence}`);
  process.exit(1);
}
