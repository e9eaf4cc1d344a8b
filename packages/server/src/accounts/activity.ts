/** The trail of what was done by whom: one list for people, programs, bots and the vault. */
import type { ValuesOf } from '@counterfoil/api';
import type { CodeOf } from '@counterfoil/api/sayings';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { Caller } from '../http/caller.ts';
import { told } from '../sayings/tell.ts';

type DeedCode = CodeOf<'deeds'>;

/** Writes it down, in the transaction of the deed where that is given. */
export async function record<Code extends DeedCode>(
  database: Kysely<Tables> | Transaction<Tables>,
  owner: string,
  caller: Pick<Caller, 'kind' | 'name' | 'address'>,
  what: Code,
  values: Omit<ValuesOf<Code>, 'who'>,
): Promise<void> {
  // Every deed has who did it, besides its own values.
  const { sentence, said } = told(what, { ...values, who: caller.name } as unknown as ValuesOf<Code>);
  await database
    .insertInto('activity')
    .values({
      owner,
      who_kind: caller.kind === 'token' ? 'token' : 'person',
      who_name: caller.name,
      what,
      sentence: sentence.slice(0, 500),
      said: JSON.stringify(said),
      address: caller.address,
    })
    .execute();
}
