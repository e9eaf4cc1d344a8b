/** Binding a key to the id that its venue gave it. */
import { createHash } from 'node:crypto';
import { viewKeyHash } from '@counterfoil/log';
import { nodePrimitives } from '@counterfoil/log/node';
import type { GateResult, IntentOf } from '@counterfoil/vocabulary/protocol';
import { readFrom } from './ask-venue.ts';
import type { Connection } from './connection.ts';
import type { Keyring } from './keyring.ts';
import { Refusal } from './refusal.ts';
import type { Vault } from './use.ts';

/** A key that was ever connected here is refused, whoever has it now: two limits would count one account. */
export function refuseKnown(
  keyring: Keyring,
  about: { readonly user: string; readonly venue: string },
  apiKeyId: Uint8Array,
): void {
  const owner = keyring.ownerOf(about.venue, apiKeyId);
  if (owner === null) return;
  if (owner !== about.user) {
    throw new Refusal(
      'key-of-another',
      'Another user has connected this key before. Make a new one at the venue, and delete this one there.',
    );
  }
  throw new Refusal('key-bound-otherwise', 'This key was connected before. Make a new one at the venue.');
}

/**
 * Binds on first use, then reads the key's permissions. A key that can withdraw is refused, not warned about; the
 * seal leaf is written before the first request that uses the key.
 */
export async function checkKey(
  vault: Vault,
  keyring: Keyring,
  connection: Connection,
  intent: IntentOf<'keyCheck'>,
): Promise<Extract<GateResult, { kind: 'permissions' }>> {
  const { key, chain } = connection;
  const asked = intent.apiKeyId === null ? key.apiKeyId : Buffer.from(intent.apiKeyId, 'latin1');
  if (asked === null) throw new Refusal('key-not-bound', 'Say which id the venue gave this key.');
  if (key.apiKeyId !== null && !key.apiKeyId.equals(asked)) {
    throw new Refusal(
      'key-bound-otherwise',
      'This key has another id at the venue already; make a new key instead.',
    );
  }
  if (key.apiKeyId === null) {
    refuseKnown(keyring, key, asked);
    keyring.bind(key, asked);
  }
  if (!chain.sealed) await sealChain(vault, connection);
  // A key that the log's witnesses never saw sealed could be disowned later together with its whole chain.
  if (!chain.used && chain.sealIndex !== null) await vault.logbook.witnessed(await chain.sealIndex);

  await connection.reads.enter('permissions', '');
  const { permissions } = await readFrom(vault.builder, connection, { kind: 'permissions' }, 'permissions');
  if (permissions.withdraw) {
    throw new Refusal(
      'key-can-withdraw',
      'This key can move money out of the account. Make one that can only trade.',
    );
  }
  if (!permissions.trade) {
    throw new Refusal(
      'key-permission-missing',
      'This key cannot trade. Allow spot trading for it at the venue.',
    );
  }
  connection.checked = true;
  return { kind: 'permissions', trade: true, withdraw: false, ipAllowList: permissions.ipAllowList };
}

async function sealChain(vault: Vault, { key, chain, limits, standing }: Connection): Promise<void> {
  const { payload, receipt } = chain.write(vault.logbook, {
    kind: 'seal',
    venue: key.venue,
    viewKeyHash: viewKeyHash(nodePrimitives.sha256Into, key.viewKey),
    publicKeyHash: key.publicKey === null ? null : createHash('sha256').update(key.publicKey).digest(),
    mandateHash: limits.hash,
  });
  standing.take(payload);
  await receipt;
}
