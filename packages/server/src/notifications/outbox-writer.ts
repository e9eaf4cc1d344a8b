/** Puts an event of the API into an owner's outbox, for whoever watches the stream. */
import type { StreamEvent } from '@counterfoil/api';
import { type Kysely, type Transaction, sql } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { toExactJson } from '../ledger/exact-json.ts';

/** One statement, so that its number is committed together with it. */
export async function tellWatchers(
  database: Kysely<Tables> | Transaction<Tables>,
  owner: string,
  event: StreamEvent,
): Promise<void> {
  await sql`
    with head as (
      insert into outbox_head as h (owner, last) values (${owner}, 1)
      on conflict (owner) do update set last = h.last + 1
      returning h.last
    )
    insert into outbox_batch (owner, first, last, entries)
    select ${owner}, head.last, head.last, ${toExactJson([{ kind: 'event', bot: null, body: event }])}::json
    from head`.execute(database);
}
