/** The log's Ed25519 key, made at genesis and kept as 32 raw bytes beside the log. It can only sign checkpoints. */
import { type KeyObject, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import { join } from 'node:path';
import { type VerifierKey, makeVerifierKey } from '../library/verifier-key.ts';
import { utf8 } from '../library/primitives.ts';
import { sha256Into } from '../node.ts';
import type { Disk } from './disk.ts';
import { JournalError } from './error.ts';

const FILE = 'log.key';
const SEED_BYTES = 32;
/** PKCS #8 up to the seed (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface NoteSigner {
  readonly key: VerifierKey;
  /** The signature over a note's text. */
  sign(text: string): Uint8Array;
}

/** An Ed25519 signer from its 32-byte seed, which is wiped. */
export function noteSigner(name: string, seed: Uint8Array): NoteSigner {
  const der = Buffer.concat([PKCS8_ED25519, seed]);
  const secret: KeyObject = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  seed.fill(0);
  const publicKey = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  const key = makeVerifierKey(sha256Into, name, 'ed25519', new Uint8Array(publicKey));
  return { key, sign: (text) => new Uint8Array(sign(null, utf8(text), secret)) };
}

/** Makes the key durable before anything is signed with it. */
export async function makeLogKey(disk: Disk, folder: string, origin: string): Promise<NoteSigner> {
  const seed = randomBytes(SEED_BYTES);
  const file = disk.open(join(folder, FILE));
  file.write(seed, 0);
  await file.sync();
  file.close();
  disk.syncFolder(folder);
  return noteSigner(origin, seed);
}

export function readLogKey(disk: Disk, folder: string, origin: string): NoteSigner {
  const seed = disk.read(join(folder, FILE));
  if (seed?.length !== SEED_BYTES) {
    throw new JournalError(
      'key-differs',
      `${join(folder, FILE)} is missing or damaged; restore it from a copy`,
    );
  }
  return noteSigner(origin, seed);
}
