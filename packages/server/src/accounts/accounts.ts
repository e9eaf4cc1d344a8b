/** Accounts: made with a passkey, recovered with the printed key, signed in with either kind of device. */
import type { AnswerOf, BodyOf } from '@counterfoil/api';
import { type Kysely, type Transaction, sql } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { Caller } from '../http/caller.ts';
import { HttpProblem } from '../http/problem.ts';
import { DEMO_OWNER } from '../worker/demo-connection.ts';
import { record } from './activity.ts';
import type { Brakes } from './brakes.ts';
import type { OwnerKeys } from './owner-keys.ts';
import { Ceremonies } from './ceremonies.ts';
import {
  type NewPasskey,
  type RelyingParty,
  registrationOptions,
  signInOptions,
  userHandle,
  verifyRegistration,
  verifySignIn,
} from './passkeys.ts';
import { hashOf, matches, newId, newRecoveryKey } from './secrets.ts';

type Begun = AnswerOf<'beginSignIn'>;
type Registered = BodyOf<'finishRegistration'>['response'];
type Write = Kysely<Tables> | Transaction<Tables>;

export interface SignedIn {
  readonly owner: string;
  readonly account: string;
}

export class Accounts {
  readonly #database: Kysely<Tables>;
  readonly #party: RelyingParty;
  readonly #brakes: Brakes;
  readonly #ceremonies = new Ceremonies();
  readonly #ownerKeys: OwnerKeys;

  constructor(database: Kysely<Tables>, party: RelyingParty, brakes: Brakes, ownerKeys: OwnerKeys) {
    this.#database = database;
    this.#party = party;
    this.#brakes = brakes;
    this.#ownerKeys = ownerKeys;
  }

  /** The first account of an installation; all others are invited. */
  beginRegistration(name: string): Begun {
    const account = newId('a');
    const { challenge, options } = registrationOptions(this.#party, {
      handle: userHandle(DEMO_OWNER, account),
      name,
      known: [],
    });
    return { ceremony: this.#ceremonies.begin({ kind: 'register', challenge, name, account }), options };
  }

  async beginInvited(invitation: string): Promise<Begun> {
    const [owner = '', secret = ''] = invitation.split('.', 2);
    const hash = hashOf(secret);
    const row = await this.#database
      .selectFrom('invitation')
      .select(['name', 'role'])
      .where('owner', '=', owner)
      .where('hash', '=', hash)
      .where('expires_at', '>', new Date())
      .executeTakeFirst();
    if (row === undefined)
      throw new HttpProblem('refused', 'This invitation is used, over or mistyped. Ask for a new one.');
    const account = newId('a');
    const { name, role } = row;
    const handle = userHandle(owner, account);
    const { challenge, options } = registrationOptions(this.#party, { handle, name, known: [] });
    const begun = { kind: 'invited', challenge, owner, name, account, role, invitation: hash } as const;
    return { ceremony: this.#ceremonies.begin(begun), options };
  }

  /** Makes the account; its recovery key is in the answer and nowhere else. */
  async finishRegistration(
    ceremonyId: string,
    response: Registered,
    address: string,
  ): Promise<SignedIn & { readonly recoveryKey: string }> {
    const ceremony = this.#ceremonies.finish(ceremonyId, ['register', 'invited']);
    const passkey = await verifyRegistration(this.#party, ceremony.challenge, response);
    const { name, account } = ceremony;
    const owner = ceremony.kind === 'register' ? DEMO_OWNER : ceremony.owner;
    const role = ceremony.kind === 'register' ? 'owner' : ceremony.role;
    const recoveryKey = newRecoveryKey();
    await this.#database.transaction().execute(async (write) => {
      if (ceremony.kind === 'register') await claimWorkspace(write, owner);
      else await useInvitation(write, owner, ceremony.invitation);
      await write
        .insertInto('account')
        .values({ owner, id: account, name, role, recovery_hash: hashOf(recoveryKey) })
        .execute();
      await addPasskey(write, owner, account, 'first passkey', passkey);
      await record(write, owner, person(name, address), 'account-made', { role });
    });
    if (ceremony.kind === 'register')
      await this.#ownerKeys.introduce(owner, passkey.id, response.response.publicKey);
    return { owner, account, recoveryKey };
  }

  beginSignIn(address: string): Begun {
    this.#brakes.checkAddress(address);
    const { challenge, options } = signInOptions(this.#party);
    return { ceremony: this.#ceremonies.begin({ kind: 'sign-in', challenge }), options };
  }

  async finishSignIn(
    ceremonyId: string,
    response: BodyOf<'finishSignIn'>['response'],
    address: string,
  ): Promise<SignedIn> {
    this.#brakes.checkAddress(address);
    const ceremony = this.#ceremonies.finish(ceremonyId, ['sign-in']);
    const handle = Buffer.from(response.response.userHandle ?? '', 'base64url').toString('utf8');
    const [owner = '', account = ''] = handle.split('/', 2);
    const stored = await this.#database
      .selectFrom('passkey')
      .innerJoin('account', (join) =>
        join.onRef('account.owner', '=', 'passkey.owner').onRef('account.id', '=', 'passkey.account'),
      )
      .select([
        'passkey.id',
        'passkey.public_key',
        'passkey.sign_count',
        'passkey.transports',
        'account.name',
      ])
      .where('passkey.owner', '=', owner)
      .where('passkey.account', '=', account)
      .where('passkey.id', '=', response.id)
      .where('account.removed_at', 'is', null)
      .executeTakeFirst();
    if (stored === undefined) {
      this.#brakes.addressFailed(address);
      throw new HttpProblem('refused', 'This passkey belongs to no account here; nobody was signed in.');
    }
    await this.#brakes.check(owner, account, address);
    const signCount = await verifySignIn(this.#party, ceremony.challenge, response, stored).catch(
      async (error: unknown) => {
        await this.#brakes.failed(owner, account, address);
        throw error;
      },
    );
    await this.#brakes.succeeded(owner, account);
    await this.#database
      .updateTable('passkey')
      .set({ sign_count: BigInt(signCount), last_used_at: new Date() })
      .where('owner', '=', owner)
      .where('id', '=', stored.id)
      .execute();
    await record(this.#database, owner, person(stored.name, address), 'signed-in', {});
    return { owner, account };
  }

  /** `accountName` as the welcome sheet printed it: `workspace/account`. */
  async beginRecovery(accountName: string, recoveryKey: string, address: string): Promise<Begun> {
    const [owner = '', account = ''] = accountName.split('/', 2);
    await this.#brakes.check(owner, account, address);
    const row = await this.#database
      .selectFrom('account')
      .select(['name', 'recovery_hash'])
      .where('owner', '=', owner)
      .where('id', '=', account)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    if (row === undefined || !matches(row.recovery_hash, recoveryKey)) {
      await this.#brakes.failed(owner, account, address);
      throw new HttpProblem(
        'refused',
        'Account and recovery key do not belong together; nothing was changed.',
      );
    }
    const handle = userHandle(owner, account);
    const { challenge, options } = registrationOptions(this.#party, {
      handle,
      name: row.name,
      known: [],
    });
    return { ceremony: this.#ceremonies.begin({ kind: 'recover', challenge, owner, account }), options };
  }

  /**
   * A new passkey and a new recovery key; the old passkeys and all sessions end. Live connections are frozen first: a
   * recovery that cannot freeze them does not happen. Simulated money trades on: a freeze of it could need the very
   * passkey that was lost.
   */
  async finishRecovery(
    ceremonyId: string,
    response: Registered,
    address: string,
  ): Promise<SignedIn & { readonly recoveryKey: string }> {
    const { challenge, owner, account } = this.#ceremonies.finish(ceremonyId, ['recover']);
    const passkey = await verifyRegistration(this.#party, challenge, response);
    await this.#ownerKeys.freeze(await this.#liveConnections(owner));
    const recoveryKey = newRecoveryKey();
    await this.#database.transaction().execute(async (write) => {
      const { name } = await write
        .updateTable('account')
        .set({ recovery_hash: hashOf(recoveryKey), recovering: true })
        .where('owner', '=', owner)
        .where('id', '=', account)
        .returning('name')
        .executeTakeFirstOrThrow();
      for (const table of ['passkey', 'session'] as const)
        await write.deleteFrom(table).where('owner', '=', owner).where('account', '=', account).execute();
      await addPasskey(write, owner, account, 'passkey after recovery', passkey);
      await record(write, owner, person(name, address), 'recovered', {});
    });
    await this.#brakes.succeeded(owner, account);
    return { owner, account, recoveryKey };
  }

  async #liveConnections(owner: string): Promise<readonly string[]> {
    const rows = await this.#database
      .selectFrom('connection')
      .select('id')
      .where('owner', '=', owner)
      .where('venue', '<>', 'paper')
      .where('removed_at', 'is', null)
      .execute();
    return rows.map(({ id }) => id);
  }

  async beginPasskey(owner: string, account: string, name: string): Promise<Begun> {
    const rows = await this.#database
      .selectFrom('passkey')
      .select('id')
      .where('owner', '=', owner)
      .where('account', '=', account)
      .execute();
    const known = rows.map((row) => row.id);
    const handle = userHandle(owner, account);
    const { challenge, options } = registrationOptions(this.#party, { handle, name, known });
    return { ceremony: this.#ceremonies.begin({ kind: 'add', challenge, owner, account }), options };
  }

  async finishPasskey(
    caller: Pick<Caller, 'kind' | 'name' | 'address'> & SignedIn,
    ceremonyId: string,
    label: string,
    response: Registered,
  ): Promise<string> {
    const { owner, account } = caller;
    const ceremony = this.#ceremonies.finish(ceremonyId, ['add']);
    if (ceremony.owner !== owner || ceremony.account !== account)
      throw new HttpProblem('refused', 'This was begun by somebody else. Begin again.');
    const passkey = await verifyRegistration(this.#party, ceremony.challenge, response);
    await this.#database.transaction().execute(async (write) => {
      await addPasskey(write, owner, account, label, passkey);
      await record(write, owner, caller, 'passkey-added', { name: label });
    });
    return passkey.id;
  }
}

function person(name: string, address: string): Pick<Caller, 'kind' | 'name' | 'address'> {
  return { kind: 'account', name, address };
}

/** The demo's workspace becomes its first account's, once. */
async function claimWorkspace(write: Write, owner: string): Promise<void> {
  const made = await write
    .insertInto('workspace')
    .values({ owner, name: 'My workspace' })
    .onConflict((conflict) => conflict.column('owner').doNothing())
    .executeTakeFirst();
  if (made.numInsertedOrUpdatedRows === 1n) return;
  throw new HttpProblem('conflict', 'An account exists here already. Ask its owner for an invitation.');
}

async function useInvitation(write: Write, owner: string, hash: Buffer): Promise<void> {
  const used = await write
    .deleteFrom('invitation')
    .where('owner', '=', owner)
    .where('hash', '=', hash)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
  if (used.numDeletedRows === 0n)
    throw new HttpProblem('refused', 'This invitation was used meanwhile. Ask for a new one.');
}

async function addPasskey(
  write: Write,
  owner: string,
  account: string,
  label: string,
  passkey: NewPasskey,
): Promise<void> {
  await write
    .insertInto('passkey')
    .values({
      owner,
      id: passkey.id,
      account,
      public_key: passkey.publicKey,
      sign_count: BigInt(passkey.signCount),
      transports: passkey.transports,
      backed_up: passkey.backedUp,
      label,
    })
    .execute();
}
