/** How keys come into the vault: made here, or sealed to it from outside. Neither way has one back. */
import { createPublicKey } from 'node:crypto';
import {
  type VenueId,
  EnrolmentError,
  bytesFromBase64,
  decodeBlob,
  decodeSecret,
  sealAad,
  sealInfo,
  viewInfo,
} from '@counterfoil/vocabulary';
import type { GateResult, IntentOf } from '@counterfoil/vocabulary/protocol';
import type { Connection } from './connection.ts';
import type { Enrolments } from './enrolments.ts';
import { hpkeOpen, hpkeSeal } from './hpke.ts';
import type { Key, Keyring } from './keyring.ts';
import type { Manifest } from './manifest.ts';
import type { Approved } from './owners.ts';
import { refuseKnown, takes } from './keys.ts';
import { Refusal } from './refusal.ts';
import type { VaultKeys } from './vault-keys.ts';

export interface Enrolling {
  readonly vaultId: string;
  readonly vaultKeys: VaultKeys;
  readonly keyring: Keyring;
  readonly enrolments: Enrolments;
  /** The manifest of a venue of this installation. */
  readonly manifestOf: (venue: VenueId) => Manifest | undefined;
  readonly connect: (key: Key) => Connection;
  /** Throws `Refusal` where the keys of this user at this venue come and go by a passkey, and none approved this. */
  readonly approve: (about: Pick<Key, 'user' | 'venue'>, intent: Approved) => void;
}

type Answer<K extends GateResult['kind']> = Extract<GateResult, { kind: K }>;

function manifestOf(enrolling: Enrolling, venue: VenueId): Manifest {
  const manifest = enrolling.manifestOf(venue);
  if (manifest === undefined) throw new Refusal('unknown-venue', `No venue ${venue} in this installation.`);
  return manifest;
}

/** Makes a key pair; the user registers the public half at the venue. */
export async function generateKey(
  enrolling: Enrolling,
  intent: IntentOf<'keyGenerate'>,
): Promise<Answer<'key'>> {
  const manifest = manifestOf(enrolling, intent.venue);
  enrolling.approve(intent, intent);
  if (!takes(manifest, intent.type, false)) throw refusedType(intent.venue);
  const { viewRecipient } = intent;
  if (viewRecipient === null && !manifest.paper)
    throw new Refusal('view-key-unclaimed', 'Nobody could read the receipts of this key: name who shall.');
  // Before the key is made: what cannot be handed out would be lost.
  if (viewRecipient !== null) sealView(enrolling, viewRecipient, new Uint8Array(32), '');
  return describeKey(enrolling, await enrolling.keyring.generate(intent, intent.type), viewRecipient);
}

/** Begins an enrolment and says what the secret must be sealed to. */
export function beginEnrolment(enrolling: Enrolling, intent: IntentOf<'enrolBegin'>): Answer<'enrolment'> {
  manifestOf(enrolling, intent.venue);
  const { vaultId, vaultKeys, enrolments } = enrolling;
  const { x25519, p256 } = vaultKeys.seal;
  const nonce = enrolments.begin(intent);
  return {
    kind: 'enrolment',
    nonce,
    vaultId,
    identity: vaultKeys.identity,
    x25519: x25519.raw,
    p256: p256.raw,
  };
}

/** Takes in what was sealed for one enrolment. The enrolment is over then, whatever the blob held. */
export function takeSealed(enrolling: Enrolling, intent: IntentOf<'keySeal'>): Answer<'key'> {
  const refused = (): Refusal =>
    new Refusal('seal-refused', 'This was not sealed for this enrolment, or is no key. Begin again.');
  let plain: Buffer | null = null;
  try {
    const sealed = decodeBlob(intent.blob);
    const { about, ...context } = enrolling.enrolments.take(sealed.nonce);
    enrolling.approve(about, intent);
    const { privateKey } = enrolling.vaultKeys.seal[sealed.suite];
    plain = openOr(refused, () =>
      hpkeOpen(privateKey, sealed, sealInfo(enrolling.vaultId), sealAad(context)),
    );
    const { type, apiKeyId, secret, viewRecipient } = decodeSecret(plain);
    refuseKnown(enrolling.keyring, about, apiKeyId);
    sealView(enrolling, viewRecipient, new Uint8Array(32), '');
    const manifest = manifestOf(enrolling, about.venue);
    if (!takes(manifest, type, true)) throw refusedType(about.venue);
    // Where the venue shows its secrets in base64, the bytes are the key.
    const bytes = manifest.signing.form === 'tail' ? secret : bytesFromBase64(secret);
    if (bytes === null) throw refused();
    const key = openOr(refused, () => enrolling.keyring.takeIn(about, type, bytes));
    enrolling.keyring.bind(key, apiKeyId);
    return describeKey(enrolling, key, viewRecipient);
  } catch (error) {
    // What it was exactly is not told: the answer goes to whoever sent the blob.
    throw error instanceof EnrolmentError ? refused() : error;
  } finally {
    plain?.fill(0);
  }
}

function refusedType(venue: VenueId): Refusal {
  return new Refusal('key-type', `${venue} does not take keys of this type. Nothing was made.`);
}

/** Makes the key that shall replace a connection's; orders go on under the old one. */
export async function rotateKey(
  enrolling: Enrolling,
  { key, venue }: Connection,
  intent: IntentOf<'keyRotate'>,
): Promise<Answer<'key'>> {
  const { type } = intent;
  enrolling.approve(key, intent);
  if (!takes(venue.manifest, type, false)) throw refusedType(key.venue);
  const { publicKey } = await enrolling.keyring.succeed(key, type);
  const publicKeyPem = pemOf(publicKey);
  return { kind: 'key', connection: key.connection, publicKeyPem, viewKey: null, viewKeySealed: null };
}

function pemOf(spki: Uint8Array | null): string | null {
  if (spki === null) return null;
  const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

/** OpenSSL's errors say more about the bytes than whoever sent them should learn. */
function openOr<T>(refused: () => Refusal, work: () => T): T {
  try {
    return work();
  } catch {
    throw refused();
  }
}

/** The public half as the venue wants it; the view key sealed to its recipient, in the clear for paper without one. */
function describeKey(enrolling: Enrolling, key: Key, viewRecipient: Uint8Array | null): Answer<'key'> {
  const { connection } = enrolling.connect(key).key;
  return {
    kind: 'key',
    connection,
    publicKeyPem: pemOf(key.publicKey),
    viewKey: viewRecipient === null ? key.viewKey : null,
    viewKeySealed:
      viewRecipient === null ? null : sealView(enrolling, viewRecipient, key.viewKey, connection),
  };
}

/** Throws `Refusal` where the recipient is no key. */
function sealView(
  { vaultId }: Enrolling,
  recipient: Uint8Array,
  viewKey: Uint8Array,
  connection: string,
): Buffer {
  try {
    return hpkeSeal(recipient, viewKey, viewInfo(vaultId), Buffer.from(connection));
  } catch {
    throw new Refusal('view-key-unclaimed', 'The key that the receipts shall be sealed to is no X25519 key.');
  }
}
