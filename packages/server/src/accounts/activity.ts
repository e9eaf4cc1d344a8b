/** The trail of what was done by whom: one list for people, programs, bots and the vault. */
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { Caller } from '../http/caller.ts';

export interface Deed {
  readonly what: string;
  readonly sentence: string;
}

/** Writes it down, in the transaction of the deed where that is given. */
export async function record(
  database: Kysely<Tables> | Transaction<Tables>,
  owner: string,
  caller: Pick<Caller, 'kind' | 'name' | 'address'>,
  deed: Deed,
): Promise<void> {
  await database
    .insertInto('activity')
    .values({
      owner,
      who_kind: caller.kind === 'token' ? 'token' : 'person',
      who_name: caller.name,
      what: deed.what,
      sentence: deed.sentence.slice(0, 500),
      address: caller.address,
    })
    .execute();
}
