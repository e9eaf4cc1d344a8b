/**
 * The vault's own keys. All of them follow from the Ed25519 identity that genesis made, so that one sealed record
 * holds them and a restored store has the same.
 */
import {
  type KeyObject,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
} from 'node:crypto';
import { type SealSuite, vaultKeyBytes } from '@counterfoil/vocabulary';
import { rawPublic } from './hpke.ts';

/** What stands before a private scalar of 32 bytes in its PKCS #8 form. */
const pkcs8Head: Readonly<Record<SealSuite, string>> = {
  x25519: '302e020100300506032b656e04220420',
  p256: '304102010030130607 2a8648ce3d020106082a8648ce3d030107 0427 30250201010420'.replaceAll(' ', ''),
};

export interface VaultKeys {
  /** SPKI of the identity. */
  readonly identity: Buffer;
  readonly seal: Readonly<Record<SealSuite, { readonly privateKey: KeyObject; readonly raw: Buffer }>>;
  /** Keys the fingerprints by which an exchange key is known again after it was removed. */
  readonly fingerprint: KeyObject;
  /** What others compare to know this vault. */
  readonly hash: Buffer;
}

/** `identity` is PKCS #8 in DER, whose last 32 bytes are the seed; the caller fills it with zeros. */
export function deriveVaultKeys(identity: Uint8Array): VaultKeys {
  const seed = identity.subarray(-32);
  const derive = (purpose: string): Buffer =>
    createHmac('sha256', seed).update(`counterfoil ${purpose}`).digest();
  const pair = (suite: SealSuite): VaultKeys['seal'][SealSuite] => {
    const scalar = derive(`seal ${suite}`);
    const key = Buffer.concat([Buffer.from(pkcs8Head[suite], 'hex'), scalar]);
    const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    scalar.fill(0);
    key.fill(0);
    return { privateKey, raw: rawPublic(suite, privateKey) };
  };
  const seal = { x25519: pair('x25519'), p256: pair('p256') };
  const fingerprint = derive('fingerprint');
  const spki = createPublicKey(
    createPrivateKey({
      key: Buffer.from(identity.buffer, identity.byteOffset, identity.length),
      format: 'der',
      type: 'pkcs8',
    }),
  ).export({
    format: 'der',
    type: 'spki',
  });
  const keys = {
    identity: spki,
    seal,
    fingerprint: createSecretKey(fingerprint),
    hash: createHash('sha256')
      .update(vaultKeyBytes({ identity: spki, x25519: seal.x25519.raw, p256: seal.p256.raw }))
      .digest(),
  };
  fingerprint.fill(0);
  return keys;
}
