import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import type { GateResult, Intent } from '@counterfoil/vocabulary/protocol';
import { WireError } from '@counterfoil/wire';
import type { Ledger } from '../src/ledger/ledger.ts';
import type { LiveBot } from '../src/runner/live-bot.ts';
import { OrderDesk } from '../src/runner/order-desk.ts';
import { loadBot, type OpenIntent } from '../src/runner/load.ts';
import { embeddedServer, execute, type TestDatabase } from './_database.ts';
import { lineOf, OWNER, reportOf, stage, started, tell, useOf } from './_runner.ts';

interface Scene {
  readonly bot: LiveBot;
  readonly desk: OrderDesk;
  readonly asked: readonly Intent[];
  readonly open: (ageMs: number) => OpenIntent;
  readonly ledger: Ledger;
  readonly epochOf: (shard: number) => number;
  readonly again: () => Promise<LiveBot>;
}

/** A bot whose entry is journalled and not sent, and a desk whose vault gives these answers. */
async function scene(database: TestDatabase, answer: (intent: Intent) => GateResult | Error): Promise<Scene> {
  const { bot, ledger, leases, again } = await stage(database);
  await tell(bot, started());
  const session = lineOf(answer);
  const desk = new OrderDesk({
    ledger,
    epochOf: (shard) => leases.held.get(shard),
    session: () => session,
    onTraded: () => {},
    checkKey: () => Promise.resolve(false),
    onStale: () => {},
    log: () => {},
  });
  const open = (ageMs: number): OpenIntent => ({
    seq: 1,
    method: 'create',
    order: 's-entry-1',
    state: 'journalled',
    journalledAtMs: Date.now() - ageMs,
  });
  return {
    bot,
    desk,
    asked: session.asked,
    open,
    ledger,
    epochOf: (shard) => leases.held.get(shard) ?? 0,
    again,
  };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('what is waited for did not come');
    await turn();
  }
}

const kinds = (asked: readonly Intent[]): readonly string[] => asked.map((one) => one.kind);
const intentStates = async (database: TestDatabase): Promise<readonly unknown[]> =>
  (await execute(database.url, `select state from intent where seq = 1`)).map((row) => row['state']);
const fresh: GateResult = { kind: 'refused', code: 'unknown-intent', sentence: 'never seen' };

test('an intent that a dead worker left unsent is looked up first, and sent once while it is young', async (t) => {
  const database = await embeddedServer.database(t);
  const answer = (intent: Intent) =>
    intent.kind === 'useGet' ? fresh : useOf('accepted', reportOf('acknowledged'));
  const { bot, desk, asked, open } = await scene(database, answer);
  desk.resolve(bot, [open(100)]);
  await until(async () => (await intentStates(database))[0] === 'accepted');
  assert.deepEqual(kinds(asked), ['useGet', 'orderCreate']);
});

test('an unsent intent that is old is refused, because the price that it was made for is gone', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot, desk, asked, open } = await scene(database, () => fresh);
  desk.resolve(bot, [open(60_000)]);
  await until(async () => (await intentStates(database))[0] === 'notPlaced');
  assert.deepEqual(kinds(asked), ['useGet']);
  await until(async () => {
    const events = await execute(database.url, `select event ->> 'kind' as kind from bot_event order by seq`);
    return events.at(-1)?.['kind'] === 'orderRefused';
  });
});

test('what the vault has used is never sent again, whatever came of it', async (t) => {
  for (const state of ['accepted', 'rejected', 'notPlaced', 'unknown'] as const) {
    const database = await embeddedServer.database(t);
    const answer = (intent: Intent) =>
      intent.kind === 'useGet'
        ? useOf(state, state === 'accepted' ? reportOf('acknowledged') : null)
        : useOf('unknown');
    const { bot, desk, asked, open } = await scene(database, answer);
    desk.resolve(bot, [open(100)]);
    await until(async () => (await intentStates(database))[0] === state);
    assert.ok(!kinds(asked).includes('orderCreate'), state);
    bot.leave();
  }
});

test('a line that breaks leaves the intent as it is: nobody knows', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot, desk, asked } = await scene(database, () => new WireError('closed', 'gone'));
  const [order] = bot.orders.values();
  assert.ok(order !== undefined);
  desk.send(
    bot,
    { seq: 1, connection: bot.connection, order: order.name, body: { method: 'create', order: order.body } },
    order,
  );
  await until(() => asked.length === 1);
  for (let turns = 0; turns < 20; turns++) await turn();
  assert.deepEqual(await intentStates(database), ['journalled']);
  assert.equal(bot.orders.size, 1);
});

test('an unknown outcome is told to the machine as unknown, and then asked about', async (t) => {
  const database = await embeddedServer.database(t);
  const answer = (intent: Intent) => (intent.kind === 'orderCreate' ? useOf('unknown') : useOf('rejected'));
  const { bot, desk, asked } = await scene(database, answer);
  const [order] = bot.orders.values();
  assert.ok(order !== undefined);
  desk.send(
    bot,
    { seq: 1, connection: bot.connection, order: order.name, body: { method: 'create', order: order.body } },
    order,
  );
  await until(() => kinds(asked).includes('orderGet'));
  await until(async () => {
    const events = await execute(database.url, `select event ->> 'kind' as kind from bot_event order by seq`);
    const told = events.map((row) => row['kind']);
    return told.includes('orderReported') && told.includes('orderRefused');
  });
  assert.equal(kinds(asked).filter((kind) => kind === 'orderCreate').length, 1);
  bot.leave();
});

test('an unknown order that the stream has explained is written down all the same', async (t) => {
  const database = await embeddedServer.database(t);
  const answer = (intent: Intent) =>
    intent.kind === 'orderCreate' ? useOf('unknown') : useOf('accepted', reportOf('acknowledged'));
  const { bot, desk } = await scene(database, answer);
  const [order] = bot.orders.values();
  assert.ok(order !== undefined);
  const body = { method: 'create', order: order.body } as const;
  desk.send(bot, { seq: 1, connection: bot.connection, order: order.name, body }, order);
  const states = async (): Promise<readonly unknown[]> =>
    (await execute(database.url, 'select state from intent order by seq')).map((row) => row['state']);
  await until(async () => (await states())[0] === 'unknown');
  desk.learnReport(bot, order, reportOf('acknowledged'));
  // Its machine waits for nothing of it any more.
  bot.orders.delete(order.name);
  await until(async () => (await states())[0] === 'accepted');
  bot.leave();
});

test('a refusal that passes by itself is asked again with the same intent, and nobody is told', async (t) => {
  const database = await embeddedServer.database(t);
  const answers: GateResult[] = ['price-unknown', 'venue-busy', 'key-not-bound'].map((code) => ({
    kind: 'refused',
    // Codes of the gate's own union.
    code: code as 'price-unknown',
    sentence: 'Nothing was sent.',
  }));
  const answer = (intent: Intent): GateResult =>
    (intent.kind === 'orderCreate' ? answers.shift() : undefined) ??
    useOf('accepted', reportOf('acknowledged'));
  const { bot, desk, asked } = await scene(database, answer);
  const [order] = bot.orders.values();
  assert.ok(order !== undefined);
  const body = { method: 'create', order: order.body } as const;
  desk.send(bot, { seq: 1, connection: bot.connection, order: order.name, body }, order);
  await until(
    async () => (await execute(database.url, 'select state from intent'))[0]?.['state'] === 'accepted',
  );
  const creates = asked.filter((intent) => intent.kind === 'orderCreate');
  assert.equal(creates.length, 4);
  assert.equal(new Set(creates.map(({ id }) => id.seq)).size, 1);
  const told = await execute(database.url, `select from bot_event where event ->> 'kind' = 'orderRefused'`);
  assert.equal(told.length, 0);
  bot.leave();
});

for (const [state, outcome, passes] of [
  ['rejected', { venueCode: '-1013', venueSentence: 'Filter failure: NOTIONAL' }, false],
  ['rejected', { venueCode: '-1013', venueSentence: 'Market is closed.' }, true],
  ['rejected', { venueCode: '-1015', venueSentence: 'Too many new orders.' }, true],
  ['refused', { code: 'mandate', sentence: 'over its day' }, false],
  ['refused', { code: 'venue-busy', sentence: 'asked too much' }, true],
  ['notPlaced', { venueSentence: 'it did not arrive' }, true],
] as const) {
  const [said = ''] = Object.values(outcome).slice(-1);
  test(`a refusal (${state}, ${said}) that its machine never heard of is told when the bot is read again`, async (t) => {
    const database = await embeddedServer.database(t);
    const { bot, desk, ledger, epochOf, again } = await scene(database, () => fresh);
    const { owner, id, shard } = bot;
    const epoch = epochOf(shard);
    await ledger.settle({
      owner,
      bot: id,
      seq: 1,
      shard,
      epoch,
      state,
      clientOrderId: null,
      receipt: null,
      outcome,
    });
    const loaded = await loadBot(database.pool, OWNER, id);
    assert.deepEqual(loaded?.open, [], 'nobody looks the intent up any more');
    assert.deepEqual(loaded.untold, [{ order: 's-entry-1', sentence: said, passes }]);
    const copy = await again();
    assert.deepEqual([...copy.orders.keys()], ['s-entry-1'], 'its machine waits');
    desk.tellRefusals(copy, loaded.untold);
    await until(() => copy.orders.size === 0);
    assert.deepEqual((await loadBot(database.pool, OWNER, id))?.untold, []);
  });
}

test('a vault too busy to say what it knows of an intent is asked again', async (t) => {
  const database = await embeddedServer.database(t);
  let isBusy = true;
  const busy: GateResult = { kind: 'refused', code: 'overloaded', sentence: 'later' };
  const answer = (): GateResult => (isBusy ? busy : useOf('accepted', reportOf('acknowledged')));
  const { bot, desk, asked, open } = await scene(database, answer);
  desk.resolve(bot, [open(100)]);
  await until(() => asked.length > 0);
  isBusy = false;
  await until(async () => (await intentStates(database))[0] === 'accepted');
  assert.deepEqual(kinds(asked), ['useGet', 'useGet']);
});
