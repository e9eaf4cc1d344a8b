/**
 * Approvals by passkey: the gate gives a one-time number, this page makes the challenge of it and of the action that it
 * shows, the passkey signs it, and the gate alone verifies.
 * Where nobody has a passkey yet (the demo), the gate asks for none, and neither does the page.
 */
import type { Assertion } from '@counterfoil/api';
import { type Intent, approvalText } from '@counterfoil/vocabulary/protocol';
import { useState } from 'react';
import { Trouble, ask } from './client.ts';
import { fromBase64url, toBase64url } from './base64url.ts';

export interface Approval {
  /** The assertion, null where none is needed, undefined where the reader said no or something went wrong. */
  readonly ask: (action: Intent) => Promise<Assertion | null | undefined>;
  /**
   * Attempts, and once more with the assertion where the server says that it needs one. What became of an attempt is
   * its own to tell.
   */
  readonly withIt: (
    action: Intent,
    attempt: (assertion: Assertion | null) => Promise<unknown>,
  ) => Promise<void>;
  /** Attempting, or asking its person. */
  readonly busy: boolean;
  readonly error: Error | null;
}

export function useApproval(): Approval {
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const request = async (action: Intent): Promise<Assertion | null | undefined> => {
    setError(null);
    try {
      const { vaultId, nonce, credentialIds } = await ask('beginApproval', {});
      if (credentialIds.length === 0) return null;
      const text = approvalText(vaultId, fromBase64url(nonce), action);
      return await sign(await crypto.subtle.digest('SHA-256', new Uint8Array(text)), nonce, credentialIds);
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'NotAllowedError') return undefined;
      setError(cause instanceof Error ? cause : new Error(String(cause)));
      return undefined;
    }
  };
  const withIt: Approval['withIt'] = async (action, attempt) => {
    setBusy(true);
    try {
      const refusal: unknown = await attempt(null).then(
        () => null,
        (cause: unknown) => cause,
      );
      if (!(refusal instanceof Trouble && refusal.code === 'passkey-needed')) return;
      const assertion = await request(action);
      if (assertion !== undefined && assertion !== null) await attempt(assertion).catch(() => undefined);
    } finally {
      setBusy(false);
    }
  };
  return { ask: request, withIt, busy, error };
}

async function sign(
  challenge: ArrayBuffer,
  nonce: string,
  credentialIds: readonly string[],
): Promise<Assertion> {
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge,
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
    nonce,
  };
}
