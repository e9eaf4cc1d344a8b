/** A bot in a database, and appends to it that say only what a test is about. */
import type { Database } from '../src/database/open.ts';
import type { Append } from '../src/ledger/append.ts';
import { toExactJson } from '../src/ledger/exact-json.ts';
import { shardOf } from '../src/ledger/leases.ts';

export const CONNECTION = 'paper-1';

export async function makeBot(database: Pick<Database, 'kysely'>, owner: string, id: string): Promise<void> {
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
export function appendAfter(
  owner: string,
  bot: string,
  after: number,
  epoch: number,
  shard = shardOf(owner, CONNECTION),
): Append {
  const seq = after + 1;
  return {
    owner,
    bot,
    shard,
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
