/** C2SP tlog-cosignature: what a witness signs, types 0x04 (Ed25519) and 0x06 (ML-DSA-44). */
import { LogError } from './error.ts';
import { type Signatures, concatBytes, hexOf, u64, utf8 } from './primitives.ts';
import type { VerifierKey } from './verifier-key.ts';
import { parseCheckpoint } from './checkpoint.ts';

/** Seconds. Far past any honest clock, and exact as a number. */
const TIME_MAX = Number.MAX_SAFE_INTEGER;

/**
 * The bytes that a cosigner with `key` signs for the checkpoint `text` at `time` (seconds since 1970). It says that
 * this was the largest consistent tree the cosigner had seen for the origin.
 */
export function cosignedMessage(
  key: Pick<VerifierKey, 'name' | 'type'>,
  text: string,
  time: number,
): Uint8Array {
  if (key.type === 'cosignatureEd25519') return utf8(`cosignature/v1\ntime ${time}\n${text}`);
  const { origin, size, root } = parseCheckpoint(text);
  return concatBytes(
    utf8('subtree/v1\n\0'),
    shortText(key.name),
    u64(time),
    shortText(origin),
    // A checkpoint is the subtree from leaf 0 to its size.
    u64(0),
    u64(size),
    root,
  );
}

/** One byte of length, then UTF-8. */
function shortText(text: string): Uint8Array {
  const bytes = utf8(text);
  if (bytes.length > 255) throw new LogError('bad-checkpoint', 'name of over 255 bytes');
  return concatBytes(Uint8Array.of(bytes.length), bytes);
}

/** The blob of a cosignature line: time in 64 bits, big endian, then the signature. */
export function cosignatureBlob(time: number, signature: Uint8Array): Uint8Array {
  return concatBytes(u64(time), signature);
}

/** Verifies the blob over the checkpoint `text` and returns its time in seconds since 1970. */
export function verifyCosignature(
  text: string,
  blob: Uint8Array,
  key: VerifierKey,
  signatures: Signatures,
): number {
  const signatureBytes = key.type === 'cosignatureEd25519' ? 64 : 2420;
  const refuse = (why: string): LogError =>
    new LogError('bad-signature', `cosignature of ${key.name} (${hexOf(key.id)}) ${why}`);
  if (blob.length !== 8 + signatureBytes) throw refuse(`has ${blob.length} bytes`);
  const time = new DataView(blob.buffer, blob.byteOffset, 8).getBigUint64(0);
  if (time === 0n || time > BigInt(TIME_MAX)) throw refuse(`has time ${time}`);
  const message = cosignedMessage(key, text, Number(time));
  const signature = blob.subarray(8);
  const holds =
    key.type === 'cosignatureEd25519'
      ? signatures.verifyEd25519(key.publicKey, message, signature)
      : signatures.verifyMlDsa44(key.publicKey, message, signature);
  if (!holds) throw refuse('does not verify');
  return Number(time);
}
