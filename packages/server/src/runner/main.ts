/**
 * A worker as a program: the bots of the shards that it may have. Settings come as one line of JSON on standard input,
 * because the database's address may hold a password; standard input stays open as the line to whoever started it.
 */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { PublicRest } from '@counterfoil/venues';
import { identityOf } from '@counterfoil/wire';
import { openDatabase } from '../database/open.ts';
import { atSwitch } from '../worker/at-switch.ts';
import { Runner } from './runner.ts';

interface Settings {
  readonly databaseUrl: string;
  /** Unique among the workers of this database, on whatever machine they run. */
  readonly worker: string;
  readonly socketPath: string;
  readonly identityFile: string;
  readonly gatePin: string;
  /** `https://host:port` of the venue's public data, and its authority where it has one of its own. */
  readonly venueUrl: string;
  readonly authorityFile: string;
}

const log = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const settings = await readSettings();
  const database = await openDatabase({ url: settings.databaseUrl }, log);
  const ca = readFileSync(settings.authorityFile, 'utf8');
  const rest = new PublicRest({ venue: 'paper', url: settings.venueUrl, ca });
  const runner = new Runner({
    pool: database.pool,
    worker: settings.worker,
    reach: atSwitch(settings.socketPath),
    isDistant: false,
    identity: identityOf(createPrivateKey(readFileSync(settings.identityFile))),
    gatePin: settings.gatePin,
    rest,
    streamUrl: settings.venueUrl.replace('https:', 'wss:'),
    ca,
    log,
  });
  let stopping = false;
  process.on('SIGTERM', () => {
    if (stopping) return;
    stopping = true;
    void runner
      .close()
      .then(() => database.close())
      .then(() => process.exit(0));
  });
}

/** The first line; its end means stop. */
function readSettings(): Promise<Settings> {
  return new Promise((resolve) => {
    const input = createInterface({ input: process.stdin });
    input.once('line', (line) => resolve(JSON.parse(line) as Settings));
    input.once('close', () => process.kill(process.pid, 'SIGTERM'));
  });
}

await main();
