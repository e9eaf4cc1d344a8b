/** Making a passkey and signing in with one, through the browser's own JSON forms (WebAuthn level 3). */
import type { AnswerOf, BodyOf } from '@counterfoil/api';
import { ask } from './client.ts';
import { showRecoverySheet } from './recovery-sheet.ts';

type Ceremony = AnswerOf<'beginSignIn'>;

/** Makes an account with its first passkey; its recovery sheet is shown until it was written down. */
export async function createPasskey(name: string): Promise<void> {
  const begun = await ask('beginRegistration', { body: { name } });
  show(await ask('finishRegistration', { body: await credentialOf(begun) }));
}

/** Takes the account over with its recovery key: a new passkey here, a new sheet, and the old ones hold no more. */
export async function recoverAccount(account: string, recoveryKey: string): Promise<void> {
  const begun = await ask('beginRecovery', { body: { account, recoveryKey } });
  show(await ask('finishRecovery', { body: await credentialOf(begun) }));
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

async function credentialOf({ ceremony, options }: Ceremony): Promise<BodyOf<'finishRegistration'>> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  const credential = await navigator.credentials.create({ publicKey });
  if (!(credential instanceof PublicKeyCredential)) throw new Error('the browser made no passkey');
  const response = credential.toJSON() as BodyOf<'finishRegistration'>['response'];
  return { ceremony, response };
}

function show({ session, recoveryKey }: AnswerOf<'finishRegistration'>): void {
  const { workspace, account } = session;
  if (workspace === null || account === null) throw new Error('the server made no account');
  showRecoverySheet({ account: `${workspace.id}/${account.id}`, recoveryKey });
}
