/** An event stream lasts as long as the session that opened it. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { EVENTS_PATH } from '@counterfoil/api';
import fastify from 'fastify';
import { anonymous } from '../src/http/caller.ts';
import { EventStream } from '../src/http/events.ts';
import { tellWatchers } from '../src/notifications/outbox-writer.ts';
import { embeddedServer } from './_database.ts';
import { startHttp } from './_http.ts';
import { signedIn } from './_people.ts';

interface Stream {
  /** Resolves when the server ends it. */
  readonly ended: Promise<void>;
  /** Resolves at the next text that holds this. */
  readonly hears: (text: string) => Promise<void>;
}

async function open(t: TestContext, url: string, cookie = ''): Promise<Stream> {
  const stop = new AbortController();
  t.after(() => stop.abort());
  const answer = await fetch(url + EVENTS_PATH, { headers: { cookie }, signal: stop.signal });
  assert.equal(answer.status, 200);
  assert.ok(answer.body !== null);
  const body = answer.body.pipeThrough(new TextDecoderStream());
  const waiting = new Map<string, () => void>();
  const ended = (async () => {
    for await (const chunk of body) for (const [text, heard] of waiting) if (chunk.includes(text)) heard();
  })();
  // Cut off when the test ends.
  ended.catch(() => undefined);
  return { ended, hears: (text) => new Promise((resolve) => waiting.set(text, resolve)) };
}

test('a stream ends with its session, whoever ended it; those of others go on', async (t) => {
  const { kysely } = await embeddedServer.database(t);
  const { url } = await startHttp(t, kysely);
  const cookies = {
    viewer: await signedIn(kysely, 'demo', 'viewer'),
    trader: await signedIn(kysely, 'demo', 'trader'),
    owner: await signedIn(kysely, 'demo', 'owner'),
  };
  const send = (method: string, path: string, cookie: string): Promise<Response> =>
    fetch(`${url}/api/v1${path}`, { method, headers: { cookie, origin: url } });
  const [viewer, trader, other, owner] = await Promise.all([
    open(t, url, cookies.viewer),
    open(t, url, cookies.trader),
    open(t, url, cookies.trader),
    open(t, url, cookies.owner),
  ]);
  assert.equal((await send('POST', '/session/sign-out', cookies.trader)).status, 204);
  // Every tab of the session.
  await Promise.all([trader.ended, other.ended]);
  assert.equal((await send('DELETE', '/members/a-viewer', cookies.owner)).status, 204);
  await viewer.ended;
  for (const cookie of [cookies.viewer, cookies.trader])
    assert.equal((await fetch(url + EVENTS_PATH, { headers: { cookie } })).status, 401);
  const heard = owner.hears('freezes');
  await tellWatchers(kysely, 'demo', { type: 'freezes', freezes: [] });
  await heard;
});

test('a server that asks only once who is there streams on to who has left', async (t) => {
  const member = { ...anonymous('127.0.0.1'), kind: 'account', owner: 'demo', role: 'owner' } as const;
  const source = { head: () => Promise.resolve(0), read: () => Promise.resolve([]) };
  for (const isAskedAgain of [true, false]) {
    let hasLeft = false;
    const events = new EventStream(source, () => assert.fail());
    const server = fastify();
    events.route(server, () => Promise.resolve(hasLeft && isAskedAgain ? anonymous('127.0.0.1') : member));
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    t.after(async () => {
      events.close();
      await server.close();
    });
    const stream = await open(t, url);
    let atMs = 0;
    /** Resolves when the client has got a price; it takes its place in the feed a moment after its first bytes. */
    const reaches = async (symbol: string): Promise<void> => {
      let isThere = false;
      const heard = stream.hears(symbol).then(() => (isThere = true));
      while (!isThere) {
        events.price(symbol, '1', (atMs += 1_000));
        await Promise.race([heard, new Promise((resolve) => setTimeout(resolve, 20))]);
      }
    };
    await reaches('BTCUSDT');
    hasLeft = true;
    await events.recheck();
    await (isAskedAgain ? stream.ended : reaches('ETHUSDT'));
  }
});
