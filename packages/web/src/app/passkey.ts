/** Making a passkey and signing in with one, through the browser's own JSON forms (WebAuthn level 3). */
import type { AnswerOf, Assertion, BodyOf } from '@counterfoil/api';
import { userId } from '@counterfoil/vocabulary';
import type { Intent } from '@counterfoil/vocabulary/protocol';
import { toBase64url } from './base64url.ts';
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

/**
 * A further passkey, for the vault first: one that it knows approves the very key that this browser has just made. Who
 * says no there leaves everything as it was.
 */
export async function addPasskey(
  label: string,
  workspace: string,
  approve: (action: Intent) => Promise<Assertion | null | undefined>,
): Promise<void> {
  const begun = await ask('beginPasskey', {});
  const credential = await makeCredential(begun);
  const made = credential.response instanceof AuthenticatorAttestationResponse ? credential.response : null;
  const publicKey = made?.getPublicKey() ?? null;
  if (publicKey === null) throw new Error('the browser does not tell the key that it made');
  const assertion = await approve({
    kind: 'ownerAdd',
    user: userId.parse(workspace),
    credentialId: new Uint8Array(credential.rawId),
    publicKey: new Uint8Array(publicKey),
    label,
    assertion: null,
  });
  if (assertion === undefined) return;
  const credentialId = toBase64url(credential.rawId);
  await ask('addVaultPasskey', {
    body: { credentialId, publicKey: toBase64url(publicKey), label, assertion },
  });
  const response = credential.toJSON() as BodyOf<'finishPasskey'>['response'];
  await ask('finishPasskey', { body: { ceremony: begun.ceremony, label, response } });
}

async function credentialOf(begun: Ceremony): Promise<BodyOf<'finishRegistration'>> {
  const credential = await makeCredential(begun);
  const response = credential.toJSON() as BodyOf<'finishRegistration'>['response'];
  return { ceremony: begun.ceremony, response };
}

async function makeCredential({ options }: Ceremony): Promise<PublicKeyCredential> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  const credential = await navigator.credentials.create({ publicKey });
  if (!(credential instanceof PublicKeyCredential)) throw new Error('the browser made no passkey');
  return credential;
}

function show({ session, recoveryKey }: AnswerOf<'finishRegistration'>): void {
  const { workspace, account } = session;
  if (workspace === null || account === null) throw new Error('the server made no account');
  showRecoverySheet({ account: `${workspace.id}/${account.id}`, recoveryKey });
}
