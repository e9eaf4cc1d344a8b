/** Routes of people: session, passkeys, devices, tokens, members, activity. */
import type {
  Activity,
  Member as Person,
  Passkey,
  RouteName,
  Saying,
  Session,
  Token,
} from '@counterfoil/api';
import type { Kysely } from 'kysely';
import type { Accounts, SignedIn } from '../../accounts/accounts.ts';
import { record } from '../../accounts/activity.ts';
import type { Identities } from '../../accounts/identify.ts';
import { hashOf, newId, newSecret } from '../../accounts/secrets.ts';
import type { Sessions } from '../../accounts/sessions.ts';
import { readPublicKey } from '../../accounts/tokens.ts';
import type { Tables } from '../../database/tables.ts';
import { productVersion } from '../../product-version.ts';
import type { Caller, Member } from '../caller.ts';
import type { Call, Handlers } from '../handlers.ts';
import { pageOf, readNumberCursor } from '../page.ts';
import { HttpProblem, notFound } from '../problem.ts';

export interface SessionParts {
  readonly database: Kysely<Tables>;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly identities: Identities;
}

type Names = Extract<
  RouteName,
  | 'getSession'
  | `${'begin' | 'finish'}${'Registration' | 'SignIn' | 'Recovery' | 'Passkey'}`
  | 'acceptInvitation'
  | 'signOut'
  | `${'list' | 'remove'}${'Passkey' | 'Passkeys' | 'Device' | 'Devices' | 'Token' | 'Tokens' | 'Member' | 'Members'}`
  | 'createToken'
  | 'addMember'
  | 'changeMember'
  | 'listActivity'
>;

const INVITATION_MS = 24 * 3_600_000;

export function sessionHandlers(parts: SessionParts): Pick<Handlers, Names> {
  const { database, accounts, sessions, identities } = parts;

  const describe = async (caller: Caller): Promise<Session> => {
    const claimed = await identities.claimed();
    const { owner, account } = caller;
    // Nobody's demo has no row: its first account writes one.
    const workspace =
      owner === null || !claimed
        ? undefined
        : await database.selectFrom('workspace').select('name').where('owner', '=', owner).executeTakeFirst();
    const person =
      owner === null || account === null
        ? undefined
        : await database
            .selectFrom('account')
            .select('recovering')
            .where('owner', '=', owner)
            .where('id', '=', account.id)
            .executeTakeFirst();
    return {
      kind: caller.kind,
      account,
      workspace:
        owner === null
          ? null
          : { id: owner, name: workspace?.name ?? 'Demo', environment: 'paper', demo: !claimed },
      role: caller.role,
      recovering: person?.recovering ?? false,
      claimed,
      version: productVersion,
    };
  };

  /** Opens a session for who has just proven an account. */
  const signIn = async (
    { owner, account }: SignedIn,
    call: Pick<Call<'finishSignIn'>, 'agent' | 'setCookie' | 'caller'>,
  ): Promise<Session> => {
    const cookie = await sessions.open(owner, account, call.agent, call.caller.address);
    call.setCookie(cookie);
    identities.claim();
    const caller = await sessions.find(cookie, call.caller.address);
    if (caller === null) throw new Error('a session that was just opened is not found');
    return describe(caller);
  };

  const personOf = (caller: Member): { readonly id: string; readonly name: string } => {
    if (caller.account === null) throw new HttpProblem('not-allowed', 'This belongs to an account.');
    return caller.account;
  };

  return {
    getSession: async ({ caller }) => describe(caller),

    beginRegistration: async ({ body }) => {
      if (await identities.claimed())
        throw new HttpProblem('conflict', 'An account exists here already. Ask its owner for an invitation.');
      return accounts.beginRegistration(body.name);
    },
    acceptInvitation: async ({ body }) => accounts.beginInvited(body.invitation),
    finishRegistration: async (call) => {
      const { ceremony, response } = call.body;
      const { recoveryKey, ...made } = await accounts.finishRegistration(
        ceremony,
        response,
        call.caller.address,
      );
      return { session: await signIn(made, call), recoveryKey };
    },
    beginSignIn: async ({ caller }) => accounts.beginSignIn(caller.address),
    finishSignIn: async (call) => {
      const { ceremony, response } = call.body;
      return signIn(await accounts.finishSignIn(ceremony, response, call.caller.address), call);
    },
    beginRecovery: async ({ body, caller }) =>
      accounts.beginRecovery(body.account, body.recoveryKey, caller.address),
    finishRecovery: async (call) => {
      const { ceremony, response } = call.body;
      const { recoveryKey, ...made } = await accounts.finishRecovery(ceremony, response, call.caller.address);
      sessions.forget();
      return { session: await signIn(made, call), recoveryKey };
    },
    signOut: async ({ caller, setCookie }) => {
      if (caller.session !== null) await sessions.end(caller.owner, caller.session);
      setCookie(null);
      return undefined;
    },

    listPasskeys: async ({ caller }) => {
      const rows = await database
        .selectFrom('passkey')
        .select(['id', 'label', 'backed_up', 'made_at', 'last_used_at'])
        .where('owner', '=', caller.owner)
        .where('account', '=', personOf(caller).id)
        .orderBy('made_at')
        .execute();
      return {
        items: rows.map((row): Passkey => ({
          id: row.id,
          label: row.label,
          backedUp: row.backed_up,
          madeAt: row.made_at.toISOString(),
          lastUsedAt: row.last_used_at?.toISOString() ?? null,
        })),
        next: null,
      };
    },
    beginPasskey: async ({ caller }) => {
      const { id, name } = personOf(caller);
      return accounts.beginPasskey(caller.owner, id, name);
    },
    finishPasskey: async ({ caller, body }) => {
      const by = { ...caller, account: personOf(caller).id };
      const id = await accounts.finishPasskey(by, body.ceremony, body.label, body.response);
      return { id, label: body.label, backedUp: false, madeAt: new Date().toISOString(), lastUsedAt: null };
    },
    removePasskey: async ({ caller, params }) => {
      const { id } = personOf(caller);
      await database.transaction().execute(async (write) => {
        // Locked, so that two removals at once cannot take the last two.
        const rows = await write
          .selectFrom('passkey')
          .select(['id', 'label'])
          .where('owner', '=', caller.owner)
          .where('account', '=', id)
          .forUpdate()
          .execute();
        const found = rows.find((row) => row.id === params.passkey);
        if (found === undefined) throw notFound('passkey');
        if (rows.length === 1)
          throw new HttpProblem(
            'conflict',
            'The last passkey stays: without it nobody could sign in. Add another first.',
          );
        await write
          .deleteFrom('passkey')
          .where('owner', '=', caller.owner)
          .where('id', '=', found.id)
          .execute();
        await record(write, caller.owner, caller, 'passkey-removed', { name: found.label });
      });
      return undefined;
    },

    listDevices: async ({ caller }) => {
      const rows = await database
        .selectFrom('session')
        .select(['id', 'agent', 'address', 'made_at', 'last_seen_at'])
        .where('owner', '=', caller.owner)
        .where('account', '=', personOf(caller).id)
        .where('expires_at', '>', new Date())
        .orderBy('last_seen_at', 'desc')
        .execute();
      return {
        items: rows.map((row) => ({
          id: row.id,
          agent: row.agent,
          address: row.address,
          madeAt: row.made_at.toISOString(),
          lastSeenAt: row.last_seen_at.toISOString(),
          current: row.id === caller.session,
        })),
        next: null,
      };
    },
    removeDevice: async ({ caller, params }) => {
      const { id } = personOf(caller);
      const mine = await database
        .selectFrom('session')
        .select('id')
        .where('owner', '=', caller.owner)
        .where('id', '=', params.device)
        .where('account', '=', id)
        .executeTakeFirst();
      if (mine === undefined) throw notFound('device');
      await sessions.end(caller.owner, mine.id);
      return undefined;
    },

    listTokens: async ({ caller }) => {
      const rows = await database
        .selectFrom('api_token')
        .selectAll()
        .where('owner', '=', caller.owner)
        .orderBy('made_at')
        .execute();
      return { items: rows.map(tokenView), next: null };
    },
    createToken: async ({ caller, body }) => {
      const key = readPublicKey(body.publicKeyPem);
      if (key === null)
        throw new HttpProblem(
          'impossible',
          'This is not the public half of an Ed25519 key in PEM form; nothing was made.',
        );
      const row = {
        owner: caller.owner,
        id: newId('t'),
        label: body.label,
        role: body.role,
        public_key_pem: key.export({ type: 'spki', format: 'pem' }),
        addresses: body.addresses.join('\n'),
        made_by: caller.name,
        expires_at: body.expiresAt === null ? null : new Date(body.expiresAt),
      };
      await database.transaction().execute(async (write) => {
        await write.insertInto('api_token').values(row).execute();
        await record(write, caller.owner, caller, 'token-made', { name: body.label, role: body.role });
      });
      return tokenView({ ...row, made_at: new Date(), last_used_at: null });
    },
    removeToken: async ({ caller, params }) => {
      const [, id = ''] = params.token.split('.', 2);
      const row = await database
        .deleteFrom('api_token')
        .where('owner', '=', caller.owner)
        .where('id', '=', id)
        .returning('label')
        .executeTakeFirst();
      if (row === undefined) throw notFound('token');
      await record(database, caller.owner, caller, 'token-removed', { name: row.label });
      return undefined;
    },

    listMembers: async ({ caller }) => {
      const rows = await memberRows(database, caller.owner).orderBy('made_at').execute();
      return { items: rows.map(memberView), next: null };
    },
    addMember: async ({ caller, body }) => {
      const secret = newSecret();
      const expires_at = new Date(Date.now() + INVITATION_MS);
      await database
        .insertInto('invitation')
        .values({ owner: caller.owner, hash: hashOf(secret), name: body.name, role: body.role, expires_at })
        .execute();
      await record(database, caller.owner, caller, 'invited', { name: body.name, role: body.role });
      return { invitation: `${caller.owner}.${secret}` };
    },
    changeMember: async ({ caller, params, body }) => {
      if (params.account === caller.account?.id)
        throw new HttpProblem('conflict', 'Nobody changes their own role; another owner does.');
      const row = await database
        .updateTable('account')
        .set({ role: body.role })
        .where('owner', '=', caller.owner)
        .where('id', '=', params.account)
        .where('removed_at', 'is', null)
        .returning(['id', 'name', 'role', 'made_at'])
        .executeTakeFirst();
      if (row === undefined) throw notFound('person');
      sessions.forget();
      await record(database, caller.owner, caller, 'role-changed', { name: row.name, role: body.role });
      return memberView(row);
    },
    removeMember: async ({ caller, params }) => {
      if (params.account === caller.account?.id)
        throw new HttpProblem('conflict', 'Nobody removes themselves; another owner does.');
      const row = await database
        .updateTable('account')
        .set({ removed_at: new Date() })
        .where('owner', '=', caller.owner)
        .where('id', '=', params.account)
        .where('removed_at', 'is', null)
        .returning('name')
        .executeTakeFirst();
      if (row === undefined) throw notFound('person');
      await sessions.endAll(caller.owner, params.account, null);
      await record(database, caller.owner, caller, 'member-removed', { name: row.name });
      return undefined;
    },

    listActivity: async ({ caller, query }) => {
      const before = readNumberCursor(query);
      let rows = database
        .selectFrom('activity')
        .selectAll()
        .where('owner', '=', caller.owner)
        .orderBy('id', 'desc')
        .limit(query.limit + 1);
      if (before !== null) rows = rows.where('id', '<', before);
      return pageOf(await rows.execute(), query.limit, (row) => [String(row.id)], activityView);
    },
  };
}

function tokenView(row: {
  readonly owner: string;
  readonly id: string;
  readonly label: string;
  readonly role: 'viewer' | 'trader';
  readonly public_key_pem: string;
  readonly addresses: string;
  readonly made_at: Date;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
}): Token {
  return {
    id: `${row.owner}.${row.id}`,
    label: row.label,
    role: row.role,
    publicKeyPem: row.public_key_pem,
    addresses: row.addresses === '' ? [] : row.addresses.split('\n'),
    madeAt: row.made_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}

function memberRows(database: Kysely<Tables>, owner: string) {
  return database
    .selectFrom('account')
    .select(['id', 'name', 'role', 'made_at'])
    .where('owner', '=', owner)
    .where('removed_at', 'is', null);
}

function memberView(row: {
  readonly id: string;
  readonly name: string;
  readonly role: Person['role'];
  readonly made_at: Date;
}): Person {
  return { account: row.id, name: row.name, role: row.role, addedAt: row.made_at.toISOString() };
}

function activityView(row: {
  readonly id: bigint;
  readonly at: Date;
  readonly who_kind: Activity['who']['kind'];
  readonly who_name: string;
  readonly what: string;
  readonly sentence: string;
  readonly said: unknown;
  readonly address: string | null;
}): Activity {
  return {
    id: String(row.id),
    at: row.at.toISOString(),
    who: { kind: row.who_kind, name: row.who_name },
    what: row.what,
    sentence: row.sentence,
    said: row.said as Saying | null, // written by `record`
    address: row.address,
  };
}
