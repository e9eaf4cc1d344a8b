import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ConnectionId } from '@counterfoil/vocabulary';
import type { BuilderAnswer, WireRequest } from '@counterfoil/vocabulary/protocol';
import { type Change, type Scene, start } from './_at-venue.ts';
import { type Relay, asItIs } from './_relay-builder.ts';
import { binanceKey } from './_venue.ts';

interface Trader extends Scene {
  readonly connection: ConnectionId;
  /** Bodies of the orders that reached the venue. */
  readonly sent: () => readonly string[];
}

/** A key that was checked while its builder was still honest. */
async function startTrader(t: TestContext, more: readonly Change[] = []): Promise<Trader> {
  const scene = await start(t, 'paper', more);
  const connection = await scene.connect('alice', 'A'.repeat(64));
  assert.equal(await scene.check(connection), 'permissions');
  const sent = (): readonly string[] =>
    scene.venue.seen.filter(({ method }) => method === 'POST').map(({ body }) => body);
  return { ...scene, connection, sent };
}

const changed =
  (change: (request: WireRequest) => WireRequest): Relay =>
  (honest, say) =>
    say(honest.kind === 'built' ? { ...honest, request: change(honest.request) } : honest);

const unchecked: Change = { from: /checkParameters\d*\(text\d*, plan\d*\.parameters\);/u, to: '' };

const misstated = changed((request) => ({
  ...request,
  body: request.body.replace('quantity=0.001&', 'quantity=9&'),
}));

test('an order that its builder misstates is not sent, and freezes the key', async (t) => {
  const { builder, connection, order, sent } = await startTrader(t);
  builder.relay = misstated;
  assert.equal(await order(connection, 1), 'wire-check');
  builder.relay = asItIs;
  assert.equal(await order(connection, 2), 'frozen');
  assert.deepEqual(sent(), []);
});

test('a gate that does not compare parameters signs and sends it', async (t) => {
  const { builder, connection, order, sent } = await startTrader(t, [unchecked]);
  builder.relay = misstated;
  await order(connection, 1);
  assert.equal(sent().length, 1);
  assert.match(sent()[0] ?? '', /quantity=9&/u);
});

/** Asks in a way in which the venue would not say it. */
const evasive = changed((request) => ({
  ...request,
  url: request.url.replace('?', '?hide=enableWithdrawals&'),
}));

test('a builder cannot hide that a key can withdraw: it neither reads the answer nor changes the question', async (t) => {
  const { builder, connection, check, venue } = await startTrader(t);
  venue.binance = { ...binanceKey, enableWithdrawals: true };
  const asked = venue.seen.length;
  builder.relay = evasive;
  assert.equal(await check(connection), 'wire-check');
  assert.equal(venue.seen.length, asked);
});

test('a gate that does not compare parameters asks what its builder likes', async (t) => {
  const { builder, connection, check, venue } = await startTrader(t, [unchecked]);
  const asked = venue.seen.length;
  builder.relay = evasive;
  await check(connection);
  assert.equal(venue.seen.length, asked + 1);
});

test('a key that can withdraw is refused whatever its builder answers besides', async (t) => {
  const { builder, connection, check, venue } = await startTrader(t);
  venue.binance = { ...binanceKey, enableWithdrawals: true };
  builder.relay = (honest, say) => {
    say(honest);
    say(honest);
    say({ kind: 'failed', id: honest.id, sentence: 'enableWithdrawals is false' });
  };
  assert.equal(await check(connection), 'key-can-withdraw');
});

/** The bound on a builder's answer, shortened so that a test can wait for it, and taken away. */
const shortly: Change = { from: /ANSWER_MS_MAX = 5e3/u, to: 'ANSWER_MS_MAX = 700' };
const never: Change = { from: /ANSWER_MS_MAX = 5e3/u, to: 'ANSWER_MS_MAX = 2e9' };

const late: Relay = (honest, say) => void setTimeout(() => say(honest), 2_000);

const silences: Readonly<Record<string, Relay>> = {
  late,
  never: () => {},
  'to another question': (honest, say) => say({ ...honest, id: honest.id + 1_000 }),
  'with a refusal': (honest, say) => say({ kind: 'failed', id: honest.id, sentence: 'no' }),
};

for (const [how, relay] of Object.entries(silences)) {
  test(`a builder that answers ${how} has nothing sent, then or later, and the next one is used`, async (t) => {
    const { builder, connection, order, sent } = await startTrader(t, [shortly]);
    builder.relay = relay;
    assert.equal(await order(connection, 1), 'builder-unavailable');
    builder.relay = asItIs;
    let seq = 2;
    // The next builder may still be on its way.
    while ((await order(connection, seq)) === 'builder-unavailable') seq += 1;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    assert.equal(sent().length, 1);
  });
}

test('a gate without a bound waits for a late builder', async (t) => {
  const { builder, connection, order } = await startTrader(t, [never]);
  builder.relay = late;
  assert.equal(await order(connection, 1), 'accepted');
});

test('an answer that is given twice is one order', async (t) => {
  const { builder, connection, order, sent } = await startTrader(t);
  builder.relay = (honest, say) => {
    say(honest);
    say(honest);
  };
  assert.equal(await order(connection, 1), 'accepted');
  assert.equal(await order(connection, 2), 'accepted');
  assert.equal(sent().length, 2);
});

/** Answers two questions with each other's requests. */
function swapping(): Relay {
  const waiting: { readonly honest: BuilderAnswer; readonly say: (answer: BuilderAnswer) => void }[] = [];
  return (honest, say) => {
    waiting.push({ honest, say });
    const [a, b] = waiting;
    if (a === undefined || b === undefined) return;
    a.say({ ...b.honest, id: a.honest.id });
    b.say({ ...a.honest, id: b.honest.id });
  };
}

test('two orders whose requests were swapped are not sent', async (t) => {
  const { builder, connection, order, sent } = await startTrader(t);
  builder.relay = swapping();
  const outcomes = await Promise.all([order(connection, 1), order(connection, 2)]);
  assert.deepEqual(outcomes, ['wire-check', 'wire-check']);
  assert.deepEqual(sent(), []);
});
