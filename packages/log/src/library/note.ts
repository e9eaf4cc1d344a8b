/** C2SP signed-note v1.0.0: a text and the signatures under it. */
import { LogError } from './error.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { type Signatures, concatBytes, equalBytes, hexOf, utf8 } from './primitives.ts';
import { type VerifierKey, isKeyName } from './verifier-key.ts';
import { verifyCosignature } from './cosignature.ts';

/** Sixteen ML-DSA-44 cosignatures are 53 KB; the specification asks for at least sixteen signatures. */
export const NOTE_BYTES_MAX = 65_536;
/** Go's reader stops at 100 as well. */
const SIGNATURES_MAX = 100;
const SIGNATURE_PREFIX = '— ';

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  /** What follows the key id: a signature, or a timestamp and a signature. */
  readonly blob: Uint8Array;
}

export interface Note {
  /** Ends in a line feed; this is what was signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A signature that a known key made. `time` is in seconds since 1970, for cosignatures. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  readonly time: number | undefined;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of at most `NOTE_BYTES_MAX` bytes of UTF-8 without control characters other than LF. */
export function decodeNoteText(bytes: Uint8Array): string {
  if (bytes.length > NOTE_BYTES_MAX)
    throw new LogError('bad-note', `note of ${bytes.length} bytes, at most ${NOTE_BYTES_MAX}`);
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (cause) {
    throw new LogError('bad-note', 'note is not UTF-8', { cause });
  }
  // oxlint-disable-next-line no-control-regex -- the format forbids exactly these characters
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text))
    throw new LogError('bad-note', 'note has a control character');
  return text;
}

export function parseNote(bytes: Uint8Array): Note {
  const whole = decodeNoteText(bytes);
  // The text may hold blank lines itself, so the last one separates.
  const split = whole.lastIndexOf('\n\n');
  if (split < 0 || !whole.endsWith('\n'))
    throw new LogError('bad-note', 'expected text, a blank line and signature lines');
  const lines = whole.slice(split + 2, -1).split('\n');
  if (lines.length > SIGNATURES_MAX)
    throw new LogError('bad-note', `${lines.length} signatures, at most ${SIGNATURES_MAX}`);
  return { text: whole.slice(0, split + 1), signatures: lines.map(parseSignatureLine) };
}

/** One line, without its line feed: em dash, space, key name, space, base64(key id ‖ blob). */
export function parseSignatureLine(line: string): NoteSignature {
  const [name, encoded, ...more] = line.startsWith(SIGNATURE_PREFIX)
    ? line.slice(SIGNATURE_PREFIX.length).split(' ')
    : [];
  if (name === undefined || encoded === undefined || more.length > 0 || !isKeyName(name)) {
    throw new LogError('bad-note', 'malformed signature line');
  }
  const bytes = fromBase64(encoded);
  if (bytes.length < 5) throw new LogError('bad-note', 'signature line without a signature');
  return { name, keyId: bytes.slice(0, 4), blob: bytes.slice(4) };
}

export function formatSignatureLine(signature: NoteSignature): string {
  return `${SIGNATURE_PREFIX}${signature.name} ${toBase64(concatBytes(signature.keyId, signature.blob))}\n`;
}

export function formatNote(note: Note): Uint8Array {
  return utf8(`${note.text}\n${note.signatures.map(formatSignatureLine).join('')}`);
}

/**
 * The signatures of known keys. Lines of unknown keys are ignored; a line of a known key that does not verify makes
 * the whole note worthless, also where another line of the same key is good.
 */
export function verifyNote(
  note: Note,
  keys: readonly VerifierKey[],
  signatures: Signatures,
): VerifiedSignature[] {
  const verified: VerifiedSignature[] = [];
  for (const line of note.signatures) {
    const key = keys.find((known) => known.name === line.name && equalBytes(known.id, line.keyId));
    if (key === undefined) continue;
    const time = verifyLine(note.text, line.blob, key, signatures);
    if (verified.some((earlier) => earlier.key === key && earlier.time === time)) continue;
    verified.push({ key, time });
  }
  if (verified.length === 0) throw new LogError('unknown-signer', 'no signature of a known key');
  return verified;
}

/** Time of the cosignature, `undefined` for a plain signature. Throws where it does not verify. */
function verifyLine(
  text: string,
  blob: Uint8Array,
  key: VerifierKey,
  signatures: Signatures,
): number | undefined {
  if (key.type !== 'ed25519') return verifyCosignature(text, blob, key, signatures);
  if (blob.length === 64 && signatures.verifyEd25519(key.publicKey, utf8(text), blob)) return undefined;
  throw new LogError('bad-signature', `signature of ${key.name} (${hexOf(key.id)}) does not verify`);
}
