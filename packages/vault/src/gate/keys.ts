/** A key's life at its venue: bound to the id that the venue gave it, checked, replaced, gone. */
import { createHash } from 'node:crypto';
import { viewKeyHash } from '@counterfoil/log';
import { nodePrimitives } from '@counterfoil/log/node';
import type { ConnectionId } from '@counterfoil/vocabulary';
import type { GateResult, IntentOf, KeyGrade } from '@counterfoil/vocabulary/protocol';
import { readFrom } from './ask-venue.ts';
import type { Connection } from './connection.ts';
import type { Key, Keyring } from './keyring.ts';
import type { Manifest } from './manifest.ts';
import { Refusal } from './refusal.ts';
import type { Vault } from './use.ts';

type Permissions = Extract<GateResult, { kind: 'permissions' }>;

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

/** Binds on first use, then reads the key's permissions. With the id of a successor, checks that and switches to it. */
export async function checkKey(
  vault: Vault,
  keyring: Keyring,
  connection: Connection,
  intent: IntentOf<'keyCheck'>,
): Promise<Permissions> {
  const { key, chain } = connection;
  const asked = intent.apiKeyId === null ? key.apiKeyId : Buffer.from(intent.apiKeyId, 'latin1');
  if (asked === null) throw new Refusal('key-not-bound', 'Say which id the venue gave this key.');
  if (key.apiKeyId !== null && !key.apiKeyId.equals(asked)) {
    if (keyring.successorOf(key) !== null) return switchOver(vault, keyring, connection, asked);
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
  if (!chain.asked && chain.sealIndex !== null) await vault.logbook.witnessed(await chain.sealIndex);
  return checkPermissions(vault, keyring, connection);
}

/**
 * What the venue says that the key may do. A key that can withdraw is refused, not warned about, and so is one whose
 * address list is gone. Until the venue says otherwise such a key is not used.
 */
export async function checkPermissions(
  vault: Vault,
  keyring: Keyring,
  connection: Connection,
): Promise<Permissions> {
  const { key } = connection;
  const { ipAllowList } = await permissionsOf(vault, connection, () => (connection.checked = false));
  const before = keyring.wasLocked(key);
  if (before === true && !ipAllowList) {
    connection.checked = false;
    throw new Refusal(
      'permissions-changed',
      'This key worked from listed addresses only, and the venue has no list any more. Restore it, or make a new key.',
    );
  }
  if (before !== ipAllowList) keyring.rememberLocked(key, ipAllowList);
  connection.checked = true;
  connection.wasGood = true;
  return described(key, connection.venue.manifest, ipAllowList);
}

async function permissionsOf(
  vault: Vault,
  connection: Connection,
  onRefused: () => void,
): Promise<{ readonly ipAllowList: boolean }> {
  await connection.reads.enter('permissions', '');
  const { permissions } = await readFrom(vault.builder, connection, { kind: 'permissions' }, 'permissions');
  if (permissions.withdraw) {
    onRefused();
    throw new Refusal(
      'key-can-withdraw',
      'This key can move money out of the account. Make one that can only trade.',
    );
  }
  if (!permissions.trade) {
    onRefused();
    throw new Refusal(
      'key-permission-missing',
      'This key cannot trade. Allow spot trading for it at the venue.',
    );
  }
  return permissions;
}

/** Which types of key a venue takes, and whether it takes a public half that was made here. */
export function takes({ signing }: Manifest, type: Key['type'], pasted: boolean): boolean {
  return signing.form === 'tail' ? pasted || type !== 'hmac' : type === 'hmac' && pasted;
}

function gradeOf(pasted: boolean, ipAllowList: boolean): KeyGrade {
  if (pasted) return ipAllowList ? 'pasted-locked' : 'pasted';
  return ipAllowList ? 'born-locked' : 'born';
}

function described(key: Pick<Key, 'pasted'>, manifest: Manifest, ipAllowList: boolean): Permissions {
  return {
    kind: 'permissions',
    trade: true,
    withdraw: false,
    ipAllowList,
    grade: gradeOf(key.pasted, ipAllowList),
    best: gradeOf(!takes(manifest, 'ed25519', false), true),
  };
}

/** The successor is asked about before it is used: until then orders go on under the old key. */
async function switchOver(
  vault: Vault,
  keyring: Keyring,
  connection: Connection,
  apiKeyId: Buffer,
): Promise<Permissions> {
  const { key, chain } = connection;
  const successor = keyring.successorOf(key);
  if (successor === null) throw new Refusal('key-not-bound', 'There is no new key to switch to.');
  refuseKnown(keyring, key, apiKeyId);
  const probe = { ...connection, key: { ...key, ...successor, apiKeyId } };
  const { ipAllowList } = await permissionsOf(vault, probe, () => undefined);
  // The leaf is proven before the first order of the new key can be signed.
  await chain.write(vault.logbook, { kind: 'rotate', publicKeyHash: hashOf(successor.publicKey) }).receipt;
  keyring.promote(key, apiKeyId);
  connection.stream?.again();
  keyring.rememberLocked(key, ipAllowList);
  connection.checked = true;
  return described(key, connection.venue.manifest, ipAllowList);
}

/** Ends a key: its chain gets its last leaf, and nothing signs with it any more. Delete it at the venue too. */
export async function destroyKey(
  vault: Vault,
  keyring: Keyring,
  connections: Map<ConnectionId, Connection>,
  connection: Connection,
): Promise<GateResult> {
  const { key, chain, uses, reads } = connection;
  if (uses.busy)
    throw new Refusal('overloaded', 'Orders are under way with this key. Nothing was done; try again.');
  connections.delete(key.connection);
  connection.stream?.stop();
  reads.end();
  // The leaf first: a start that finds it finishes what a crash left undone.
  if (chain.sealed) await chain.write(vault.logbook, { kind: 'destroy' }).receipt;
  keyring.destroy(key);
  return { kind: 'done' };
}

function hashOf(publicKey: Uint8Array | null): Buffer | null {
  return publicKey === null ? null : createHash('sha256').update(publicKey).digest();
}

async function sealChain(vault: Vault, { key, chain, limits, standing }: Connection): Promise<void> {
  const { payload, receipt } = chain.write(vault.logbook, {
    kind: 'seal',
    venue: key.venue,
    viewKeyHash: viewKeyHash(nodePrimitives.sha256Into, key.viewKey),
    publicKeyHash: hashOf(key.publicKey),
    mandateHash: limits.hash,
  });
  standing.take(payload);
  await receipt;
}
