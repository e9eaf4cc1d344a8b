import { LogError } from './error.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map(Array.from({ length: 64 }, (_, value) => [ALPHABET.charAt(value), value]));

/** Standard base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  return bytes.toBase64();
}

/**
 * Reads exactly what `toBase64` writes. Go's decoder lets unused bits of the last letter be anything, so two verifiers
 * could read one signature line differently; here such text is refused.
 */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw new LogError('bad-base64', `base64 of ${text.length} characters`);
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const letters = text.length - padding;
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < letters; i++) {
    const value = VALUES.get(text.charAt(i));
    if (value === undefined) throw new LogError('bad-base64', `character ${i} is not base64`);
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (held >> bits) & 0xff;
  }
  if ((held & ((1 << bits) - 1)) !== 0)
    throw new LogError('bad-base64', 'unused bits of the last character are set');
  return bytes;
}
