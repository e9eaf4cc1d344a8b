/** A bot in a database, and appends to it that say only what a test is about. */
import type { Append } from '../src/ledger/append.ts';
import { toExactJson } from '../src/ledger/exact-json.ts';
import { shardOf } from '../src/ledger/leases.ts';
import { execute, type TestDatabase } from './_database.ts';

export const CONNECTION = 'paper-1';

export async function makeBot(database: TestDatabase, owner: string, id: string): Promise<void> {
  await database.kysely
    .insertInto('bot')
    .values({
      owner,
      id,
      name: id,
      kind: 'dca',
      connection: CONNECTION,
      shard: shardOf(owner, CONNECTION),
      status: 'running',
      options: '{}',
    })
    .execute();
}

/** One event after `after`, with one intent and one entry for people. */
export function appendAfter(owner: string, bot: string, after: number, epoch: number): Append {
  const seq = after + 1;
  return {
    owner,
    bot,
    shard: shardOf(owner, CONNECTION),
    epoch,
    after,
    position: {
      seq,
      intentSeq: seq,
      status: 'running',
      state: toExactJson({ seq: BigInt(seq) }),
      parked: toExactJson([]),
    },
    options: null,
    events: [{ event: toExactJson({ kind: 'test', price: 6_124_050n }), notes: toExactJson([]) }],
    intents: [{ seq, connection: CONNECTION, order: `o-${seq}`, body: { method: 'cancel', of: 1 } }],
    fills: [],
    deals: [],
    commands: [],
    outbox: [{ kind: 'test', body: toExactJson({ seq }) }],
  };
}

/** The one row that `sql` gives. */
export async function oneRow(url: string, sql: string): Promise<Record<string, unknown>> {
  const [row] = await execute(url, sql);
  if (row === undefined) throw new Error(`no row: ${sql}`);
  return row;
}
