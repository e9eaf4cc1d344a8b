import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ApiClient, ApiProblem, apiClient } from '@counterfoil/api';
import type { GateResult, Intent } from '@counterfoil/vocabulary/protocol';
import type { HttpOptions } from '../src/http/start.ts';
import { Authenticator } from './_authenticator.ts';
import { embeddedServer } from './_database.ts';
import { startHttp } from './_http.ts';

const refusedWith = (code: string) => (error: unknown) =>
  error instanceof ApiProblem && error.problem.code === code;

/** A browser: keeps the cookie that it is given. */
class Browser {
  readonly api: ApiClient;
  cookie = '';

  constructor(url: string) {
    this.api = apiClient(async (path, init) => {
      const headers: Record<string, string> = { ...init.headers, origin: url };
      if (this.cookie !== '') headers['cookie'] = this.cookie;
      const answer = await fetch(url + path, { ...init, headers });
      const set = answer.headers.get('set-cookie');
      if (set !== null) {
        assert.match(set, /HttpOnly; SameSite=Strict/);
        this.cookie = set.split(';')[0] ?? '';
      }
      return answer;
    });
  }
}

async function start(t: TestContext, options: Partial<HttpOptions> = {}) {
  const { kysely } = await embeddedServer.database(t);
  const http = await startHttp(t, kysely, options);
  return { ...http, database: kysely, browser: () => new Browser(http.url) };
}

async function register(browser: Browser, key: Authenticator, origin: string) {
  const { ceremony, options } = await browser.api.beginRegistration({ body: { name: 'Ada' } });
  return browser.api.finishRegistration({ body: { ceremony, response: key.register(options, origin) } });
}

test('a passkey makes the account, signs in, and nothing in the database is a session', async (t) => {
  const { url, browser, database } = await start(t);
  const [first, key] = [browser(), new Authenticator()];
  const { session, recoveryKey } = await register(first, key, url);
  assert.deepEqual([session.kind, session.role, session.account?.name], ['account', 'owner', 'Ada']);
  assert.match(recoveryKey, /^([A-Z2-7]{4}-){7}[A-Z2-7]{4}$/);
  await first.api.signOut();
  await assert.rejects(first.api.listPasskeys(), refusedWith('not-signed-in'));

  const second = browser();
  const { ceremony, options } = await second.api.beginSignIn();
  const response = key.signIn(options, url);
  assert.equal((await second.api.finishSignIn({ body: { ceremony, response } })).kind, 'account');
  await assert.rejects(second.api.finishSignIn({ body: { ceremony, response } }), refusedWith('refused'));

  const rows = await database.selectFrom('session').selectAll().execute();
  const stored = JSON.stringify(rows, (_name, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
  assert.ok(!stored.includes(second.cookie.split('.')[2] ?? '?'));
  const deeds = (await second.api.listActivity()).items.map(({ what }) => what);
  assert.deepEqual(deeds, ['signed-in', 'account-made']);
  await assert.rejects(
    second.api.removePasskey({ params: { passkey: key.id.toString('base64url') } }),
    refusedWith('conflict'),
  );
});

test('an answer for another site, of another key, or for another challenge signs nobody in', async (t) => {
  const { url, browser } = await start(t);
  const [owner, key] = [browser(), new Authenticator()];
  await assert.rejects(register(owner, key, 'http://evil.example'), refusedWith('refused'));
  await register(owner, key, url);
  const stranger = browser();
  const begin = () => stranger.api.beginSignIn();
  const finish = (ceremony: string, response: ReturnType<Authenticator['signIn']>) =>
    stranger.api.finishSignIn({ body: { ceremony, response } });
  const one = await begin();
  await assert.rejects(
    finish(one.ceremony, key.signIn(one.options, 'http://evil.example')),
    refusedWith('refused'),
  );
  const two = await begin();
  const other = new Authenticator();
  await assert.rejects(finish(two.ceremony, other.signIn(two.options, url)), refusedWith('refused'));
  const three = await begin();
  await assert.rejects(finish(three.ceremony, key.signIn(one.options, url)), refusedWith('refused'));
  assert.equal(stranger.cookie, '');
});

test('a second account needs an invitation, which works once and gives its role', async (t) => {
  const { url, browser } = await start(t);
  const owner = browser();
  await register(owner, new Authenticator(), url);
  await assert.rejects(register(browser(), new Authenticator(), url), refusedWith('conflict'));
  const { invitation } = await owner.api.addMember({ body: { name: 'Bob', role: 'viewer' } });
  const guest = browser();
  const accept = async (): Promise<string> => {
    const { ceremony, options } = await guest.api.acceptInvitation({ body: { invitation } });
    const response = new Authenticator().register(options, url);
    return (await guest.api.finishRegistration({ body: { ceremony, response } })).session.role ?? '';
  };
  assert.equal(await accept(), 'viewer');
  await assert.rejects(accept(), refusedWith('refused'));
  await assert.rejects(
    guest.api.addMember({ body: { name: 'Eve', role: 'trader' } }),
    refusedWith('not-allowed'),
  );
});

test('guessing the recovery key is braked per account, from whatever addresses', async (t) => {
  const { url, browser, database } = await start(t);
  const owner = browser();
  const { session } = await register(owner, new Authenticator(), url);
  const account = `demo/${session.account?.id ?? ''}`;
  const guess = 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA';
  const codes: string[] = [];
  for (let n = 0; n < 8; n++) {
    await browser()
      .api.beginRecovery({ body: { account, recoveryKey: guess } })
      .catch((error: unknown) => codes.push(error instanceof ApiProblem ? error.problem.code : 'other'));
  }
  assert.deepEqual(
    codes.slice(0, 4),
    Array.from({ length: 4 }, () => 'refused'),
  );
  assert.deepEqual(
    [...new Set(codes.slice(4))],
    ['too-many'],
    'after typing errors each failure costs a wait',
  );
  const row = await database.selectFrom('brake').selectAll().executeTakeFirstOrThrow();
  assert.equal(row.failures, 4, 'a braked guess is not looked at');
});

test('a recovery without a live connection needs no vault, and freezes nothing', async (t) => {
  const { url, browser } = await start(t, { gateSession: async () => null });
  const { session, recoveryKey } = await register(browser(), new Authenticator(), url);
  const rescue = browser();
  const body = { account: `demo/${session.account?.id ?? ''}`, recoveryKey };
  const { ceremony, options } = await rescue.api.beginRecovery({ body });
  const response = new Authenticator().register(options, url);
  const recovered = await rescue.api.finishRecovery({ body: { ceremony, response } });
  assert.equal(recovered.session.recovering, true);
});

test('a recovery freezes first, ends every session, and does not happen where nothing can be frozen', async (t) => {
  const asked: Intent[] = [];
  let isThere = false;
  // The gate's place in this test: it writes down what it is asked.
  const gateSession: HttpOptions['gateSession'] = async () =>
    isThere
      ? {
          epoch: 1,
          ask: async (intent: Intent): Promise<GateResult> => (asked.push(intent), { kind: 'done' }),
          closed: new Promise(() => {}),
          listen: () => {},
        }
      : null;
  const { url, browser, database } = await start(t, { gateSession });
  for (const [id, venue] of [
    ['real', 'binance'],
    ['play', 'paper'],
  ] as const)
    await database
      .insertInto('connection')
      .values({ owner: 'demo', id, venue, label: id, api_key_id: 'k' })
      .execute();
  const owner = browser();
  const { session, recoveryKey } = await register(owner, new Authenticator(), url);
  const body = { account: `demo/${session.account?.id ?? ''}`, recoveryKey };
  const rescue = browser();
  const recover = async () => {
    const { ceremony, options } = await rescue.api.beginRecovery({ body });
    const response = new Authenticator().register(options, url);
    return rescue.api.finishRecovery({ body: { ceremony, response } });
  };
  await assert.rejects(recover(), refusedWith('vault-away'));
  assert.equal((await owner.api.listPasskeys()).items.length, 1, 'nothing was changed');
  isThere = true;
  const recovered = await recover();
  assert.equal(recovered.session.recovering, true);
  const scope = { kind: 'connection', connection: 'real' };
  assert.deepEqual(asked, [{ kind: 'freeze', scope, depth: 'everything' }], 'simulated money trades on');
  await assert.rejects(owner.api.listPasskeys(), refusedWith('not-signed-in'));
  await assert.rejects(recover(), refusedWith('refused'), 'the old key is used up');
});
