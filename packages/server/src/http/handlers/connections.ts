/** Routes of connections. */
import { createPublicKey } from 'node:crypto';
import type { Connection, RouteName } from '@counterfoil/api';
import { connectionId, userId, venueId } from '@counterfoil/vocabulary';
import type { Kysely } from 'kysely';
import { record } from '../../accounts/activity.ts';
import type { Tables } from '../../database/tables.ts';
import type { BotService } from '../../runner/service.ts';
import { tellWatchers } from '../../notifications/outbox-writer.ts';
import { registerAtPaper } from '../../worker/demo-connection.ts';
import type { Gate, ResultOf } from '../gate.ts';
import { assertionOf } from '../assertion.ts';
import type { Handlers } from '../handlers.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { type ConnectionRow, connectionOf } from '../trading/connection-view.ts';
import { removed } from './bots.ts';
import { KeyChanges } from './key-changes.ts';

type Names = Extract<RouteName, `${string}Connection` | 'listConnections' | 'beginEnrolment'>;

export interface ConnectionParts {
  readonly database: Kysely<Tables>;
  readonly gate: Gate;
  readonly service: BotService;
  /** The paper exchange's admin address, where simulated accounts are opened. */
  readonly paperAdminUrl: string;
}

export function connectionHandlers({
  database,
  gate,
  service,
  paperAdminUrl,
}: ConnectionParts): Pick<Handlers, Names> {
  const find = async (owner: string, id: string): Promise<ConnectionRow> => {
    const row = await database
      .selectFrom('connection')
      .selectAll()
      .where('owner', '=', owner)
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw notFound('connection');
    return row;
  };

  const findPresent = async (owner: string, id: string): Promise<ConnectionRow> => {
    const row = await find(owner, id);
    if (row.removed_at !== null) throw removed();
    return row;
  };

  /** Asks what the key may do, and keeps the answer; a refusal of the key is kept, too. */
  const check = async (owner: string, id: string, apiKeyId: string | null): Promise<Connection> => {
    const change = database.updateTable('connection').where('owner', '=', owner).where('id', '=', id);
    const intent = { kind: 'keyCheck', connection: connectionId.parse(id), apiKeyId } as const;
    const { trade, withdraw, ipAllowList } = await gate
      .ask(intent, 'permissions')
      .catch(async (error: unknown) => {
        if (error instanceof HttpProblem && error.more.refusal !== undefined)
          await change.set({ trouble: error.message.slice(0, 500), checked_at: new Date() }).execute();
        throw error;
      });
    await change
      .set({
        permissions: JSON.stringify({ trade, withdraw, ipAllowList }),
        checked_at: new Date(),
        trouble: null,
        ...(apiKeyId === null ? {} : { api_key_id: apiKeyId }),
      })
      .execute();
    return connectionOf(database, await find(owner, id));
  };

  const keep = async (
    about: Pick<ConnectionRow, 'owner' | 'venue' | 'label' | 'born' | 'key_type'>,
    key: ResultOf<'key'>,
  ): Promise<void> => {
    await database
      .insertInto('connection')
      .values({
        ...about,
        id: key.connection,
        api_key_id: null,
        public_key_pem: key.publicKeyPem,
        view_key_sealed:
          key.viewKeySealed === null ? null : Buffer.from(key.viewKeySealed).toString('base64url'),
      })
      .execute();
  };

  /** Tells every open page, and the caller. */
  const told = async (owner: string, connection: Connection): Promise<Connection> => {
    await tellWatchers(database, owner, { type: 'connection', connection });
    return connection;
  };

  const keys = new KeyChanges({ database, gate, service, paperAdminUrl });

  return {
    listConnections: async ({ caller }) => {
      const rows = await database
        .selectFrom('connection')
        .selectAll()
        .where('owner', '=', caller.owner)
        .orderBy('made_at')
        .execute();
      return { items: await Promise.all(rows.map((row) => connectionOf(database, row))), next: null };
    },
    getConnection: async ({ caller, params }) =>
      connectionOf(database, await find(caller.owner, params.connection)),
    createConnection: async ({ caller, body }) => {
      const { venue, label, keyType, viewRecipient } = body;
      const key = await gate.ask(
        {
          kind: 'keyGenerate',
          user: userId.parse(caller.owner),
          venue: venueId.parse(venue),
          label,
          type: keyType,
          viewRecipient: viewRecipient === null ? null : Buffer.from(viewRecipient, 'base64url'),
          assertion: assertionOf(body.assertion),
        },
        'key',
      );
      await keep({ owner: caller.owner, venue, label, born: 'vault-born', key_type: keyType }, key);
      await record(database, caller.owner, caller, 'connection-made', { name: label, venue });
      if (venue !== 'paper' || key.publicKeyPem === null)
        return told(caller.owner, await connectionOf(database, await find(caller.owner, key.connection)));
      // What a person does at a real exchange; the simulated one takes it from here.
      const apiKeyId = await registerAtPaper(paperAdminUrl, label, keyType, key.publicKeyPem);
      return told(caller.owner, await check(caller.owner, key.connection, apiKeyId));
    },
    registerConnection: async ({ caller, params, body }) => {
      const row = await findPresent(caller.owner, params.connection);
      const { apiKeyId } = body;
      // The id that it has already is checked, not switched to.
      const isSwitch = row.api_key_id !== apiKeyId && row.successor_key_type !== null;
      return told(
        caller.owner,
        await (isSwitch ? keys.register(caller, row, apiKeyId) : check(caller.owner, row.id, apiKeyId)),
      );
    },
    checkConnection: async ({ caller, params }) => {
      const { id } = await findPresent(caller.owner, params.connection);
      return told(caller.owner, await check(caller.owner, id, null));
    },
    rotateConnection: async ({ caller, params, body }) =>
      told(caller.owner, await keys.rotate(caller, await findPresent(caller.owner, params.connection), body)),
    removeConnection: async ({ caller, params, body }) =>
      told(caller.owner, await keys.remove(caller, await findPresent(caller.owner, params.connection), body)),
    beginEnrolment: async ({ caller, body }) => {
      const { venue, label } = body;
      const intent = {
        kind: 'enrolBegin',
        user: userId.parse(caller.owner),
        venue: venueId.parse(venue),
        label,
      } as const;
      const [{ nonce, vaultId, identity, x25519, p256 }, { vaultKeyHash }] = await Promise.all([
        gate.ask(intent, 'enrolment'),
        gate.ask({ kind: 'head' }, 'head'),
      ]);
      return {
        nonce: base64url(nonce),
        vaultId,
        user: caller.owner,
        identity: base64url(identity),
        x25519: base64url(x25519),
        p256: base64url(p256),
        vaultKeyHash: Buffer.from(vaultKeyHash).toString('hex'),
      };
    },
    sealConnection: async ({ caller, body }) => {
      const { venue, label } = body;
      const blob = Buffer.from(body.blob, 'base64url');
      const key = await gate.ask({ kind: 'keySeal', blob, assertion: assertionOf(body.assertion) }, 'key');
      await keep({ owner: caller.owner, venue, label, born: 'sealed', key_type: typeOf(key) }, key);
      await record(database, caller.owner, caller, 'connection-sealed', { name: label, venue });
      return told(caller.owner, await check(caller.owner, key.connection, null));
    },
  };
}

/** A secret without a public half is an HMAC secret. */
function typeOf({ publicKeyPem }: ResultOf<'key'>): ConnectionRow['key_type'] {
  if (publicKeyPem === null) return 'hmac';
  return createPublicKey(publicKeyPem).asymmetricKeyType === 'rsa' ? 'rsa' : 'ed25519';
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
