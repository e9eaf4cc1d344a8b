import { createHmac, createPublicKey, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import type { ApiKey, KeyPermissions } from '../core/api-key.ts';
import { refusals } from '../core/refusals.ts';
import { Refused, type Parameters } from './parameters.ts';

/** Keys are 64 letters and digits at the imitated exchange. */
const KEY_FORMAT = /^[A-Za-z0-9]{64}$/;
const RECV_WINDOW_MS_DEFAULT = 5_000;
const RECV_WINDOW_MS_MAX = 60_000;
/** A timestamp may be this far ahead of the exchange's clock. */
const AHEAD_MS_MAX = 1_000;
/** A millisecond timestamp has 13 digits until the year 2286; 16 digits are microseconds. */
const MICROSECOND_DIGITS = 16;

/** The registered key behind an API key id, if it may be used from this address for this purpose. */
export function admitKey(
  keys: ReadonlyMap<string, ApiKey>,
  apiKey: string | undefined,
  ip: string,
  permission: keyof KeyPermissions | null,
): ApiKey {
  if (apiKey === undefined || !KEY_FORMAT.test(apiKey)) throw new Refused(refusals.badKeyFormat);
  const key = keys.get(apiKey);
  if (key === undefined || key.isRevoked) throw new Refused(refusals.rejectedKey);
  if (key.allowedIps.length > 0 && !key.allowedIps.includes(ip)) throw new Refused(refusals.rejectedKey);
  if (permission !== null && !key.permissions[permission]) throw new Refused(refusals.rejectedKey);
  return key;
}

/** Verifies the signature over the exact bytes that were signed. */
export function checkSignature(key: ApiKey, payload: string, signature: string): void {
  if (!verifySignature(key, Buffer.from(payload, 'utf8'), signature))
    throw new Refused(refusals.badSignature);
}

/** `server - recvWindow <= timestamp < server + 1000`, in milliseconds or microseconds. */
export function checkTimestamp(parameters: Parameters, now: number): void {
  const text = parameters.matching('timestamp', '^[0-9]{1,20}$') ?? parameters.text('timestamp');
  const timestampMs = text.length >= MICROSECOND_DIGITS ? Number(text) / 1_000 : Number(text);
  const windowText = parameters.matching('recvWindow', '^[0-9]{1,5}(\\.[0-9]{1,3})?$');
  const windowMs = windowText === undefined ? RECV_WINDOW_MS_DEFAULT : Number(windowText);
  if (windowMs > RECV_WINDOW_MS_MAX) throw new Refused(refusals.tooGreat('recvWindow', RECV_WINDOW_MS_MAX));
  if (timestampMs >= now + AHEAD_MS_MAX) throw new Refused(refusals.aheadOfServer);
  if (now - timestampMs > windowMs) throw new Refused(refusals.outsideRecvWindow);
}

function verifySignature(key: ApiKey, payload: Buffer, signature: string): boolean {
  const { credential } = key;
  switch (credential.kind) {
    case 'hmac': {
      const expected = createHmac('sha256', credential.secret).update(payload).digest();
      // Hexadecimal in either case, as the exchange allows.
      const given = Buffer.from(signature, 'hex');
      return given.length === expected.length && signature.length === 64 && timingSafeEqual(given, expected);
    }
    case 'ed25519':
      return verify(null, payload, publicKey(credential.publicKeyPem), Buffer.from(signature, 'base64'));
    case 'rsa':
      return verify(
        'RSA-SHA256',
        payload,
        publicKey(credential.publicKeyPem),
        Buffer.from(signature, 'base64'),
      );
  }
}

/** Parsing a PEM costs more than checking a signature with it; keys number in the thousands at most. */
const PARSED_KEYS_MAX = 10_000;
const parsedKeys = new Map<string, KeyObject>();

function publicKey(pem: string): KeyObject {
  const known = parsedKeys.get(pem);
  if (known !== undefined) return known;
  const parsed = createPublicKey(pem);
  if (parsedKeys.size >= PARSED_KEYS_MAX) parsedKeys.clear();
  parsedKeys.set(pem, parsed);
  return parsed;
}
