/**
 * Stands in for ccxt's signing functions in the builder's bundle. ccxt hands them the text and the "secret"; they
 * hand back the placeholder that the gate made for this request, in the shape that a real signature would have.
 */

let placeholder: Uint8Array | null = null;

/** The next signature that ccxt asks for is this one; asking twice, or without it, is an error. */
export function expectSignature(bytes: Uint8Array): void {
  placeholder = bytes;
}

function take(): Uint8Array {
  if (placeholder === null) throw new Error('a signature was asked for that nobody expects');
  const bytes = placeholder;
  placeholder = null;
  return bytes;
}

/** Ed25519 and RSA signatures are base64 wherever ccxt asks for them here. */
export function eddsa(): string {
  return Buffer.from(take()).toString('base64');
}

export function rsa(): string {
  return Buffer.from(take()).toString('base64');
}

export function hmac(
  _text: unknown,
  _secret: unknown,
  _hash: unknown,
  digest: 'hex' | 'base64' = 'hex',
): string {
  return Buffer.from(take()).toString(digest);
}

/** What goes into a signature that is a placeholder matters to nobody; ccxt only needs bytes to go on with. */
export function hash(_text: unknown, _hash: unknown, digest: string): Uint8Array {
  if (digest !== 'binary')
    throw new Error(`ccxt wants a hash as ${digest}, which is not a seam of the builder`);
  return new Uint8Array(32);
}

/** ccxt signs these venues with nothing else; a version that does fails here, by name. */
function unexpected(name: string): () => never {
  return () => {
    throw new Error(`ccxt called ${name}, which is not a seam of the builder`);
  };
}

export const ecdsa = unexpected('ecdsa');
export const crc32 = unexpected('crc32');
export const pemToDer = unexpected('pemToDer');
