/**
 * A passkey's word (WebAuthn level 3, section 7.2), verified where it takes effect. Keys are SPKI, as browsers give
 * them, so that no second parser of CBOR is needed; the algorithms are the ones that passkeys use.
 */
import { type KeyObject, createHash, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import type { Assertion } from '@counterfoil/vocabulary/protocol';

/** Authenticator data before extensions: hash of the rp id, flags, counter. */
const DATA_BYTES = 37;
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const HAS_CREDENTIAL = 0x40;
const HAS_EXTENSIONS = 0x80;

/** Where an assertion fails. */
type Check =
  | 'key'
  | 'client-data'
  | 'type'
  | 'challenge'
  | 'origin'
  | 'authenticator-data'
  | 'rp-id'
  | 'user-present'
  | 'user-verified'
  | 'signature';

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
  readonly check: Check;

  constructor(check: Check) {
    super(`the passkey's answer fails at ${check}`);
    this.check = check;
  }
}

function must(holds: boolean, check: Check): asserts holds {
  if (!holds) throw new AssertionError(check);
}

/** An ES256, EdDSA or RS256 key. Throws `AssertionError` for every other. */
export function passkeyOf(spki: Uint8Array): { readonly key: KeyObject; readonly digest: 'sha256' | null } {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    throw new AssertionError('key');
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key;
  if (type === 'ed25519') return { key, digest: null };
  const isP256 = type === 'ec' && details.namedCurve === 'prime256v1';
  const bits = details.modulusLength ?? 0;
  // A small exponent makes forged signatures possible where padding is read laxly.
  const isRsa = type === 'rsa' && bits >= 2_048 && bits <= 4_096 && details.publicExponent === 65_537n;
  must(isP256 || isRsa, 'key');
  return { key, digest: 'sha256' };
}

/** Throws `AssertionError`; returns the authenticator's counter, 0 where it keeps none. */
export function verifyAssertion(
  { authenticatorData: data, clientDataJson, signature }: Assertion,
  expected: { readonly publicKey: Uint8Array; readonly challenge: Uint8Array; readonly origin: string },
): number {
  const { key, digest } = passkeyOf(expected.publicKey);
  const client = clientData(clientDataJson);
  must(client['type'] === 'webauthn.get', 'type');
  must(client['challenge'] === Buffer.from(expected.challenge).toString('base64url'), 'challenge');
  const isEmbedded = client['crossOrigin'] === true || client['topOrigin'] !== undefined;
  must(client['origin'] === expected.origin && !isEmbedded, 'origin');

  must(data.length >= DATA_BYTES, 'authenticator-data');
  const rpId = createHash('sha256').update(new URL(expected.origin).hostname).digest();
  must(timingSafeEqual(rpId, data.subarray(0, 32)), 'rp-id');
  const flags = data[32] ?? 0;
  must((flags & USER_PRESENT) !== 0, 'user-present');
  must((flags & USER_VERIFIED) !== 0, 'user-verified');
  const isBackupSane = (flags & BACKED_UP) === 0 || (flags & BACKUP_ELIGIBLE) !== 0;
  const hasExtensions = (flags & HAS_EXTENSIONS) !== 0;
  must(
    isBackupSane && (flags & HAS_CREDENTIAL) === 0 && hasExtensions === data.length > DATA_BYTES,
    'authenticator-data',
  );

  const signed = Buffer.concat([data, createHash('sha256').update(clientDataJson).digest()]);
  must(isSigned(signed, signature, key, digest), 'signature');
  return Buffer.from(data).readUInt32BE(33);
}

function isSigned(text: Buffer, signature: Uint8Array, key: KeyObject, digest: 'sha256' | null): boolean {
  try {
    return verify(digest, text, key, signature);
  } catch {
    return false;
  }
}

function clientData(json: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(json);
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return Object.fromEntries(Object.entries(value));
  } catch {
    // Said below.
  }
  throw new AssertionError('client-data');
}
