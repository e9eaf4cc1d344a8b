import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Amount, type Market, parseAmount, parseQuantity, type Price } from '@counterfoil/vocabulary';
import { nakedPositions } from '../src/runner/protection.ts';
import { embeddedServer } from './_database.ts';
import { filled, plan, stage, started, tell } from './_runner.ts';

const price = 6_200_000n as Price;
/** The venue still has the rules that the bot was made under. */
const asMade = (market: Market): Market => market;

test('a position is naked until the venue has confirmed its exit', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot } = await stage(database);
  const naked = (): readonly string[] =>
    nakedPositions(plan, bot.state, bot.parked, bot.orders, () => price, asMade);
  await tell(bot, started());
  assert.deepEqual(naked(), [], 'nothing is held yet');
  await tell(bot, filled('s-entry-1', 'buy', '62000.00', '1'));
  assert.equal(naked().length, 1, 'the exit is on its way');
  const exit = bot.orders.get('s-tp1-2');
  assert.ok(exit !== undefined);
  exit.state = 'accepted';
  assert.deepEqual(naked(), []);
  // An order of the other side protects nothing.
  exit.state = 'unknown';
  assert.equal(naked().length, 1);
  await tell(bot, filled('s-tp1-2', 'sell', '62620.00', '2'));
  assert.deepEqual(naked(), [], 'nothing is held any more');
});

test('an armed stop protects, and what is too small to be sold needs nothing', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot } = await stage(database);
  await tell(bot, started());
  await tell(bot, filled('s-entry-1', 'buy', '62000.00', '1'));
  const condition = { kind: 'at-or-below', level: 6_000_000 } as const;
  const stop = { name: 'stop', on: { kind: 'price', market: 0, condition } } as const;
  assert.deepEqual(
    nakedPositions(plan, bot.state, [stop], bot.orders, () => price, asMade),
    [],
  );
  assert.equal(
    nakedPositions(plan, bot.state, [{ ...stop, name: 'entry' }], bot.orders, () => price, asMade).length,
    1,
  );
  const raised = (market: Market): Market => ({
    ...market,
    notionalMin: (market.notionalMin * 1_000_000n) as Amount,
  });
  assert.deepEqual(
    nakedPositions(plan, bot.state, [], bot.orders, () => price, raised),
    [],
    'the venue has raised its smallest order above the position',
  );
  // Of 0.01 whole lots of 0.006 are 372, and 500 is the least; without the lots it would be 620.
  const coarse = (market: Market): Market => ({
    ...market,
    lot: parseQuantity(market, '0.006'),
    notionalMin: parseAmount(market, '500'),
  });
  const naked = (rules: (market: Market) => Market): readonly string[] =>
    nakedPositions(plan, bot.state, [], bot.orders, () => price, rules);
  assert.deepEqual(naked(coarse), []);
  assert.equal(naked((market) => ({ ...coarse(market), lot: market.lot })).length, 1);
  // At this price the whole position is worth less than the smallest order.
  assert.deepEqual(
    nakedPositions(plan, bot.state, [], bot.orders, () => 100n as Price, asMade),
    [],
  );
});

test('a trade that is cancelled keeps its coins and is no position', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot } = await stage(database);
  await tell(bot, started());
  await tell(bot, filled('s-entry-1', 'buy', '62000.00', '1'));
  await tell(bot, { kind: 'command', command: { kind: 'cancel' }, market: 0, atMs: 3_000, price });
  assert.deepEqual(
    nakedPositions(plan, bot.state, bot.parked, bot.orders, () => price, asMade),
    [],
  );
});
