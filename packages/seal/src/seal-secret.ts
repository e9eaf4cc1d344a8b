/** Sealing a secret to a vault, for one enrolment. */
import { NotSupportedError } from 'hpke';
import {
  type EnrolmentContext,
  type SealSuite,
  type SealedSecret,
  encodeBlob,
  encodeSecret,
  sealAad,
  sealInfo,
} from '@counterfoil/vocabulary';
import { suites } from './suites.ts';

/** What the vault answered to `enrolBegin`. */
export interface Enrolment {
  readonly nonce: Uint8Array;
  readonly vaultId: string;
  readonly identity: Uint8Array;
  readonly x25519: Uint8Array;
  readonly p256: Uint8Array;
}

/**
 * The blob for `keySeal`. Fills the secret with zeros. Compare the vault first (`sameVault`): whoever hands out the
 * enrolment could hand out a key of his own. Rejects with `EnrolmentError` where a part is no part of a secret.
 */
export async function sealSecret(
  enrolment: Enrolment,
  about: Omit<EnrolmentContext, 'nonce'>,
  secret: SealedSecret,
): Promise<Uint8Array> {
  const { nonce, vaultId } = enrolment;
  const options = { info: sealInfo(vaultId), aad: sealAad({ ...about, nonce }) };
  const plain = encodeSecret(secret);
  secret.secret.fill(0);
  const sealTo = async (suite: SealSuite): Promise<Uint8Array> => {
    const recipient = await suites[suite].DeserializePublicKey(enrolment[suite]);
    const sealed = await suites[suite].Seal(recipient, plain, options);
    const { encapsulatedSecret: encapsulated, ciphertext } = sealed;
    return encodeBlob({ suite, nonce, encapsulated, ciphertext });
  };
  try {
    return await sealTo('x25519').catch((error: unknown) => {
      // Browsers that have no X25519 have P-256.
      if (error instanceof NotSupportedError) return sealTo('p256');
      throw error;
    });
  } finally {
    plain.fill(0);
  }
}
