/** A passkey's answer, from the text of the API to the bytes of the gate. */
import type { Assertion as AssertionText } from '@counterfoil/api';
import type { Assertion } from '@counterfoil/vocabulary/protocol';

export function assertionOf(text: AssertionText | null): Assertion | null {
  if (text === null) return null;
  const bytes = (value: string): Uint8Array => Buffer.from(value, 'base64url');
  return {
    credentialId: bytes(text.credentialId),
    authenticatorData: bytes(text.authenticatorData),
    clientDataJson: bytes(text.clientDataJson),
    signature: bytes(text.signature),
    nonce: bytes(text.nonce),
  };
}
