/**
 * A worker on another machine than the vault's, as a program: `CREDENTIALS-FILE` is its one argument, the database's
 * address is in `DATABASE_URL`. It takes its part of the bots like every worker, and gives them back when it is stopped
 * or has no line to the vault.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { PublicRest } from '@counterfoil/venues';
import { WireError, secureClient } from '@counterfoil/wire';
import { openDatabase } from '../database/open.ts';
import { Runner } from '../runner/runner.ts';
import { StartError } from '../start-error.ts';
import { checkDatabase } from './check-database.ts';
import { type RemoteWorker, parseCredentials } from './credentials.ts';
import { isOther, openLine } from './door-line.ts';
import { serveMarket } from './market-line.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(path: string): Promise<void> {
  const worker = parseCredentials(readCredentials(path), path);
  const databaseUrl = process.env['DATABASE_URL'] ?? '';
  await checkDatabase(databaseUrl, worker.installation);
  await tryVault(worker);
  const database = await openDatabase({ url: databaseUrl }, say);
  const market = await serveMarket(worker);
  const name = `${worker.name}-${randomBytes(4).toString('hex')}`;
  let trouble = '';
  const reach = async (): Promise<Duplex> => {
    try {
      await checkDatabase(databaseUrl, worker.installation);
      return await openLine(worker, 'worker');
    } catch (cause) {
      if (!(cause instanceof StartError)) throw cause;
      if (cause.code !== trouble)
        say(`no line to the vault (${cause.code}): the bots are left to other workers; trying again`);
      trouble = cause.code;
      throw new WireError('closed', 'the vault cannot be reached', { cause });
    }
  };
  const rest = new PublicRest({ venue: 'paper', url: market.url, ca: worker.authorityPem });
  const runner = new Runner({
    pool: database.pool,
    worker: name,
    reach,
    isDistant: true,
    identity: worker.identity,
    gatePin: worker.gatePin,
    rest,
    streamUrl: market.url.replace('https:', 'wss:'),
    ca: worker.authorityPem,
    log: (line) => {
      if (!line.includes('"attached"')) return say(line);
      trouble = '';
      say(`worker ${name} is attached to the vault at ${worker.door.host}:${worker.door.port}`);
    },
  });
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    say('stopping: orders under way get their answers, then the bots go to other workers');
    void runner
      .close()
      .then(() => database.close())
      .then(() => process.exit(0));
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
  // The command that started it is gone, however it ended.
  process.once('disconnect', stop);
}

function readCredentials(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new StartError(
      'worker-credentials',
      `The credentials file ${path} cannot be read (${code}). Nothing was started and no order was sent.`,
      { cause },
    );
  }
}

/** A vault that starts again while it is asked is there soon. */
const TRIES = 10;
const TRY_PAUSE_MS = 1_000;

/** One handshake with the gate itself, so that what is set up wrongly is told before anything runs. */
async function tryVault(worker: RemoteWorker): Promise<void> {
  for (let tried = 1; ; tried++) {
    const line = await openLine(worker, 'worker');
    try {
      return void (await secureClient(line, worker.identity, new Set([worker.gatePin])));
    } catch (cause) {
      if (isOther(cause)) throw otherVault(cause);
      if (tried === TRIES) throw vaultAway(cause);
    } finally {
      line.destroy();
    }
    await new Promise((resolve) => setTimeout(resolve, TRY_PAUSE_MS));
  }
}

function otherVault(cause: unknown): StartError {
  return new StartError(
    'worker-vault-other',
    [
      'Behind the door is another vault than the one that this worker was made for. Nothing was started and no order was',
      'sent. Make a new credentials file with `npx counterfoil workers add` there.',
    ],
    { cause },
  );
}

function vaultAway(cause: unknown): StartError {
  return new StartError(
    'worker-door-away',
    [
      'The door let this worker in, and the vault behind it closed the line for ten seconds. Nothing was started and no',
      'order was sent. Look at the machine where the vault runs.',
    ],
    { cause },
  );
}

try {
  await main(process.argv[2] ?? '');
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`counterfoil worker: ${error.code}: ${error.sentence}\n`);
  process.exit(1);
}
