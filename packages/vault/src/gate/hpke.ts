/**
 * HPKE in base mode (RFC 9180): DHKEM with X25519 or P-256, HKDF-SHA256, AES-256-GCM, one message per key. Opens what
 * browsers and the command line seal to the vault, and seals view keys to their users.
 */
import { type KeyObject, createHmac, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { type SealSuite, sealSuites } from '@counterfoil/vocabulary';
import { gcmOpen, gcmSeal } from './aes-gcm.ts';

const HKDF_SHA256 = 1;
const AES_256_GCM = 2;
/** What stands before a raw public key in its SPKI form. */
const spkiHead: Readonly<Record<SealSuite, string>> = {
  x25519: '302a300506032b656e032100',
  p256: '3059301306072a8648ce3d020106082a8648ce3d030107034200',
};

/** Throws where `raw` is no point of the curve. */
function importPublic(suite: SealSuite, raw: Uint8Array): KeyObject {
  const key = Buffer.concat([Buffer.from(spkiHead[suite], 'hex'), raw]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

/** The raw form of a key pair's public half. */
export function rawPublic(suite: SealSuite, key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(-sealSuites[suite].publicKeyBytes);
}

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);

class Labelled {
  readonly #suite: Buffer;

  constructor(...suite: readonly Uint8Array[]) {
    this.#suite = Buffer.concat(suite);
  }

  extract(salt: Uint8Array, label: string, material: Uint8Array): Buffer {
    return createHmac('sha256', salt)
      .update('HPKE-v1')
      .update(this.#suite)
      .update(label)
      .update(material)
      .digest();
  }

  /** One block of HKDF-Expand: nothing here is longer than a hash. */
  expand(key: Uint8Array, label: string, info: Uint8Array, length: number): Buffer {
    const mac = createHmac('sha256', key).update(u16(length)).update('HPKE-v1').update(this.#suite);
    return mac
      .update(label)
      .update(info)
      .update(Buffer.from([1]))
      .digest()
      .subarray(0, length);
  }
}

const NONE = Buffer.alloc(0);

/** DHKEM's shared secret, from either side. Throws for points of low order. */
export function sharedSecret(
  suite: SealSuite,
  pair: { privateKey: KeyObject; publicKey: KeyObject },
  context: Uint8Array,
): Buffer {
  const labelled = new Labelled(Buffer.from('KEM'), u16(sealSuites[suite].kem));
  const agreed = diffieHellman(pair);
  const extracted = labelled.extract(NONE, 'eae_prk', agreed);
  agreed.fill(0);
  const shared = labelled.expand(extracted, 'shared_secret', context, 32);
  extracted.fill(0);
  return shared;
}

/** Key and nonce of the one message. Wipes the shared secret. */
function schedule(
  suite: SealSuite,
  shared: Buffer,
  info: Uint8Array,
): { readonly key: Buffer; readonly nonce: Buffer } {
  const { kem } = sealSuites[suite];
  const labelled = new Labelled(Buffer.from('HPKE'), u16(kem), u16(HKDF_SHA256), u16(AES_256_GCM));
  const context = Buffer.concat([
    Buffer.from([0]),
    labelled.extract(NONE, 'psk_id_hash', NONE),
    labelled.extract(NONE, 'info_hash', info),
  ]);
  const secret = labelled.extract(shared, 'secret', NONE);
  shared.fill(0);
  const key = labelled.expand(secret, 'key', context, 32);
  const nonce = labelled.expand(secret, 'base_nonce', context, 12);
  secret.fill(0);
  return { key, nonce };
}

interface Sealed {
  readonly suite: SealSuite;
  readonly encapsulated: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** The plain text in a buffer that the caller fills with zeros. Throws where anything at all differs. */
export function hpkeOpen(
  privateKey: KeyObject,
  { suite, encapsulated, ciphertext }: Sealed,
  info: Uint8Array,
  aad: Uint8Array,
): Buffer {
  const publicKey = importPublic(suite, encapsulated);
  const context = Buffer.concat([encapsulated, rawPublic(suite, privateKey)]);
  const { key, nonce } = schedule(suite, sharedSecret(suite, { privateKey, publicKey }, context), info);
  try {
    return gcmOpen(key, nonce, aad, ciphertext);
  } finally {
    key.fill(0);
  }
}

/** Encapsulated key and ciphertext for a raw X25519 public key. Throws where the key is none. */
export function hpkeSeal(
  recipient: Uint8Array,
  plain: Uint8Array,
  info: Uint8Array,
  aad: Uint8Array,
): Buffer {
  const publicKey = importPublic('x25519', recipient);
  const ephemeral = generateKeyPairSync('x25519');
  const encapsulated = rawPublic('x25519', ephemeral.publicKey);
  const context = Buffer.concat([encapsulated, recipient]);
  const pair = { privateKey: ephemeral.privateKey, publicKey };
  const { key, nonce } = schedule('x25519', sharedSecret('x25519', pair, context), info);
  const sealed = gcmSeal(key, nonce, aad, plain);
  key.fill(0);
  return Buffer.concat([encapsulated, sealed]);
}
