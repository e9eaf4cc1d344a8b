/** What this gate says that it is, signed by the vault's identity, for a nonce of whoever asks. */
import { createHash, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type VenueId, encodeCbor, toCbor } from '@counterfoil/vocabulary';
import type { IsolationLevel } from '@counterfoil/vocabulary/gate-flags';
import {
  ATTEST_LABEL,
  type AttestStatement,
  type GateResult,
  attestStatement,
} from '@counterfoil/vocabulary/protocol';
import type { Identity } from '@counterfoil/wire';
import { stopsAtPoints } from './points.ts';
import type { VaultKeys } from './vault-keys.ts';

export type Attester = (nonce: Uint8Array) => Extract<GateResult, { kind: 'attestation' }>;

/** SHA-256 of the gate's own file: read at start, while it may open that one file. */
export function ownHash(): Buffer {
  return createHash('sha256')
    .update(readFileSync(process.argv[1] ?? ''))
    .digest();
}

export function attester(about: {
  readonly vaultId: string;
  readonly identity: Identity;
  readonly vaultKeys: VaultKeys;
  readonly venues: readonly VenueId[];
  readonly gateHash: Buffer;
  readonly isolation: IsolationLevel;
}): Attester {
  const { vaultId, identity, vaultKeys, venues, gateHash, isolation } = about;
  return (nonce) => {
    const statement: AttestStatement = {
      nonce,
      vaultId,
      identity: vaultKeys.identity,
      x25519: vaultKeys.seal.x25519.raw,
      p256: vaultKeys.seal.p256.raw,
      gateHash,
      node: process.versions.node,
      openssl: process.versions.openssl,
      isolation,
      venues,
      testBuild: stopsAtPoints,
    };
    const body = encodeCbor(toCbor(attestStatement, statement));
    const signature = sign(null, Buffer.concat([Buffer.from(ATTEST_LABEL), body]), identity.key);
    return { kind: 'attestation', statement, signature };
  };
}
