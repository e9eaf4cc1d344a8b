/** The key that reads a connection's leaves: made in the gate, sealed to a key pair of the user's. */
import type { KeyPair } from 'hpke';
import { VIEW_RECIPIENT_BYTES, viewInfo } from '@counterfoil/vocabulary';
import { suites } from './suites.ts';

export interface ViewRecipient {
  /** Raw X25519, for the enrolment. */
  readonly publicKey: Uint8Array;
  readonly pair: KeyPair;
}

export async function newViewRecipient(): Promise<ViewRecipient> {
  const pair = await suites.x25519.GenerateKeyPair();
  return { publicKey: await suites.x25519.SerializePublicKey(pair.publicKey), pair };
}

/** `sealed` is the answer's `viewKeySealed`. Rejects where it is for another vault, connection or recipient. */
export function openViewKey(
  { pair }: ViewRecipient,
  about: { readonly vaultId: string; readonly connection: string },
  sealed: Uint8Array,
): Promise<Uint8Array> {
  return suites.x25519.Open(
    pair,
    sealed.subarray(0, VIEW_RECIPIENT_BYTES),
    sealed.subarray(VIEW_RECIPIENT_BYTES),
    {
      info: viewInfo(about.vaultId),
      aad: new TextEncoder().encode(about.connection),
    },
  );
}
