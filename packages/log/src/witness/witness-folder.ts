/** A witness's folder: its secret, the keys of its logs, and what it cosigned last for each. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type VerifierKey, formatVerifierKey, parseVerifierKey } from '../library/verifier-key.ts';
import { sha256Into } from '../node.ts';
import { type Cosigner, SEED_BYTES, cosigner } from '../signer.ts';
import { type FolderLock, lockFolder } from '@counterfoil/wire/folder-lock';
import { WitnessError } from './error.ts';
import { Witness } from './witness.ts';
import { WitnessStore, replaceDurably } from './witness-store.ts';

const SECRET_FILE = 'witness.key';
const NAME_FILE = 'witness.name';
const LOGS_FILE = 'logs.txt';

/** Makes a witness with the key name `name`, such as `witness.example.org/w1`. */
export function createWitness(folder: string, name: string): VerifierKey {
  if (existsSync(join(folder, SECRET_FILE)))
    throw new WitnessError('witness-exists', `${folder} holds a witness already`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  replaceDurably(join(folder, SECRET_FILE), randomBytes(SEED_BYTES), 0o600);
  replaceDurably(join(folder, NAME_FILE), Buffer.from(`${name}\n`));
  replaceDurably(join(folder, LOGS_FILE), new Uint8Array(0));
  return readCosigner(folder).key;
}

/** Begins to witness the log with `key`, from its empty tree. */
export function addWitnessedLog(folder: string, key: VerifierKey): void {
  new WitnessStore(folder).add(key.name);
  const logs = [...readLogs(folder), key];
  replaceDurably(
    join(folder, LOGS_FILE),
    Buffer.from(logs.map((log) => `${formatVerifierKey(log)}\n`).join('')),
  );
}

export interface OpenWitness {
  readonly witness: Witness;
  close(): void;
}

/** Opens the folder for one process. Throws `WitnessError`. */
export function openWitness(folder: string, clock: () => number): OpenWitness {
  const signer = readCosigner(folder);
  let lock: FolderLock;
  try {
    lock = lockFolder(folder);
  } catch (cause) {
    throw new WitnessError('already-running', `another process serves the witness in ${folder}`, { cause });
  }
  try {
    const store = new WitnessStore(folder);
    const witness = new Witness({ store, cosigner: signer, logs: readLogs(folder), clock });
    return { witness, close: () => lock.release() };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function readCosigner(folder: string): Cosigner {
  try {
    const name = readFileSync(join(folder, NAME_FILE), 'utf8').trim();
    return cosigner(name, 'cosignatureEd25519', readFileSync(join(folder, SECRET_FILE)));
  } catch (cause) {
    throw new WitnessError('no-witness', `${folder} holds no witness; make one first`, { cause });
  }
}

function readLogs(folder: string): VerifierKey[] {
  const lines = readFileSync(join(folder, LOGS_FILE), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => parseVerifierKey(sha256Into, line));
}
