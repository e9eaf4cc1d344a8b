/**
 * Approvals by passkey: the gate makes a challenge over one action, the passkey signs it, the gate alone verifies.
 * Where nobody has a passkey yet (the demo), the gate asks for none, and neither does the page.
 */
import type { Assertion, BodyOf } from '@counterfoil/api';
import { useState } from 'react';
import { ask } from './client.ts';
import { fromBase64url, toBase64url } from './base64url.ts';

export type ApprovalRequest = BodyOf<'beginApproval'>;

export interface Approval {
  /** The assertion, null where none is needed, undefined where the reader said no or something went wrong. */
  readonly ask: (action: ApprovalRequest) => Promise<Assertion | null | undefined>;
  readonly error: Error | null;
}

export function useApproval(): Approval {
  const [error, setError] = useState<Error | null>(null);
  const request = async (action: ApprovalRequest): Promise<Assertion | null | undefined> => {
    setError(null);
    try {
      const { challenge, credentialIds } = await ask('beginApproval', { body: action });
      return credentialIds.length === 0 ? null : await sign(challenge, credentialIds);
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'NotAllowedError') return undefined;
      setError(cause instanceof Error ? cause : new Error(String(cause)));
      return undefined;
    }
  };
  return { ask: request, error };
}

async function sign(challenge: string, credentialIds: readonly string[]): Promise<Assertion> {
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge: fromBase64url(challenge),
      allowCredentials: credentialIds.map((id) => ({ type: 'public-key' as const, id: fromBase64url(id) })),
      userVerification: 'required',
    },
  });
  if (!(credential instanceof PublicKeyCredential)) throw new Error('the browser gave no passkey answer');
  const { response } = credential;
  if (!(response instanceof AuthenticatorAssertionResponse)) throw new Error('the passkey did not sign');
  return {
    credentialId: toBase64url(credential.rawId),
    authenticatorData: toBase64url(response.authenticatorData),
    clientDataJson: toBase64url(response.clientDataJSON),
    signature: toBase64url(response.signature),
  };
}
