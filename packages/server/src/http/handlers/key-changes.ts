/** A connection's key gives way to another, or goes for good. Its chain, orders and receipts stay. */
import type { Assertion, Connection } from '@counterfoil/api';
import { connectionId } from '@counterfoil/vocabulary';
import type { Kysely, Updateable } from 'kysely';
import { record } from '../../accounts/activity.ts';
import type { ConnectionTable, Tables } from '../../database/tables.ts';
import { isOver } from '../../runner/machines.ts';
import type { BotService } from '../../runner/service.ts';
import { findDemo, replaceAtPaper, revokeAtPaper } from '../../worker/demo-connection.ts';
import { assertionOf } from '../assertion.ts';
import type { Member } from '../caller.ts';
import type { Gate } from '../gate.ts';
import { HttpProblem } from '../problem.ts';
import { type ConnectionRow, connectionOf } from '../trading/connection-view.ts';

/** The first key's id where it came sealed: the vault alone knows it. */
export const UNKNOWN_ID = '';

interface KeyChangeParts {
  readonly database: Kysely<Tables>;
  readonly gate: Gate;
  readonly service: BotService;
  readonly paperAdminUrl: string;
}

export class KeyChanges {
  readonly #parts: KeyChangeParts;

  constructor(parts: KeyChangeParts) {
    this.#parts = parts;
  }

  /** Makes the successor. Orders go on under the old key until the venue's id of the new one is registered. */
  async rotate(
    caller: Member,
    row: ConnectionRow,
    { keyType, assertion }: { readonly keyType: 'ed25519' | 'rsa'; readonly assertion: Assertion | null },
  ): Promise<Connection> {
    const { owner, id, label, api_key_id: apiKeyId } = row;
    // Of a sealed key the venue's id is in the box that only the vault opens; that it was checked says that it has one.
    if (apiKeyId === null && row.permissions === null)
      throw new HttpProblem('conflict', 'No venue knows this key yet; there is nothing to replace.');
    const { database, gate, paperAdminUrl } = this.#parts;
    const intent = { kind: 'keyRotate', connection: connectionId.parse(id), type: keyType } as const;
    const { publicKeyPem } = await gate.ask({ ...intent, assertion: assertionOf(assertion) }, 'key');
    if (publicKeyPem === null) throw new Error('the vault made a successor without a public half');
    const made = await this.#change(row, {
      successor_key_type: keyType,
      successor_public_key_pem: publicKeyPem,
    });
    await record(database, owner, caller, 'connection-successor', { name: label });
    if (row.venue !== 'paper' || apiKeyId === null) return connectionOf(this.#parts.database, made);
    // What a person does at a real exchange; the simulated one takes it from here.
    const connection = await this.register(
      caller,
      made,
      await replaceAtPaper(paperAdminUrl, apiKeyId, keyType, publicKeyPem),
    );
    await revokeAtPaper(paperAdminUrl, apiKeyId);
    return connection;
  }

  /** Has the vault check the successor and sign with it from here on. A refusal leaves the old key at work. */
  async register(caller: Member, row: ConnectionRow, apiKeyId: string): Promise<Connection> {
    const { owner, id, label, successor_key_type: keyType, successor_public_key_pem: publicKeyPem } = row;
    if (keyType === null || publicKeyPem === null) throw new Error(`${id} has no successor`);
    const { database, gate } = this.#parts;
    const { trade, withdraw, ipAllowList, grade } = await gate.ask(
      { kind: 'keyCheck', connection: connectionId.parse(id), apiKeyId },
      'permissions',
    );
    if (row.born === 'sealed' && grade.startsWith('pasted'))
      throw new HttpProblem(
        'conflict',
        'This is the id of the old key, which goes on signing. Say the id that the venue gave the new one.',
      );
    const changed = await this.#change(row, {
      permissions: JSON.stringify({ trade, withdraw, ipAllowList }),
      checked_at: new Date(),
      trouble: null,
      // Only a key that was made in the vault can be a successor.
      born: 'vault-born',
      key_type: keyType,
      public_key_pem: publicKeyPem,
      api_key_id: apiKeyId,
      first_api_key_id: row.first_api_key_id ?? row.api_key_id ?? UNKNOWN_ID,
      successor_key_type: null,
      successor_public_key_pem: null,
    });
    await record(database, owner, caller, 'connection-rotated', { name: label });
    return connectionOf(this.#parts.database, changed);
  }

  /** Destroys the key. Refused while a bot has something to do with it. */
  async remove(
    caller: Member,
    row: ConnectionRow,
    { assertion }: { readonly assertion: Assertion | null },
  ): Promise<Connection> {
    const { owner, id, label } = row;
    const { database, gate } = this.#parts;
    if ((await findDemo(database))?.id === id)
      throw new HttpProblem(
        'conflict',
        'The demo trades with this connection; it stays as long as the demo does.',
      );
    await this.#refuseInUse(row);
    const intent = { kind: 'keyDestroy', connection: connectionId.parse(id) } as const;
    await gate.ask({ ...intent, assertion: assertionOf(assertion) }, 'done').catch((error: unknown) => {
      // Destroyed already, by a request whose server ended before it could write that down.
      if (!(error instanceof HttpProblem && error.more.refusal === 'unknown-connection')) throw error;
    });
    const removed = await this.#change(row, {
      removed_at: new Date(),
      trouble: null,
      successor_key_type: null,
      successor_public_key_pem: null,
    });
    await record(database, owner, caller, 'connection-removed', { name: label });
    return connectionOf(this.#parts.database, removed);
  }

  /** A bot that still has something to do would go on without a key, and its positions without their exits. */
  async #refuseInUse({ owner, id }: ConnectionRow): Promise<void> {
    const bots = await this.#parts.service.bots(owner);
    const busy = bots.find(
      ({ connection, status, plan, state }) =>
        connection === id && (status === 'running' || (state !== null && !isOver(plan.kind, state))),
    );
    if (busy === undefined) return;
    throw new HttpProblem(
      'conflict',
      `“${busy.name}” still trades with this connection. Stop it and close its deals first; nothing was removed.`,
    );
  }

  #change({ owner, id }: ConnectionRow, change: Updateable<ConnectionTable>): Promise<ConnectionRow> {
    return this.#parts.database
      .updateTable('connection')
      .set(change)
      .where('owner', '=', owner)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
  }
}
