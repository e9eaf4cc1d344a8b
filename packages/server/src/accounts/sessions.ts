/** Sessions: an opaque cookie whose secret part is kept as a hash; it ends by time or by its owner. */
import type { Role } from '@counterfoil/api';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { Caller } from '../http/caller.ts';
import { hashOf, matches, newId, newSecret } from './secrets.ts';

export const COOKIE = 'counterfoil';
const LASTS_MS = 30 * 24 * 3_600_000;
/** How long another server of the same installation may still honour what was ended here. */
const KNOWN_MS = 2_000;
const KNOWN_MAX = 1_000;
/** `last_seen_at` is for people: a minute is fine enough, and spares a write per request. */
const SEEN_MS = 60_000;

interface Known {
  readonly caller: Omit<Caller, 'address'>;
  readonly until: number;
}

export class Sessions {
  readonly #database: Kysely<Tables>;
  readonly #onEnd: () => void;
  readonly #known = new Map<string, Known>();

  /** `onEnd` is called when sessions have ended, or may have. */
  constructor(database: Kysely<Tables>, onEnd: () => void) {
    this.#database = database;
    this.#onEnd = onEnd;
  }

  /** The cookie's value. */
  async open(owner: string, account: string, agent: string, address: string): Promise<string> {
    const [id, secret] = [newId('s'), newSecret()];
    const expires_at = new Date(Date.now() + LASTS_MS);
    await this.#database
      .insertInto('session')
      .values({ owner, id, account, hash: hashOf(secret), agent: printable(agent), address, expires_at })
      .execute();
    return `${owner}.${id}.${secret}`;
  }

  async find(cookie: string, address: string): Promise<Caller | null> {
    const known = this.#known.get(cookie);
    if (known !== undefined && known.until > Date.now()) return { ...known.caller, address };
    this.#known.delete(cookie);
    const [owner = '', id = '', secret = '', ...rest] = cookie.split('.');
    if (rest.length > 0) return null;
    const row = await this.#database
      .selectFrom('session')
      .innerJoin('account', (join) =>
        join.onRef('account.owner', '=', 'session.owner').onRef('account.id', '=', 'session.account'),
      )
      .select(['session.hash', 'session.expires_at', 'session.last_seen_at', 'session.account'])
      .select(['account.name', 'account.role', 'account.removed_at'])
      .where('session.owner', '=', owner)
      .where('session.id', '=', id)
      .executeTakeFirst();
    if (row === undefined || row.removed_at !== null || !matches(row.hash, secret)) return null;
    if (row.expires_at.getTime() <= Date.now()) return null;
    if (row.last_seen_at.getTime() < Date.now() - SEEN_MS) await this.#seen(owner, id);
    const caller = member(owner, row.role, { id: row.account, name: row.name }, id);
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    this.#known.set(cookie, { caller, until: Date.now() + KNOWN_MS });
    return { ...caller, address };
  }

  async end(owner: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#database
      .deleteFrom('session')
      .where('owner', '=', owner)
      .where('id', '=', id)
      .executeTakeFirst();
    this.forget();
    return numDeletedRows > 0n;
  }

  /** All sessions of an account; `but` is left. */
  async endAll(owner: string, account: string, but: string | null): Promise<void> {
    let query = this.#database
      .deleteFrom('session')
      .where('owner', '=', owner)
      .where('account', '=', account);
    if (but !== null) query = query.where('id', '<>', but);
    await query.execute();
    this.forget();
  }

  /** What is known of sessions and roles may have changed. */
  forget(): void {
    this.#known.clear();
    this.#onEnd();
  }

  async #seen(owner: string, id: string): Promise<void> {
    await this.#database
      .updateTable('session')
      .set({ last_seen_at: new Date() })
      .where('owner', '=', owner)
      .where('id', '=', id)
      .execute();
  }
}

function member(
  owner: string,
  role: Role,
  account: { readonly id: string; readonly name: string },
  session: string,
): Omit<Caller, 'address'> {
  return { kind: 'account', owner, role, account, session, name: account.name };
}

/** What a browser calls itself, without what could break a line. */
function printable(agent: string): string {
  return agent.replace(/[^ -~]/g, '').slice(0, 200);
}

/** The cookie among those that a browser sent. */
export function sessionCookie(header: string | undefined): string | null {
  for (const part of header?.split(';') ?? []) {
    const [name, value] = part.trim().split('=', 2);
    if (name === COOKIE && value !== undefined && value.length <= 200) return value;
  }
  return null;
}

/** `Set-Cookie` for a session, or for its end. Scripts cannot read it and other sites cannot send it. */
export function cookieHeader(value: string | null): string {
  const common = 'Path=/; HttpOnly; SameSite=Strict';
  return value === null
    ? `${COOKIE}=; Max-Age=0; ${common}`
    : `${COOKIE}=${value}; Max-Age=${LASTS_MS / 1_000}; ${common}`;
}
