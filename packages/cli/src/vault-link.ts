/** A line to the vault of an installation, for whoever may read its data folder. */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { encodeCbor, toCbor } from '@counterfoil/vocabulary';
import {
  type GateAnswer,
  type GateRequest,
  type GateResult,
  type Intent,
  attachment,
  gateAnswer,
  gateRequest,
} from '@counterfoil/vocabulary/protocol';
import { Caller, identityOf, secureClient, writeFrame } from '@counterfoil/wire';
import { CommandError } from './errors.ts';

export interface VaultLink {
  /** SHA-256 of the identity's SPKI, as the installation wrote it down at genesis. */
  readonly pin: string;
  readonly ask: (intent: Intent) => Promise<GateResult>;
  readonly close: () => void;
}

/** Throws `CommandError` where the vault does not run or cannot be reached. */
export async function openVault(home: string): Promise<VaultLink> {
  const socket = connect(join(home, 'run', 'vault.sock'));
  try {
    const identity = identityOf(createPrivateKey(readFileSync(join(home, 'vault', 'worker.pem'))));
    const pin = readFileSync(join(home, 'vault', 'identity'), 'utf8').trim();
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).on('error', reject));
    writeFrame(socket, encodeCbor(toCbor(attachment, 'worker')));
    const secured = await secureClient(socket, identity, new Set([pin]));
    const caller = new Caller<GateRequest, GateAnswer>(secured, gateRequest, gateAnswer);
    return {
      pin,
      ask: async (intent) => (await caller.call((id) => ({ id, intent }))).result,
      close: () => socket.destroy(),
    };
  } catch (cause) {
    socket.destroy();
    throw new CommandError(
      `the vault of ${home} cannot be reached; nothing was done. Start it with \`npm start\`, as the same user.`,
      { cause },
    );
  }
}
