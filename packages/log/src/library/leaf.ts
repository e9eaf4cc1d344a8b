/**
 * The private leaf: 340 bytes, always, of which nobody without the view key can tell whose they are.
 *
 * `"VL" 01 00 ‖ tag(32) ‖ commitment(32) ‖ ciphertext(272)`, where the ciphertext is nonce(12) ‖ AES-256-GCM of 244
 * bytes ‖ tag(16).
 * The label `vaultlog/v1` in the derivations names this format for ever.
 */
import { LogError } from './error.ts';
import {
  HASH_BYTES,
  type LeafCipher,
  type Sha256Into,
  concatBytes,
  equalBytes,
  sha256,
  u64,
  utf8,
} from './primitives.ts';

export const LEAF_BYTES = 340;
/** The plain text is this long whatever the payload: two bytes of length, payload, zeros. */
const PLAIN_BYTES = 244;
export const PAYLOAD_BYTES_MAX = PLAIN_BYTES - 2;
const MAGIC = Uint8Array.of(0x56, 0x4c, 0x01, 0x00);
const TAG_AT = 4;
const COMMITMENT_AT = 36;
const CIPHERTEXT_AT = 68;
const NONCE_BYTES = 12;

export interface Leaf {
  /** Unique in the whole log: a second chain for the same connection betrays itself to everybody. */
  readonly tag: Uint8Array;
  readonly commitment: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** Views into `entry`. */
export function parseLeaf(entry: Uint8Array): Leaf {
  if (!isPrivateLeaf(entry))
    throw new LogError('bad-leaf', `entry of ${entry.length} bytes is not a private leaf`);
  return {
    tag: entry.subarray(TAG_AT, COMMITMENT_AT),
    commitment: entry.subarray(COMMITMENT_AT, CIPHERTEXT_AT),
    ciphertext: entry.subarray(CIPHERTEXT_AT),
  };
}

export function isPrivateLeaf(entry: Uint8Array): boolean {
  return entry.length === LEAF_BYTES && equalBytes(entry.subarray(0, 4), MAGIC);
}

/** The keys under a connection's view key. Whoever holds it can read the chain; it cannot sign anything. */
export interface ChainKeys {
  readonly tag: Uint8Array;
  readonly salt: Uint8Array;
  readonly encryption: Uint8Array;
  readonly nonce: Uint8Array;
}

/** HKDF-SHA256 (RFC 5869) with a salt of zeros and one block of output per key. */
export function deriveChainKeys(cipher: LeafCipher, viewKey: Uint8Array): ChainKeys {
  const pseudorandom = cipher.hmacSha256(new Uint8Array(32), viewKey);
  const expand = (name: string): Uint8Array =>
    cipher.hmacSha256(pseudorandom, concatBytes(utf8(`vaultlog/v1/${name}`), Uint8Array.of(1)));
  return { tag: expand('tag'), salt: expand('salt'), encryption: expand('enc'), nonce: expand('nonce') };
}

/** Pins the view key in the seal leaf, so that nobody can be handed another one. */
export function viewKeyHash(sha256Into: Sha256Into, viewKey: Uint8Array): Uint8Array {
  return sha256(sha256Into, utf8('vaultlog/v1/viewkey\0'), viewKey);
}

/** Which chain of which exchange key: what the user and the exchange know, and nobody else. */
export interface SealedKeyName {
  readonly venue: string;
  readonly apiKeyId: string;
  /** 0 for the first sealing; one more for each after a destruction. */
  readonly epoch: number;
}

/** Tag of the seal leaf. With unique tags, one key can be sealed only once per epoch. */
export function sealTag(sha256Into: Sha256Into, key: SealedKeyName): Uint8Array {
  return sha256(sha256Into, utf8(`vaultlog/v1/apikey\0${key.venue}\0${key.apiKeyId}`), u64(key.epoch));
}

/** Tag of the leaf number `seq` of a chain, from 1. */
export function chainTag(cipher: LeafCipher, keys: ChainKeys, seq: number): Uint8Array {
  return cipher.hmacSha256(keys.tag, u64(seq));
}

const COMMIT_LABEL = utf8('vaultlog/v1/commit\0');

/**
 * Reused between leaves, because an array over 64 bytes lives outside the engine's heap and costs as much to make as a
 * hash. Both are wiped after use.
 */
const joinScratch = new Uint8Array(COMMIT_LABEL.length + HASH_BYTES + PAYLOAD_BYTES_MAX);
const plainScratch = new Uint8Array(PLAIN_BYTES);

/** `work` on the concatenation of `parts`, which is gone afterwards. */
function onJoined<T>(parts: readonly Uint8Array[], work: (joined: Uint8Array) => T): T {
  let at = 0;
  for (const part of parts) {
    joinScratch.set(part, at);
    at += part.length;
  }
  const result = work(joinScratch.subarray(0, at));
  joinScratch.fill(0, 0, at);
  return result;
}

function commit(
  sha256Into: Sha256Into,
  cipher: LeafCipher,
  keys: ChainKeys,
  seq: number,
  payload: Uint8Array,
): Uint8Array {
  const salt = cipher.hmacSha256(keys.salt, u64(seq));
  return onJoined([COMMIT_LABEL, salt, payload], (joined) => sha256(sha256Into, joined));
}

type LeafPrimitives = { readonly sha256Into: Sha256Into } & LeafCipher;

/** The 340 bytes for leaf `seq` with `payload`. `tag` is `sealTag` for leaf 0, `chainTag` after. */
export function sealLeaf(
  primitives: LeafPrimitives,
  keys: ChainKeys,
  tag: Uint8Array,
  seq: number,
  payload: Uint8Array,
): Uint8Array {
  if (payload.length > PAYLOAD_BYTES_MAX) {
    throw new LogError(
      'payload-too-long',
      `payload of ${payload.length} bytes, at most ${PAYLOAD_BYTES_MAX}`,
    );
  }
  // Written in place, because a vault makes one of these for every use of a key.
  const entry = new Uint8Array(LEAF_BYTES);
  entry.set(MAGIC);
  entry.set(tag, TAG_AT);
  entry.set(commit(primitives.sha256Into, primitives, keys, seq, payload), COMMITMENT_AT);
  // The nonce depends on the payload: a vault restored from a backup may reach the same number again with another one.
  const mac = onJoined([u64(seq), payload], (joined) => primitives.hmacSha256(keys.nonce, joined));
  const nonce = mac.subarray(0, NONCE_BYTES);
  entry.set(nonce, CIPHERTEXT_AT);
  const plain = plainScratch;
  plain[1] = payload.length;
  plain.set(payload, 2);
  const aad = entry.subarray(TAG_AT, CIPHERTEXT_AT);
  entry.set(primitives.sealAesGcm(keys.encryption, nonce, plain, aad), CIPHERTEXT_AT + NONCE_BYTES);
  plain.fill(0);
  return entry;
}

/**
 * The payload of `leaf`, if it is number `seq` of the chain. GCM does not commit to its key, so the commitment is
 * checked too.
 */
export function openLeaf(primitives: LeafPrimitives, keys: ChainKeys, leaf: Leaf, seq: number): Uint8Array {
  const payload = decryptLeaf(primitives, keys, leaf);
  if (!equalBytes(commit(primitives.sha256Into, primitives, keys, seq, payload), leaf.commitment)) {
    throw new LogError('commitment-differs', `leaf ${seq} commits to another payload`);
  }
  return payload;
}

/** The payload of a leaf whose number is not known yet; it says it itself, and `openLeaf` then checks it. */
export function decryptLeaf(cipher: LeafCipher, keys: ChainKeys, leaf: Leaf): Uint8Array {
  const nonce = leaf.ciphertext.subarray(0, NONCE_BYTES);
  const sealed = leaf.ciphertext.subarray(NONCE_BYTES);
  const plain = cipher.openAesGcm(keys.encryption, nonce, sealed, concatBytes(leaf.tag, leaf.commitment));
  if (plain === undefined)
    throw new LogError('leaf-does-not-open', 'a leaf does not open with this view key');
  const length = ((plain[0] ?? 0) << 8) | (plain[1] ?? 0);
  if (length > PAYLOAD_BYTES_MAX || plain.subarray(2 + length).some((byte) => byte !== 0)) {
    throw new LogError('bad-leaf', 'a leaf is not padded with zeros');
  }
  return plain.slice(2, 2 + length);
}
