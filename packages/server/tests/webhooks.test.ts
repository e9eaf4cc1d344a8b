import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { apiClient } from '@counterfoil/api';
import { readSignatureInput, verifyMessage } from '../src/http/message-signature.ts';
import { isPublicAddress } from '../src/notifications/address-check.ts';
import { tellWatchers } from '../src/notifications/outbox-writer.ts';
import { embeddedServer } from './_database.ts';
import { startHttp } from './_http.ts';

interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

async function receiver(t: TestContext, answer: () => number) {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(answer(), { location: 'http://127.0.0.1:1/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { received, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook?x=1` };
}

async function start(t: TestContext, allowed: readonly string[]) {
  const { kysely } = await embeddedServer.database(t);
  const { url } = await startHttp(t, kysely, { webhookAddresses: allowed });
  return { database: kysely, api: apiClient((path, init) => fetch(url + path, init)) };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !holds();) {
    if (Date.now() > end) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const webhook = (url: string) => ({ kind: 'webhook', label: 'hook', url, level: 'info' }) as const;

test('notices arrive signed, in order, and again under their id where the answer was no', async (t) => {
  let failures = 2;
  const { received, url } = await receiver(t, () => (received.length > 1 && failures-- > 0 ? 503 : 204));
  const { api, database } = await start(t, ['127.0.0.1']);
  const channel = await api.createChannel({ body: webhook(url), idempotencyKey: 'make-channel' });
  assert.equal((await api.testChannel({ params: { channel: channel.id } })).state, 'delivered');
  for (const count of [0, 1, 0]) {
    const freeze = {
      scope: 'everything',
      connection: null,
      depth: 'everything',
      reason: 'asked',
      at: new Date().toISOString(),
    } as const;
    await tellWatchers(database, 'demo', { type: 'freezes', freezes: count === 0 ? [] : [freeze] });
  }
  await until('three notices arrive over two failures', () => received.length >= 6);
  const ids = received.map(({ headers }) => headers['webhook-id']);
  assert.deepEqual(ids, ['demo.1', 'demo.2', 'demo.2', 'demo.2', 'demo.3', 'demo.4']);
  const key = createPublicKey(channel.publicKeyPem);
  for (const { headers, body } of received) {
    const given = {
      'signature-input': String(headers['signature-input']),
      signature: String(headers['signature']),
    };
    const parameters = readSignatureInput(given['signature-input']);
    assert.ok(parameters !== null);
    const message = {
      method: 'POST',
      targetUri: url,
      body: Buffer.from(body),
      headers: [['webhook-id', String(headers['webhook-id'])]] as const,
    };
    assert.ok(verifyMessage(key, message, parameters, given));
    assert.ok(!verifyMessage(key, { ...message, body: Buffer.from(`${body} `) }, parameters, given));
  }
});

test('an address inside a machine or network is reached only where it was allowed, and no redirect is followed', async (t) => {
  const { received, url } = await receiver(t, () => 302);
  const { api } = await start(t, []);
  for (const inside of [
    url,
    url.replace('127.0.0.1', 'localhost'),
    url.replace('127.0.0.1', '[::ffff:127.0.0.1]'),
    url.replace('127.0.0.1', '2130706433'),
  ]) {
    const channel = await api.createChannel({ body: webhook(inside), idempotencyKey: crypto.randomUUID() });
    const { state, trouble } = await api.testChannel({ params: { channel: channel.id } });
    assert.equal(state, 'failing');
    assert.match(trouble ?? '', /inside a machine or network/);
  }
  assert.equal(received.length, 0);
  const weakened = await start(t, ['127.0.0.1']);
  const channel = await weakened.api.createChannel({ body: webhook(url), idempotencyKey: 'allowed-here' });
  const { trouble } = await weakened.api.testChannel({ params: { channel: channel.id } });
  assert.deepEqual([received.length, trouble], [1, 'answered HTTP 302']);
});

test('no spelling of a private address is a public one', () => {
  const inside = [
    '10.0.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
  ];
  const inside6 = [
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:db8::1',
    'ff02::1',
  ];
  for (const address of [...inside, ...inside6]) assert.ok(!isPublicAddress(address), address);
  for (const address of ['1.1.1.1', '93.184.216.34', '2606:4700:4700::1111'])
    assert.ok(isPublicAddress(address));
});
