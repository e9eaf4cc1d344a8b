import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Access, type Route, type RouteName, allows, routes } from '@counterfoil/api';
import { embeddedServer } from './_database.ts';
import { startHttp } from './_http.ts';
import { type RoleName, signedIn } from './_people.ts';

const table = Object.entries(routes) as [RouteName, Route][];
const refusals = new Set(['not-signed-in', 'not-allowed']);

interface Caller {
  readonly name: 'nobody' | RoleName;
  readonly headers: Readonly<Record<string, string>>;
}

const samples: Readonly<Record<string, string>> = {
  symbol: 'BTCUSDT',
  order: 'dca-1.1',
  deal: 'dca-1-1',
  trade: 'c1.BTCUSDT.1',
  token: 'demo.t-1',
};

function pathOf(route: Route, ids: Readonly<Record<string, string>> = samples): string {
  return route.path.replace(/:([a-zA-Z]+)/g, (_, name: string) => ids[name] ?? samples[name] ?? 'nobodys-id');
}

async function codeOf(
  url: string,
  route: Route,
  path: string,
  headers: object,
  body: unknown = {},
): Promise<string> {
  const answer = await fetch(url + path, {
    method: route.method,
    headers: {
      origin: url,
      'idempotency-key': crypto.randomUUID(),
      ...(route.body === null ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(route.body === null ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (answer.status < 400) return 'done';
  return (JSON.parse(text) as { readonly code: string }).code;
}

function mayCall({ name }: Caller, access: Access): boolean {
  if (access === 'public') return true;
  if (name === 'nobody') return false;
  return access === 'account' || allows(name, access);
}

async function everybody(t: TestContext) {
  const { kysely } = await embeddedServer.database(t);
  const http = await startHttp(t, kysely);
  const callers: Caller[] = [{ name: 'nobody', headers: {} }];
  for (const role of ['viewer', 'trader', 'owner'] as const)
    callers.push({ name: role, headers: { cookie: await signedIn(kysely, 'demo', role) } });
  return { ...http, callers, database: kysely };
}

/** Where the server refuses or lets in otherwise than the table says. */
async function breaches(
  url: string,
  callers: readonly Caller[],
  asNamed: (caller: Caller) => Caller,
): Promise<string[]> {
  const found: string[] = [];
  for (const [name, route] of table) {
    // It would end the session that the next question needs.
    if (name === 'signOut') continue;
    for (const caller of callers) {
      const code = await codeOf(url, route, pathOf(route), asNamed(caller).headers);
      assert.ok(code !== 'wrong-method' && code !== 'no-such-route', `${name} is answered`);
      if (refusals.has(code) === mayCall(caller, route.access))
        found.push(`${name} for ${caller.name}: ${code}`);
    }
  }
  return found;
}

test('every route lets in exactly the roles of its row', async (t) => {
  const { url, callers } = await everybody(t);
  assert.deepEqual(await breaches(url, callers, (caller) => caller), []);
});

test('a server that takes everybody for the owner is caught at every route that needs a role', async (t) => {
  const { url, callers } = await everybody(t);
  const owner = callers.find(({ name }) => name === 'owner');
  assert.ok(owner !== undefined);
  const found = await breaches(url, callers, () => owner);
  const guarded = table.filter(([name, { access }]) => access !== 'public' && name !== 'signOut').length;
  assert.ok(found.length >= guarded, 'at least nobody is let in wrongly at each');
});

test('the owner of another workspace finds nothing of this one, and changes nothing', async (t) => {
  const { url, database } = await everybody(t);
  const stranger = { cookie: await signedIn(database, 'others', 'owner') };
  await database
    .insertInto('connection')
    .values({ owner: 'demo', id: 'c1', venue: 'paper', label: 'mine', api_key_id: 'k' })
    .execute();
  await database
    .insertInto('channel')
    .values({ owner: 'demo', id: 'ch-1', label: 'mine', url: 'https://example.com/', level: 'info' })
    .execute();
  await database
    .insertInto('api_token')
    .values({
      owner: 'demo',
      id: 't-1',
      label: 'mine',
      role: 'viewer',
      public_key_pem: 'x',
      addresses: '',
      made_by: 'me',
      expires_at: null,
    })
    .execute();
  await database
    .insertInto('intent')
    .values({
      owner: 'demo',
      bot: 'manual',
      seq: 1n,
      connection: 'c1',
      body: JSON.stringify({
        symbol: 'BTCUSDT',
        side: 'buy',
        type: 'market',
        amount: '1',
        sizedBy: 'base',
        price: null,
      }),
      state: 'accepted',
      client_order_id: 'x',
      outcome: null,
      receipt: 'proof',
    })
    .execute();
  const ids = {
    connection: 'c1',
    channel: 'ch-1',
    token: 'demo.t-1',
    order: 'manual.1',
    account: 'a-viewer',
    device: 's-viewer',
    passkey: 'p1',
    bot: 'dca-1',
    deal: 'dca-1-1',
    smartTrade: 'smart-trade-1',
  };
  const bodies: Partial<Record<RouteName, unknown>> = {
    registerConnection: { apiKeyId: 'another' },
    rotateConnection: { keyType: 'ed25519', assertion: null },
    removeConnection: { assertion: null },
    changeMember: { role: 'owner' },
  };
  let asked = 0;
  for (const [name, route] of table) {
    if (!route.path.includes(':') || name === 'getCandles') continue;
    const code = await codeOf(url, route, pathOf(route, ids), stranger, bodies[name]);
    // What needs a whole body says so before it looks for anything.
    const expected =
      route.body === null || bodies[name] !== undefined ? ['not-found'] : ['not-found', 'bad-form'];
    assert.ok(expected.includes(code), `${name}: ${code}`);
    asked += 1;
  }
  assert.ok(asked > 30);
  for (const [name, route] of table) {
    if (route.method !== 'GET' || route.path.includes(':') || route.access === 'public') continue;
    const answer = await fetch(url + route.path, { headers: stranger });
    const text = await answer.text();
    for (const secret of ['mine', 'ch-1', 't-1', 'manual.1', '"c1"'])
      assert.ok(!text.includes(secret), `${name} tells a stranger ${secret}`);
  }
  const owned = await database.selectFrom('channel').select('id').where('owner', '=', 'demo').execute();
  assert.equal(owned.length, 1);
});
