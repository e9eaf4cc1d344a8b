/** Passkeys for signing in. What a passkey approves about keys and limits is verified by the gate alone, not here. */
import type { AnswerOf, BodyOf } from '@counterfoil/api';
import {
  type WebAuthnCredential,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { HttpProblem } from '../http/problem.ts';
import { newChallenge } from './secrets.ts';

/**
 * ES256 and RS256 (COSE numbers): browsers hand out their public keys as SPKI, which is how the vault takes an owner's.
 * Chromium gives an empty text for Ed25519.
 */
const ALGORITHMS = [-7, -257] as const;

/** How long a browser shows its dialog. */
const PERSON_MS_MAX = 60_000;

export interface RelyingParty {
  /** `localhost`: passkeys belong to it for ever. */
  readonly id: string;
  /** `http://localhost:7331`. */
  readonly origin: string;
}

export interface NewPasskey {
  readonly id: string;
  readonly publicKey: Buffer;
  readonly signCount: number;
  readonly transports: string;
  readonly backedUp: boolean;
}

type CeremonyOptions = AnswerOf<'beginSignIn'>['options'];

/** The user handle that the authenticator keeps and gives back at sign-in: it names the workspace and the account. */
export function userHandle(owner: string, account: string): string {
  return `${owner}/${account}`;
}

/** What a browser needs for a new passkey: one that it can find by itself, and that asks for the person. */
export function registrationOptions(
  party: RelyingParty,
  about: { readonly handle: string; readonly name: string; readonly known: readonly string[] },
): { readonly challenge: string; readonly options: CeremonyOptions } {
  const challenge = newChallenge();
  return {
    challenge,
    options: {
      challenge,
      rp: { name: 'Counterfoil', id: party.id },
      user: {
        id: Buffer.from(about.handle).toString('base64url'),
        name: about.name,
        displayName: about.name,
      },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: 'public-key' })),
      timeout: PERSON_MS_MAX,
      attestation: 'none',
      excludeCredentials: about.known.map((id) => ({ id, type: 'public-key' })),
      authenticatorSelection: {
        residentKey: 'required',
        // What browsers of the first edition of WebAuthn read instead.
        requireResidentKey: true,
        userVerification: 'required',
      },
    },
  };
}

export function signInOptions(party: RelyingParty): {
  readonly challenge: string;
  readonly options: CeremonyOptions;
} {
  const challenge = newChallenge();
  return {
    challenge,
    options: { challenge, rpId: party.id, timeout: PERSON_MS_MAX, userVerification: 'required' },
  };
}

export async function verifyRegistration(
  party: RelyingParty,
  challenge: string,
  response: BodyOf<'finishRegistration'>['response'],
): Promise<NewPasskey> {
  const { transports } = response.response;
  const verified = await verifyRegistrationResponse({
    // The library reads what the schema has checked for form; it takes only known transports and attachments.
    response: response as unknown as Parameters<typeof verifyRegistrationResponse>[0]['response'],
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw refused(cause);
  });
  if (!verified.verified) throw refused(null);
  const { credential, credentialBackedUp } = verified.registrationInfo;
  return {
    id: credential.id,
    publicKey: Buffer.from(credential.publicKey),
    signCount: credential.counter,
    transports: (transports ?? []).join(',').slice(0, 200),
    backedUp: credentialBackedUp,
  };
}

export interface StoredPasskey {
  readonly id: string;
  readonly public_key: Buffer;
  readonly sign_count: bigint;
  readonly transports: string;
}

/** The new sign count. Throws `refused` where the assertion does not hold. */
export async function verifySignIn(
  party: RelyingParty,
  challenge: string,
  response: BodyOf<'finishSignIn'>['response'],
  stored: StoredPasskey,
): Promise<number> {
  const credential: WebAuthnCredential = {
    id: stored.id,
    publicKey: new Uint8Array(stored.public_key),
    counter: Number(stored.sign_count),
    transports: stored.transports.split(',').filter((one) => one !== ''),
  };
  const verified = await verifyAuthenticationResponse({
    response: response as unknown as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    credential,
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw refused(cause);
  });
  if (!verified.verified) throw refused(null);
  return verified.authenticationInfo.newCounter;
}

/** The library's words name what did not match and hold nothing secret. */
function refused(cause: unknown): HttpProblem {
  const why =
    cause instanceof Error ? cause.message.replace(/[^ -~]/g, '').slice(0, 200) : 'it does not hold';
  return new HttpProblem(
    'refused',
    `The passkey’s answer was refused: ${why}. Nothing was changed; try again.`,
  );
}
