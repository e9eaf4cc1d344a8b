/** Finds out who makes a request: the data folder's token, a signature, a session, or the demo on this machine. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { type Caller, anonymous } from '../http/caller.ts';
import type { SignedMessage } from '../http/message-signature.ts';
import { HttpProblem } from '../http/problem.ts';
import { DEMO_OWNER } from '../worker/demo-connection.ts';
import { type Sessions, sessionCookie } from './sessions.ts';
import type { Tokens } from './tokens.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
/** How long another server of the installation may still show the demo after the first account was made there. */
const UNCLAIMED_MS = 1_000;

export class Identities {
  readonly #database: Kysely<Tables>;
  readonly #installationToken: string;
  readonly #sessions: Sessions;
  readonly #tokens: Tokens;
  /** Workspace of the first account; the demo's until there is one. */
  #workspace = DEMO_OWNER;
  #claimed = false;
  #unclaimedUntil = 0;

  constructor(database: Kysely<Tables>, installationToken: string, sessions: Sessions, tokens: Tokens) {
    this.#database = database;
    this.#installationToken = installationToken;
    this.#sessions = sessions;
    this.#tokens = tokens;
  }

  async identify(
    headers: IncomingHttpHeaders,
    message: () => SignedMessage,
    address: string,
  ): Promise<Caller> {
    if (headers.authorization !== undefined) return this.#installation(headers.authorization, address);
    const { 'signature-input': input, signature } = headers;
    if (typeof input === 'string' && typeof signature === 'string')
      return this.#tokens.authenticate(message(), { 'signature-input': input, signature }, address);
    const cookie = sessionCookie(headers.cookie);
    if (cookie !== null) {
      const caller = await this.#sessions.find(cookie, address);
      if (caller !== null) return caller;
    }
    if (LOOPBACK.has(address) && !(await this.claimed())) return demo(address);
    return anonymous(address);
  }

  /** Whether an account exists: from then on the demo workspace needs one, too. */
  async claimed(): Promise<boolean> {
    if (this.#claimed || Date.now() < this.#unclaimedUntil) return this.#claimed;
    const row = await this.#database
      .selectFrom('account')
      .select('owner')
      .orderBy('made_at')
      .limit(1)
      .executeTakeFirst();
    this.#claimed = row !== undefined;
    this.#workspace = row?.owner ?? DEMO_OWNER;
    this.#unclaimedUntil = Date.now() + UNCLAIMED_MS;
    return this.#claimed;
  }

  /** An account was made here: look again. */
  claim(): void {
    this.#unclaimedUntil = 0;
  }

  /** Whoever can read the data folder owns the installation already; the token is proof of that. */
  async #installation(authorization: string, address: string): Promise<Caller> {
    const given = Buffer.from(authorization);
    const expected = Buffer.from(`Bearer ${this.#installationToken}`);
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new HttpProblem(
        'not-signed-in',
        'This needs the token of the running installation; nothing was done.',
      );
    await this.claimed();
    return { ...demo(address), kind: 'installation', owner: this.#workspace, name: 'command line' };
  }
}

function demo(address: string): Caller {
  return {
    kind: 'demo',
    owner: DEMO_OWNER,
    role: 'owner',
    account: null,
    session: null,
    name: 'demo',
    address,
  };
}
