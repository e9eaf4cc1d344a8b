import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { parsePrice } from '@counterfoil/vocabulary';
import { embeddedServer, execute } from './_database.ts';
import { filled, market, stage, started, tell } from './_runner.ts';

test('an order leaves only after event, state and intent are durable', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot, sent } = await stage(database, () => assert.deepEqual(sent, []));
  assert.ok(await tell(bot, started()));
  assert.deepEqual(sent, ['create s-entry-1']);
  const rows = await execute(database.url, `select order_name, state from intent`);
  assert.deepEqual(rows, [{ order_name: 's-entry-1', state: 'journalled' }]);
});

test('a bot that is read again is the bot that ran, with the orders that it waits for', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot, again } = await stage(database);
  await tell(bot, started());
  await tell(bot, filled('s-entry-1', 'buy', '62000.00', '1'));
  const copy = await again();
  assert.deepEqual(copy.state, bot.state);
  assert.deepEqual(copy.parked, bot.parked);
  assert.deepEqual([...copy.orders.keys()], ['s-tp1-2']);
  assert.deepEqual([...copy.orders.keys()], [...bot.orders.keys()]);
});

test('of two copies of a bot one goes on, and the other is lost before it sends anything', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot, again, sent, lost } = await stage(database);
  const other = await again();
  assert.ok(await tell(bot, started()));
  assert.equal(await tell(other, started()), false);
  assert.deepEqual(sent, ['create s-entry-1']);
  assert.equal(lost.length, 1);
});

test('a ledger that fails loses the bot and sends nothing', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot, sent, lost, ledger } = await stage(database);
  ledger.append = () => Promise.reject(new Error('no database'));
  assert.equal(await tell(bot, started()), false);
  assert.deepEqual(sent, []);
  // The rejection reaches the runner a turn after it reached whoever waited.
  await turn();
  assert.match(lost.join(), /no database/);
});

test('a trigger that an event before it in the same commit has disarmed does not fire', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot } = await stage(database);
  await tell(bot, started());
  const { seq } = (await execute(database.url, 'select seq::int from bot'))[0] ?? {};
  await tell(bot, {
    kind: 'triggerFired',
    trigger: 'nobody-waits',
    market: 0,
    atMs: 3_000,
    price: 1n as never,
  });
  assert.deepEqual(await execute(database.url, 'select seq::int from bot'), [{ seq }]);
});

for (const [tick, price] of [
  [null, '62620'],
  ['50', '62650'],
] as const) {
  const steps = tick === null ? 'the plan was made for' : `of ${tick} that its venue has come to demand`;
  test(`an exit at 62,620 is asked for at ${price} under the steps ${steps}`, async (t) => {
    const database = await embeddedServer.database(t);
    const today = tick === null ? undefined : { ...market, tick: parsePrice(market, tick) };
    const { bot } = await stage(
      database,
      () => {},
      () => today,
    );
    const made = bot.plan;
    await tell(bot, started());
    await tell(bot, filled('s-entry-1', 'buy', '62000.00', '1'));
    assert.equal(bot.orders.get('s-tp1-2')?.price, parsePrice(market, price));
    assert.equal(bot.plan, made, 'what its owner asked for stays as it was written down');
  });
}
