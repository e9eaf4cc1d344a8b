/** Keys that sign notes: a log's own, and a witness's. */
import { type KeyObject, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { cosignatureBlob, cosignedMessage } from './library/cosignature.ts';
import type { NoteSignature } from './library/note.ts';
import { utf8 } from './library/primitives.ts';
import { type KeyType, type VerifierKey, makeVerifierKey } from './library/verifier-key.ts';
import { sha256Into } from './node.ts';

/** Bytes of the secret from which a key of any type is made. */
export const SEED_BYTES = 32;
/** PKCS #8 up to the seed (RFC 8410; RFC 9881 with the seed alone). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const PKCS8_ML_DSA_44 = Buffer.from('3034020100300b060960864801650304031104228020', 'hex');

export interface LogSigner {
  readonly key: VerifierKey;
  sign(text: string): NoteSignature;
}

export interface Cosigner {
  readonly key: VerifierKey;
  /** Signs a checkpoint's text; `time` in seconds since 1970. */
  cosign(text: string, time: number): NoteSignature;
}

/** The signer of a log. `seed` is wiped. */
export function logSigner(origin: string, seed: Uint8Array): LogSigner {
  const { key, secret } = keyOfSeed(origin, 'ed25519', seed);
  return {
    key,
    sign: (text) => ({ name: key.name, keyId: key.id, blob: new Uint8Array(sign(null, utf8(text), secret)) }),
  };
}

/** The signer of a witness. `seed` is wiped. */
export function cosigner(name: string, type: Exclude<KeyType, 'ed25519'>, seed: Uint8Array): Cosigner {
  const { key, secret } = keyOfSeed(name, type, seed);
  return {
    key,
    cosign: (text, time) => {
      const blob = cosignatureBlob(
        time,
        new Uint8Array(sign(null, cosignedMessage(key, text, time), secret)),
      );
      return { name: key.name, keyId: key.id, blob };
    },
  };
}

function keyOfSeed(name: string, type: KeyType, seed: Uint8Array): { key: VerifierKey; secret: KeyObject } {
  const der = Buffer.concat([type === 'cosignatureMlDsa44' ? PKCS8_ML_DSA_44 : PKCS8_ED25519, seed]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  seed.fill(0);
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  const publicKey = new Uint8Array(spki.subarray(type === 'cosignatureMlDsa44' ? -1312 : -32));
  return { key: makeVerifierKey(sha256Into, name, type, publicKey), secret };
}
