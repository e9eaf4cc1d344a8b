/**
 * The journal as a program. Its one argument is JSON: `{folder, origin, socketPath, identityFile}`, and where there are
 * witnesses `witnessesFile`: a tlog-policy without its log line. It says its log key on standard output, reads `{"gatePin": …}` as the first line of standard input, and serves that gate alone,
 * through the switch. When standard input ends it stops.
 */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { createInterface } from 'node:readline';
import { encodeCbor, toCbor } from '@counterfoil/vocabulary';
import { attachment } from '@counterfoil/vocabulary/protocol';
import { type Identity, identityOf, secureServer, writeFrame } from '@counterfoil/wire';
import { LogError } from '../library/error.ts';
import { type Policy, parsePolicy } from '../library/policy.ts';
import { type VerifierKey, formatVerifierKey } from '../library/verifier-key.ts';
import { sha256Into } from '../node.ts';
import { Publisher } from '../published/publisher.ts';
import { readWitnessed } from '../witness/witness-client.ts';
import { nodeDisk } from './disk.ts';
import { JournalError } from './error.ts';
import { Journal } from './journal.ts';
import type { KnownElsewhere } from './options.ts';
import { serveJournal } from './serve.ts';

interface Settings {
  readonly folder: string;
  readonly origin: string;
  readonly socketPath: string;
  readonly identityFile: string;
  readonly witnessesFile?: string;
}

/** Pause before the switch is tried again: it is a local process that is being restarted. */
const RETRY_MS = 100;
/** How often readers of the public files get a newer checkpoint. */
const PUBLISH_MS = 1_000;
/** With witnesses it is the rate that they are asked at; the public network agrees on such rates with each log. */
const COSIGN_MS = 10_000;

function say(status: Readonly<Record<string, string>>): void {
  process.stdout.write(`${JSON.stringify(status)}\n`);
}

/** A folder whose creation was cut off counts as none; one that held a log before refuses both. */
async function openOrCreate(settings: Settings): Promise<Journal> {
  const { folder, origin } = settings;
  try {
    return await Journal.open(folder, { known: (key) => knownToWitnesses(policyOf(settings, key), key) });
  } catch (error) {
    if (!(error instanceof JournalError) || error.code !== 'no-journal') throw error;
    return Journal.create(folder, { origin, clock: Date.now });
  }
}

function policyOf({ witnessesFile }: Settings, key: VerifierKey): Policy {
  const witnesses = witnessesFile === undefined ? 'quorum none\n' : readFileSync(witnessesFile, 'utf8');
  return parsePolicy(sha256Into, `log ${formatVerifierKey(key)}\n${witnesses}`);
}

/** A witness that cannot be reached says nothing now; it is asked again with every publication. */
async function knownToWitnesses(policy: Policy, key: VerifierKey): Promise<KnownElsewhere[]> {
  const answers = policy.witnesses.map(async (witness): Promise<KnownElsewhere[]> => {
    if (witness.url === undefined) return [];
    try {
      const tree = await readWitnessed(witness, key);
      return tree === undefined ? [] : [{ ...tree, source: `witness ${witness.name}` }];
    } catch (error) {
      say({ status: 'witness-silent', witness: witness.name, reason: String(error) });
      return [];
    }
  });
  return (await Promise.all(answers)).flat();
}

/** Waits at the switch until the gate calls, serves it, and waits again. */
async function attend(
  journal: Journal,
  settings: Settings,
  publisher: Publisher,
  identity: Identity,
  gatePins: ReadonlySet<string>,
): Promise<never> {
  for (;;) {
    const socket = await attached(settings.socketPath);
    if (socket === null) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      continue;
    }
    // The next call is waited for at once: a restarted gate must not find its journal busy with the old one.
    await new Promise<void>((called) => {
      socket.once('readable', called);
      socket.once('close', () => called());
    });
    void secureServer(socket, identity, gatePins).then(
      (secured) => serveJournal(secured, journal, (size, signal) => publisher.witnessed(size, signal)),
      () => socket.destroy(),
    );
  }
}

function attached(socketPath: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.on('error', () => resolve(null));
    socket.once('connect', () => {
      writeFrame(socket, encodeCbor(toCbor(attachment, 'journal')));
      resolve(socket);
    });
  });
}

/** The files that anybody may read, kept up to date; asks the witnesses where there are some. */
function publishRegularly(journal: Journal, policy: Policy): Publisher {
  const publisher = new Publisher(journal, nodeDisk, policy, Date.now);
  setInterval(
    () => {
      if (!publisher.due) return;
      // Published files are derived; appends tell of a broken disk by themselves.
      publisher.publish().catch(() => undefined);
    },
    policy.witnesses.length > 0 ? COSIGN_MS : PUBLISH_MS,
  );
  return publisher;
}

async function main(): Promise<void> {
  const settings = JSON.parse(process.argv[2] ?? '') as Settings;
  const journal = await openOrCreate(settings).catch((error: unknown) => {
    if (!(error instanceof JournalError || error instanceof LogError)) throw error;
    say({ status: 'refused', code: error.code, sentence: error.message });
    process.exit(1);
  });
  const policy = policyOf(settings, journal.key);
  say({ status: 'opened', logKey: formatVerifierKey(journal.key) });
  const stop = (): void => void journal.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const input = createInterface({ input: process.stdin });
  input.once('close', stop);
  input.once('line', (line) => {
    const { gatePin } = JSON.parse(line) as { readonly gatePin: string };
    const identity = identityOf(createPrivateKey(readFileSync(settings.identityFile)));
    const publisher = publishRegularly(journal, policy);
    void attend(journal, settings, publisher, identity, new Set([gatePin]));
  });
}

await main();
