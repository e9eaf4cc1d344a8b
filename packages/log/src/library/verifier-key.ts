/** C2SP signed-note v1.0.0 verifier keys: `<name>+<8 hex of key id>+<base64(type ‖ public key)>`. */
import { LogError } from './error.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { type Sha256Into, bytesOfHex, concatBytes, equalBytes, hexOf, sha256, utf8 } from './primitives.ts';

/** Signature types of signed-note that this library reads and writes. */
export const KEY_TYPE = { ed25519: 0x01, cosignatureEd25519: 0x04, cosignatureMlDsa44: 0x06 } as const;
export type KeyType = keyof typeof KEY_TYPE;

const PUBLIC_KEY_BYTES: Record<KeyType, number> = {
  ed25519: 32,
  cosignatureEd25519: 32,
  cosignatureMlDsa44: 1312,
};
/** Longer than any host name with a path; a bound for hostile input. */
const NAME_LENGTH_MAX = 255;

export interface VerifierKey {
  readonly name: string;
  /** First four bytes of SHA-256(name ‖ LF ‖ type ‖ public key). */
  readonly id: Uint8Array;
  readonly type: KeyType;
  readonly publicKey: Uint8Array;
}

export function makeVerifierKey(
  sha256Into: Sha256Into,
  name: string,
  type: KeyType,
  publicKey: Uint8Array,
): VerifierKey {
  if (!isKeyName(name))
    throw new LogError('bad-verifier-key', 'key name is empty, too long, or has a space or plus');
  if (publicKey.length !== PUBLIC_KEY_BYTES[type]) {
    throw new LogError(
      'bad-verifier-key',
      `${type} key of ${publicKey.length} bytes, expected ${PUBLIC_KEY_BYTES[type]}`,
    );
  }
  const id = sha256(sha256Into, utf8(`${name}\n`), Uint8Array.of(KEY_TYPE[type]), publicKey).slice(0, 4);
  return { name, id, type, publicKey };
}

export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${hexOf(key.id)}+${toBase64(concatBytes(Uint8Array.of(KEY_TYPE[key.type]), key.publicKey))}`;
}

/** Recomputes the key id: a printed id that does not belong to the key is refused. */
export function parseVerifierKey(sha256Into: Sha256Into, text: string): VerifierKey {
  // The base64 part may contain plus signs, so only the first two separate.
  const [, name, idText, keyText] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  if (name === undefined || idText === undefined || keyText === undefined) {
    throw new LogError('bad-verifier-key', 'expected name+id+key');
  }
  const encoded = fromBase64(keyText);
  const type = keyTypeOf(encoded[0]);
  if (type === undefined) throw new LogError('bad-verifier-key', `unknown key type ${encoded[0]}`);
  const key = makeVerifierKey(sha256Into, name, type, encoded.slice(1));
  if (!equalBytes(key.id, bytesOfHex(idText) ?? new Uint8Array(0))) {
    throw new LogError('bad-verifier-key', `key id is ${hexOf(key.id)}, found ${idText}`);
  }
  return key;
}

function keyTypeOf(byte: number | undefined): KeyType | undefined {
  if (byte === KEY_TYPE.ed25519) return 'ed25519';
  if (byte === KEY_TYPE.cosignatureEd25519) return 'cosignatureEd25519';
  if (byte === KEY_TYPE.cosignatureMlDsa44) return 'cosignatureMlDsa44';
  return undefined;
}

/** Non-empty, no Unicode space, no plus, no control character. */
export function isKeyName(name: string): boolean {
  return name.length <= NAME_LENGTH_MAX && name.isWellFormed() && /^[^\s+\p{Z}\p{Cc}]+$/u.test(name);
}
