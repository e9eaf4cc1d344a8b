/** What a passkey signs: gate and browser make it from the same intent, so that one shows what the other does. */
import { type Decoded, bytes, packed, text, toCbor } from '../codec.ts';
import { encodeCbor } from '../cbor.ts';
import { intent } from './intent.ts';

const LABEL = new TextEncoder().encode('counterfoil-approval-v1');

/** What is approved: `action` is the intent without its assertion. */
export const approval = packed({
  vaultId: [0, text(16, /^[0-9a-f]{16}$/, 16)],
  nonce: [1, bytes(32)],
  action: [2, intent],
});
export type Approval = Decoded<typeof approval>;

/** The text whose SHA-256 is the WebAuthn challenge. */
export function approvalText(vaultId: string, nonce: Uint8Array, action: Approval['action']): Uint8Array {
  const bare = 'assertion' in action ? { ...action, assertion: null } : action;
  const body = encodeCbor(toCbor(approval, { vaultId, nonce, action: bare }));
  const signed = new Uint8Array(LABEL.length + body.length);
  signed.set(LABEL);
  signed.set(body, LABEL.length);
  return signed;
}
