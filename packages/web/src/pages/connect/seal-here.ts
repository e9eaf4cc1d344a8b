/** Sealing in this browser: what leaves it is a box that only the vault opens. */
import type { Enrolment } from '@counterfoil/api';
import {
  type ViewRecipient,
  newViewRecipient,
  openViewKey,
  readSecret,
  sealSecret,
  vaultHash,
} from '@counterfoil/seal';
import { fromBase64url, toBase64url } from '../../app/base64url.ts';
import { ask } from '../../app/client.ts';
import { keepHexKey } from '../../receipts/view-keys.ts';

export interface Pasted {
  readonly venue: string;
  readonly label: string;
  readonly apiKeyId: string;
  /** Filled with zeros. */
  readonly pasted: Uint8Array;
}

/** Who can open a view key: the secret half lives in this page alone, until the view key is kept. */
export interface Recipient {
  readonly recipient: ViewRecipient;
  readonly vaultId: string;
}

export interface SealedHere extends Recipient {
  readonly blob: string;
  /** Of the keys that it was sealed to, computed here; equal to what the terminal shows, or the server lied. */
  readonly vaultHash: string;
}

/** Throws where the keys are not those whose hash the server named: something between here and the vault is wrong. */
export async function sealHere(enrolment: Enrolment, about: Pasted): Promise<SealedHere> {
  const opened = {
    nonce: fromBase64url(enrolment.nonce),
    vaultId: enrolment.vaultId,
    identity: fromBase64url(enrolment.identity),
    x25519: fromBase64url(enrolment.x25519),
    p256: fromBase64url(enrolment.p256),
  };
  const hash = await vaultHash(opened);
  if (hash !== enrolment.vaultKeyHash) {
    throw new Error(
      'The keys do not belong to this vault. Nothing was sent. Use `npx counterfoil seal` instead.',
    );
  }
  const recipient = await newViewRecipient();
  const { type, secret } = readSecret(about.pasted);
  const blob = await sealSecret(
    opened,
    { user: enrolment.user, venue: about.venue, label: about.label },
    { type, secret, apiKeyId: new TextEncoder().encode(about.apiKeyId), viewRecipient: recipient.publicKey },
  );
  return { blob: toBase64url(blob), vaultId: enrolment.vaultId, vaultHash: hash, recipient };
}

/** For a key made in the vault: whom its view key is sealed to, and which vault the box must be from. */
export async function newRecipient(): Promise<Recipient> {
  const [recipient, { vaultId }] = await Promise.all([newViewRecipient(), ask('beginApproval', {})]);
  return { recipient, vaultId };
}

/** Opens the connection's view key, which the gate sealed to this browser, and keeps it here. */
export async function keepViewKey({ recipient, vaultId }: Recipient, connection: string): Promise<void> {
  const { sealed } = await ask('getViewKey', { params: { connection } });
  if (sealed === null) return;
  keepHexKey(connection, await openViewKey(recipient, { vaultId, connection }, fromBase64url(sealed)));
}
