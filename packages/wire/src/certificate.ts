/**
 * Self-signed Ed25519 certificates (RFC 5280, RFC 8410): the envelope that TLS wants around a key. Our peers pin the
 * key itself (`secure.ts`), so names and dates carry no meaning and are fixed, which makes the bytes a function of
 * the key alone.
 */
import { type KeyObject, createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

const ED25519_ALGORITHM = Buffer.from('300506032b6570', 'hex');
const VALIDITY = sequence(time('200101000000Z'), time('491231235959Z'));

function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function sequence(...contents: readonly Uint8Array[]): Buffer {
  return der(0x30, ...contents);
}

function time(utc: string): Buffer {
  return der(0x17, Buffer.from(utc, 'latin1'));
}

function commonName(name: string): Buffer {
  return sequence(
    der(0x31, sequence(Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(name, 'utf8')))),
  );
}

/** A peer's key and certificate, as node:tls takes them. */
export interface Identity {
  readonly key: KeyObject;
  readonly certificatePem: string;
  /** SHA-256 of the public key (SPKI): what others pin, lower-case hex. */
  readonly pin: string;
}

/** SHA-256 of a public key's SPKI form, lower-case hex. */
export function pinOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** The identity of an Ed25519 private key. */
export function identityOf(key: KeyObject): Identity {
  const publicKey = createPublicKey(key);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const name = commonName('counterfoil peer');
  // A serial number is positive: the high bit of its first byte stays clear.
  const serial = createHash('sha256').update(spki).digest().subarray(0, 16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ED25519_ALGORITHM,
    name,
    VALIDITY,
    name,
    spki,
  );
  const signature = der(0x03, Buffer.from([0]), sign(null, body, key));
  const certificate = sequence(body, ED25519_ALGORITHM, signature).toString('base64');
  const lines = certificate.match(/.{1,64}/g) ?? [];
  const certificatePem = `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  return { key, certificatePem, pin: pinOf(publicKey) };
}

export function newIdentity(): Identity {
  return identityOf(generateKeyPairSync('ed25519').privateKey);
}
