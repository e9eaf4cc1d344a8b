/** What accounts ask of the vault: to know the first passkey of a workspace, and to freeze after a recovery. */
import { connectionId, userId } from '@counterfoil/vocabulary';
import type { Gate } from '../http/gate.ts';
import { HttpProblem } from '../http/problem.ts';

export class OwnerKeys {
  readonly #gate: Gate;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  /**
   * Hands the first passkey to the vault, which trusts it on first use and from then on takes approvals from it. A
   * vault that knows an owner already, or is away, leaves the account as it is: the security page says that the vault
   * takes no approvals from this passkey.
   */
  async introduce(owner: string, credentialId: string, publicKey: string | undefined): Promise<void> {
    if (publicKey === undefined || publicKey === '') return;
    const intent = {
      kind: 'ownerAdd',
      user: userId.parse(owner),
      credentialId: Buffer.from(credentialId, 'base64url'),
      publicKey: Buffer.from(publicKey, 'base64url'),
      label: 'first passkey',
      assertion: null,
    } as const;
    await this.#gate.ask(intent, 'done').catch((error: unknown) => {
      if (!(error instanceof HttpProblem)) throw error;
    });
  }

  /** Freezes these connections; only a passkey that the vault knows thaws a live one. */
  async freeze(connections: readonly string[]): Promise<void> {
    for (const id of connections) {
      const scope = { kind: 'connection', connection: connectionId.parse(id) } as const;
      await this.#gate.ask({ kind: 'freeze', scope, depth: 'everything' }, 'done');
    }
  }
}
