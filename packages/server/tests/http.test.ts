import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { request as plainRequest } from 'node:http';
import { type TestContext, describe, test } from 'node:test';
import { ApiProblem, type ApiClient, type BodyOf, apiClient } from '@counterfoil/api';
import { type SignatureParameters, signMessage } from '../src/http/message-signature.ts';
import { embeddedServer } from './_database.ts';
import { installationToken, startHttp } from './_http.ts';

async function start(t: TestContext) {
  const { kysely } = await embeddedServer.database(t);
  const http = await startHttp(t, kysely);
  return { ...http, database: kysely };
}

/** As a program on this machine calls: no cookie, no origin. */
function clientOf(url: string, headers: Readonly<Record<string, string>> = {}): ApiClient {
  return apiClient((path, init) => fetch(url + path, { ...init, headers: { ...init.headers, ...headers } }));
}

const refusedWith = (code: string) => (error: unknown) =>
  error instanceof ApiProblem && error.problem.code === code;

/** A raw request, with headers that `fetch` would not let through. */
function raw(
  port: number,
  options: { readonly method: string; readonly path: string; readonly headers: Record<string, string> },
  body = '',
): Promise<{
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}> {
  return new Promise((resolve, reject) => {
    const request = plainRequest({ host: '127.0.0.1', port, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

describe('names and origins', () => {
  test('a name that is not ours reaches nothing, whatever it resolves to', async (t) => {
    const { port } = await start(t);
    for (const host of ['evil.example', `evil.example:${port}`, `localhost:${port}.evil.example`]) {
      const answer = await raw(port, { method: 'GET', path: '/api/v1/session', headers: { host } });
      assert.ok(answer.status === 421 || answer.status === 400, host);
    }
  });

  test('a browser that asks for a page at 127.0.0.1 is led to the origin, a program is not', async (t) => {
    const { port } = await start(t);
    const host = `127.0.0.1:${port}`;
    const page = await raw(port, {
      method: 'GET',
      path: '/bots?x=1',
      headers: { host, accept: 'text/html,*/*' },
    });
    assert.deepEqual([page.status, page.headers['location']], [302, `http://localhost:${port}/bots?x=1`]);
    const program = await raw(port, { method: 'GET', path: '/livez', headers: { host } });
    assert.equal(program.status, 200);
  });

  test('a write that another site’s page made is refused, and one with a cookie and no origin', async (t) => {
    const { port } = await start(t);
    const json = { host: `localhost:${port}`, 'content-type': 'application/json' };
    const own = { origin: `http://localhost:${port}`, 'sec-fetch-site': 'same-origin' };
    const send = async (headers: Record<string, string>) =>
      (await raw(port, { method: 'POST', path: '/api/v1/session/sign-in', headers: { ...json, ...headers } }))
        .status;
    assert.equal(await send(own), 200);
    assert.equal(await send({}), 200);
    assert.equal(await send({ origin: 'http://evil.example' }), 403);
    assert.equal(await send({ origin: `http://127.0.0.1:${port}` }), 403);
    assert.equal(await send({ origin: 'null' }), 403);
    assert.equal(await send({ 'sec-fetch-site': 'cross-site' }), 403);
    assert.equal(await send({ 'sec-fetch-site': 'same-site', origin: own.origin }), 403);
    assert.equal(await send({ cookie: 'counterfoil=a.b.c' }), 403);
  });

  test('every answer forbids framing, guessing and foreign code', async (t) => {
    const { url } = await start(t);
    for (const path of ['/', '/api/v1/session', '/nothing', '/healthz']) {
      const { headers } = await fetch(url + path);
      assert.match(
        headers.get('content-security-policy') ?? '',
        /default-src 'none'.*frame-ancestors 'none'/,
      );
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('referrer-policy'), 'no-referrer');
      assert.equal(headers.get('access-control-allow-origin'), null);
    }
  });
});

describe('callers', () => {
  test('without an account whoever is on this machine is the demo’s owner', async (t) => {
    const { url } = await start(t);
    const session = await clientOf(url).getSession();
    assert.deepEqual(
      [session.kind, session.role, session.workspace?.demo, session.claimed],
      ['demo', 'owner', true, false],
    );
  });

  test('once an account exists, nobody is signed in without a proof', async (t) => {
    const { url, database } = await start(t);
    await database.insertInto('workspace').values({ owner: 'demo', name: 'w' }).execute();
    await database
      .insertInto('account')
      .values({ owner: 'demo', id: 'a-1', name: 'Ada', role: 'owner', recovery_hash: Buffer.alloc(32) })
      .execute();
    const session = await clientOf(url).getSession();
    assert.deepEqual([session.kind, session.role, session.claimed], ['anonymous', null, true]);
    await assert.rejects(clientOf(url).listTokens(), refusedWith('not-signed-in'));
    const installation = clientOf(url, { authorization: `Bearer ${installationToken}` });
    assert.equal((await installation.getSession()).kind, 'installation');
    await assert.rejects(
      clientOf(url, { authorization: `Bearer ${'0'.repeat(64)}` }).getSession(),
      refusedWith('not-signed-in'),
    );
  });

  test('a request that a token’s key signed has the token’s role, once', async (t) => {
    const { url } = await start(t);
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const token = await clientOf(url).createToken({
      body: {
        label: 'reader',
        role: 'viewer',
        publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        addresses: [],
        expiresAt: null,
      },
      idempotencyKey: 'make-a-token',
    });
    const sign = (path: string, more: Partial<SignatureParameters> = {}, method = 'GET', key = privateKey) =>
      signMessage(
        key,
        { method, targetUri: url + path, body: null, headers: [] },
        {
          created: Math.floor(Date.now() / 1_000),
          keyId: token.id,
          nonce: crypto.randomUUID().replaceAll('-', ''),
          ...more,
        },
      );
    const ask = async (headers: object, path = '/api/v1/session') =>
      fetch(url + path, { headers: { ...headers } as Record<string, string> });

    // The server refuses what was signed in the second of its start or before.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const good = sign('/api/v1/session');
    assert.equal(((await (await ask(good)).json()) as { kind: string }).kind, 'token');
    assert.equal((await ask(good)).status, 401, 'a second time');
    assert.equal((await ask(sign('/api/v1/bots'))).status, 401, 'another path');
    assert.equal((await ask(sign('/api/v1/session', {}, 'POST'))).status, 401, 'another method');
    assert.equal((await ask(sign('/api/v1/session', { created: 1 }))).status, 401, 'long ago');
    const ahead = Math.floor(Date.now() / 1_000) + 3_600;
    assert.equal((await ask(sign('/api/v1/session', { created: ahead }))).status, 401, 'in an hour');
    const other = generateKeyPairSync('ed25519').privateKey;
    assert.equal((await ask(sign('/api/v1/session', {}, 'GET', other))).status, 401, 'another key');
    assert.equal(
      (await ask(sign('/api/v1/tokens'), '/api/v1/tokens')).status,
      403,
      'a viewer reads no tokens',
    );
  });
});

describe('form', () => {
  test('an unknown field, a body that is no JSON and another type are refused by code', async (t) => {
    const { url, port } = await start(t);
    const post = async (body: string, type = 'application/json') => {
      const answer = await raw(
        port,
        {
          method: 'POST',
          path: '/api/v1/session/registration',
          headers: { host: `localhost:${port}`, 'content-type': type },
        },
        body,
      );
      return (JSON.parse(answer.body) as { code: string }).code;
    };
    assert.equal(await post('{"name":"Ada","planted":1}'), 'bad-form');
    assert.equal(await post('{"name":"Ada","__proto__":{"a":1}}'), 'bad-form');
    assert.equal(await post('{"name":'), 'bad-form');
    assert.equal(await post('{"name":"a\\nb"}'), 'bad-form');
    assert.equal(await post('name=Ada', 'application/x-www-form-urlencoded'), 'wrong-type');
    assert.equal(await post('{"name":"Ada"}', 'text/plain'), 'wrong-type');
    assert.equal(await post(`{"name":"${'a'.repeat(300_000)}"}`), 'too-large');
    const twice = await fetch(`${url}/api/v1/session`, { method: 'PATCH' });
    assert.equal(((await twice.json()) as { code: string }).code, 'wrong-method');
    const nowhere = await fetch(`${url}/api/v1/nowhere`);
    assert.equal(((await nowhere.json()) as { code: string }).code, 'no-such-route');
  });

  test('a write with an idempotency key acts once, and the same again gets its answer', async (t) => {
    const { url, database } = await start(t);
    const api = clientOf(url);
    const publicKeyPem = generateKeyPairSync('ed25519')
      .publicKey.export({ type: 'spki', format: 'pem' })
      .toString();
    const body: BodyOf<'createToken'> = {
      label: 'one',
      role: 'viewer',
      publicKeyPem,
      addresses: [],
      expiresAt: null,
    };
    const made = await api.createToken({ body, idempotencyKey: 'key-number-1' });
    assert.deepEqual(await api.createToken({ body, idempotencyKey: 'key-number-1' }), made);
    assert.equal((await api.listTokens()).items.length, 1);
    await assert.rejects(
      api.createToken({ body: { ...body, label: 'two' }, idempotencyKey: 'key-number-1' }),
      refusedWith('idempotency-conflict'),
    );
    await assert.rejects(api.createToken({ body }), refusedWith('idempotency-key-needed'));
    // A server that died on the way leaves the key taken: what came of it must be looked up.
    await database.updateTable('idempotency').set({ answer: null }).execute();
    await database
      .insertInto('idempotency')
      .columns(['owner', 'key', 'request_hash'])
      .expression((eb) =>
        eb.selectFrom('idempotency').select(['owner', eb.val('key-number-2').as('key'), 'request_hash']),
      )
      .execute();
    await assert.rejects(
      api.createToken({ body, idempotencyKey: 'key-number-2' }),
      refusedWith('idempotency-under-way'),
    );
  });

  test('two at once with one key act once', async (t) => {
    const { url } = await start(t);
    const api = clientOf(url);
    const publicKeyPem = generateKeyPairSync('ed25519')
      .publicKey.export({ type: 'spki', format: 'pem' })
      .toString();
    const body: BodyOf<'createToken'> = {
      label: 'one',
      role: 'viewer',
      publicKeyPem,
      addresses: [],
      expiresAt: null,
    };
    const all = Array.from({ length: 8 }, () =>
      api.createToken({ body, idempotencyKey: 'at-the-same-time' }),
    );
    const settled = await Promise.allSettled(all);
    assert.equal((await api.listTokens()).items.length, 1);
    for (const one of settled)
      if (one.status === 'rejected')
        assert.ok(refusedWith('idempotency-under-way')(one.reason), String(one.reason));
  });
});
