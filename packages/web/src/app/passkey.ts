/** Making a passkey and signing in with one, through the browser's own JSON forms (WebAuthn level 3). */
import type { BodyOf } from '@counterfoil/api';
import { ask } from './client.ts';

/** Makes an account with its first passkey. Resolves to the recovery key, which nobody can show again. */
export async function createPasskey(name: string): Promise<string> {
  const { ceremony, options } = await ask('beginRegistration', { body: { name } });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  const credential = await navigator.credentials.create({ publicKey });
  if (!(credential instanceof PublicKeyCredential)) throw new Error('the browser made no passkey');
  const response = credential.toJSON() as BodyOf<'finishRegistration'>['response'];
  const { recoveryKey } = await ask('finishRegistration', { body: { ceremony, response } });
  return recoveryKey;
}

export async function signIn(): Promise<void> {
  const { ceremony, options } = await ask('beginSignIn', {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  const credential = await navigator.credentials.get({ publicKey });
  if (!(credential instanceof PublicKeyCredential)) throw new Error('the browser gave no passkey answer');
  const response = credential.toJSON() as BodyOf<'finishSignIn'>['response'];
  await ask('finishSignIn', { body: { ceremony, response } });
}
