/**
 * Routes of the passkeys that the vault takes approvals from. The vault decides; what is checked here is only that a
 * name exists.
 */
import type { RouteName, VaultPasskey } from '@counterfoil/api';
import { userId } from '@counterfoil/vocabulary';
import type { Kysely } from 'kysely';
import { record } from '../../accounts/activity.ts';
import type { Tables } from '../../database/tables.ts';
import { assertionOf } from '../assertion.ts';
import type { Gate } from '../gate.ts';
import type { Handlers } from '../handlers.ts';
import { notFound } from '../problem.ts';

type Names = Extract<RouteName, `${'add' | 'remove'}VaultPasskey` | 'listVaultPasskeys'>;

interface Parts {
  readonly database: Kysely<Tables>;
  readonly gate: Gate;
}

export function vaultPasskeyHandlers({ database, gate }: Parts): Pick<Handlers, Names> {
  const known = async (owner: string): Promise<VaultPasskey[]> => {
    const { owners } = await gate.ask({ kind: 'securityState', user: userId.parse(owner) }, 'security');
    return owners.map(({ credentialId, label, sinceMs }) => ({
      credentialId: Buffer.from(credentialId).toString('base64url'),
      label,
      approvesFrom: new Date(sinceMs).toISOString(),
    }));
  };
  const find = async (owner: string, id: string): Promise<VaultPasskey> => {
    const found = (await known(owner)).find(({ credentialId }) => credentialId === id);
    if (found === undefined) throw notFound('passkey in the vault');
    return found;
  };

  return {
    listVaultPasskeys: async ({ caller }) => ({ items: await known(caller.owner), next: null }),
    addVaultPasskey: async ({ caller, body }) => {
      const { publicKey, label, assertion } = body;
      const credentialId = Buffer.from(body.credentialId, 'base64url');
      const intent = {
        kind: 'ownerAdd',
        user: userId.parse(caller.owner),
        credentialId,
        publicKey: Buffer.from(publicKey, 'base64url'),
        label,
        assertion: assertionOf(assertion),
      } as const;
      await gate.ask(intent, 'done');
      await record(database, caller.owner, caller, 'vault-passkey-added', { name: label });
      return find(caller.owner, credentialId.toString('base64url'));
    },
    removeVaultPasskey: async ({ caller, params, body }) => {
      const { label, credentialId } = await find(caller.owner, params.passkey);
      const intent = {
        kind: 'ownerRemove',
        user: userId.parse(caller.owner),
        credentialId: Buffer.from(credentialId, 'base64url'),
        assertion: assertionOf(body.assertion),
      } as const;
      await gate.ask(intent, 'done');
      await record(database, caller.owner, caller, 'vault-passkey-removed', { name: label });
      return { items: await known(caller.owner), next: null };
    },
  };
}
