/** Writes that must not happen twice: the first with a key acts, the same again gets its answer. */
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { HttpProblem } from './problem.ts';

const KEY = /^[A-Za-z0-9_-]{8,64}$/;
/** Longer than any program repeats a request. */
const KEPT_MS = 24 * 3_600_000;

export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
}

export function idempotencyKey(given: string | string[] | undefined): string {
  if (typeof given === 'string' && KEY.test(given)) return given;
  throw new HttpProblem(
    'idempotency-key-needed',
    'This write needs a header Idempotency-Key of 8 to 64 letters, digits, - or _; nothing was done.',
  );
}

/** What was asked for: the same key with anything else is a mistake. */
export function requestHash(method: string, path: string, body: unknown): Buffer {
  return createHash('sha256')
    .update(`${method} ${path}\n${JSON.stringify(body) ?? ''}`)
    .digest();
}

/**
 * Runs `act` unless the key was used: then the stored answer is returned. A refusal that is said before anything was
 * done (`HttpProblem`) frees the key; any other failure keeps it, because something may have happened.
 */
export async function once(
  database: Kysely<Tables>,
  about: { readonly owner: string; readonly key: string; readonly hash: Buffer },
  act: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const { owner, key, hash } = about;
  const made = await database
    .insertInto('idempotency')
    .values({ owner, key, request_hash: hash })
    .onConflict((conflict) => conflict.columns(['owner', 'key']).doNothing())
    .executeTakeFirst();
  if (made.numInsertedOrUpdatedRows === 0n) return repeated(database, owner, key, hash);
  const mine = database.updateTable('idempotency').where('owner', '=', owner).where('key', '=', key);
  try {
    const answer = await act();
    await mine.set({ status: answer.status, answer: answer.body }).execute();
    return answer;
  } catch (error) {
    if (error instanceof HttpProblem) {
      await database.deleteFrom('idempotency').where('owner', '=', owner).where('key', '=', key).execute();
    }
    throw error;
  }
}

async function repeated(
  database: Kysely<Tables>,
  owner: string,
  key: string,
  hash: Buffer,
): Promise<StoredAnswer> {
  const row = await database
    .selectFrom('idempotency')
    .select(['request_hash', 'status', 'answer'])
    .where('owner', '=', owner)
    .where('key', '=', key)
    .executeTakeFirst();
  if (row !== undefined && !row.request_hash.equals(hash)) {
    throw new HttpProblem(
      'idempotency-conflict',
      'This idempotency key was used for another request; nothing was done. Take a new key.',
    );
  }
  if (row?.status === undefined || row.status === null) {
    throw new HttpProblem(
      'idempotency-under-way',
      'The first request with this key has not ended, or the server stopped while it ran. Look at what came of it before you ask for it with a new key.',
    );
  }
  return { status: row.status, body: row.answer ?? '' };
}

/** Forgets keys that nobody repeats any more. */
export async function forgetOldKeys(database: Kysely<Tables>): Promise<void> {
  await database
    .deleteFrom('idempotency')
    .where('made_at', '<', new Date(Date.now() - KEPT_MS))
    .execute();
}
