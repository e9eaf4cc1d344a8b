/** Making a key and binding it to the id that its venue gave it. */
import { createHash, createPublicKey } from 'node:crypto';
import { viewKeyHash } from '@counterfoil/log';
import { nodePrimitives } from '@counterfoil/log/node';
import type { GateResult, IntentOf } from '@counterfoil/vocabulary/protocol';
import { readFrom } from './ask-venue.ts';
import type { Connection } from './connection.ts';
import type { Keyring } from './keyring.ts';
import { Refusal } from './refusal.ts';
import type { Vault } from './use.ts';

/** The public half as the venue wants it, and, for paper alone, the view key in the clear. */
export function describeKey(connection: Connection): Extract<GateResult, { kind: 'key' }> {
  const { key, venue } = connection;
  const publicKey = createPublicKey({ key: Buffer.from(key.publicKey), format: 'der', type: 'spki' });
  return {
    kind: 'key',
    connection: key.connection,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    viewKey: venue.manifest.paper ? key.viewKey : null,
  };
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
  const bound = key.apiKeyId?.toString('latin1');
  if (bound !== undefined && bound !== intent.apiKeyId) {
    throw new Refusal(
      'key-bound-otherwise',
      'This key has another id at the venue already; make a new key instead.',
    );
  }
  const taken = keyring
    .all()
    .some((other) => other !== key && other.apiKeyId?.toString('latin1') === intent.apiKeyId);
  if (taken) throw new Refusal('key-bound-otherwise', 'Another connection has this key id already.');
  if (bound === undefined) keyring.bind(key, intent.apiKeyId);
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

async function sealChain(vault: Vault, { key, chain, limits }: Connection): Promise<void> {
  const { receipt } = chain.write(vault.logbook, {
    kind: 'seal',
    venue: key.venue,
    viewKeyHash: viewKeyHash(nodePrimitives.sha256Into, key.viewKey),
    publicKeyHash: createHash('sha256').update(key.publicKey).digest(),
    mandateHash: limits.hash,
  });
  await receipt;
}
