import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slice } from '../src/candles/candles.ts';
import { checkGridOptions } from '../src/machines/grid/check-options.ts';
import { gridLines } from '../src/machines/grid/lines.ts';
import { gridMachine } from '../src/machines/grid/machine.ts';
import type { GridOptions } from '../src/machines/grid/options.ts';
import { xorshift } from '../src/triggers/_compare-books.ts';
import { BTC, dataReason, readCandles } from './_candles.ts';
import { assertEqualPaces, run, WINDOW } from './_equality.ts';
import { plainGrid } from './_grid.ts';
import { Hand } from './_hand.ts';
import { assertConserved, checked, restarting } from './_invariants.ts';
import { btc, coins, dollars, usdt } from './_markets.ts';
import { Dice } from './_random.ts';
import { randomGrid } from './_random-grid.ts';
import { randomModel } from './_random-dca.ts';

const plain = plainGrid();

function running(change: Partial<GridOptions> = {}) {
  const hand = new Hand(gridMachine, { ...plain, ...change }, dollars(1_000));
  if (hand.working.size === 1) hand.fill('balance', dollars(1_000));
  return hand;
}

test('a grid buys below, sells above and leaves the nearest line empty', () => {
  const hand = new Hand(gridMachine, plain, dollars(1_000));
  // Two cells above 1,000 hold 0.1 each: the balancing order buys 0.2.
  assert.deepEqual(hand.order('balance')[1].sizing, { by: 'base', quantity: coins(0.2) });
  hand.fill('balance', dollars(1_000));
  assert.deepEqual(hand.roles(), ['c0b', 'c1b', 'c2s', 'c3s']);
  assert.equal(hand.order('c1b')[1].price, dollars(950));
  assert.equal(hand.order('c2s')[1].price, dollars(1_050));
});

test('a round trip gains the distance of its lines less both fees', () => {
  const hand = running();
  hand.fill('c1b');
  assert.deepEqual(hand.roles(), ['c0b', 'c1s', 'c2s', 'c3s']);
  hand.fill('c1s');
  // 0.1 × (1,000 − 950) − 0.095 − 0.1 = 4.805
  assert.equal(hand.state.profit, usdt(4.8) + 500_000n);
  assert.equal(hand.state.trips, 1);
  // The balanced base cost 1,000 and its fee: 0.1 × 1,050 − 0.105 − 100 − 0.1 = 4.795
  hand.fill('c2s');
  assert.equal(hand.state.profit, usdt(9.6));
  assert.deepEqual(hand.roles(), ['c0b', 'c1b', 'c2b', 'c3s']);
});

test('fills in the wrong order end in the same grid', () => {
  const one = running();
  one.fill('c1b');
  one.fill('c0b');
  const other = running();
  other.fill('c0b');
  other.fill('c1b');
  assert.deepEqual(other.roles(), one.roles());
  assert.deepEqual(
    other.state.cells.map((cell) => cell.holding),
    one.state.cells.map((cell) => cell.holding),
  );
});

test('profit in base sells only what brings the cost back', () => {
  const hand = running({ profitCurrency: 'base' });
  hand.fill('c1b');
  // Cost 95 + 0.095 = 95.095; at 1,000: 0.0951 in whole lots, so 0.0049 stay.
  assert.deepEqual(hand.order('c1s')[1].sizing, { by: 'base', quantity: coins(0.0951) });
});

test('geometric lines keep their ratio and end on the bounds', () => {
  const lines = gridLines({ ...plain, spacing: 'geometric', lower: dollars(1_000), upper: dollars(1_464.1) });
  // 1,000 × 1.1^n, rounded down to the tick.
  for (const [n, exact] of [100_000, 110_000, 121_000, 133_100, 146_410].entries()) {
    assert.ok(Math.abs(Number(lines[n]) - exact) <= 1, `line ${n} is ${lines[n]}`);
  }
});

test('only so many lines rest as asked, the nearest first', () => {
  const hand = running({ activeBuysMax: 1, activeSellsMax: 1 });
  assert.deepEqual(hand.roles(), ['c1b', 'c2s']);
  hand.fill('c1b');
  assert.deepEqual(hand.roles(), ['c0b', 'c1s']);
});

test('trailing up moves the lowest cell to the top, trailing down the highest with its base to the bottom', () => {
  const up = running({ trailingUp: true });
  for (const role of ['c2s', 'c3s']) up.fill(role);
  up.fire('trail-up', dollars(1_150));
  assert.deepEqual(up.roles(), ['c1b', 'c2b', 'c3b', 'c4b']);
  assert.equal(up.order('c4b')[1].price, dollars(1_100));
  const down = running({ trailingDown: true });
  for (const role of ['c1b', 'c0b']) down.fill(role);
  down.fire('trail-down', dollars(850));
  assert.equal(down.order('c4s')[1].price, dollars(900));
  assert.equal(down.working.size, 4);
});

test('an expanding grid gains a line when its last one is taken, down to its bound', () => {
  const hand = running({ expandDownTo: dollars(850) });
  hand.fill('c1b');
  hand.fill('c0b');
  assert.deepEqual(hand.roles(), ['c0s', 'c1s', 'c2s', 'c3s', 'c4b']);
  hand.fill('c4b');
  assert.deepEqual(hand.roles(), ['c0s', 'c1s', 'c2s', 'c3s', 'c4s']);
});

test('a lower stop cancels everything and sells what is held', () => {
  const hand = running({ lowerStop: { price: dollars(880), action: 'stop-and-sell' } });
  hand.fill('c1b');
  hand.fire('lower-stop', dollars(880));
  assert.deepEqual(hand.roles(), ['close']);
  assert.deepEqual(hand.order('close')[1].sizing, { by: 'base', quantity: coins(0.3) });
  hand.fill('close', dollars(880));
  // 0.3 × 880 − 200 − 95 − (0.2 + 0.095 + 0.264) = −31.559
  assert.equal(hand.lastNote('deal-closed').profit, usdt(-31.55) - 900_000n);
  assert.equal(hand.state.phase, 'stopped');
});

test('an upper stop that buys spends the money of the empty lines once', () => {
  const hand = running({ upperStop: { price: dollars(1_200), action: 'stop-and-buy' } });
  for (const role of ['c2s', 'c3s']) hand.fill(role);
  hand.fire('upper-stop', dollars(1_200));
  // (900 + 950 + 1,000 + 1,050) × 0.1 = 390; / 1,200 = 0.325
  assert.deepEqual(hand.order('close')[1].sizing, { by: 'base', quantity: coins(0.325) });
  hand.fill('close', dollars(1_200));
  assert.equal(hand.working.size, 0);
  assert.equal(hand.state.phase, 'stopped');
});

test('grids that cannot work are refused with the field and the limit', () => {
  const check = (change: Partial<GridOptions>) => checkGridOptions({ ...plain, ...change }, dollars(1_000));
  assert.deepEqual(check({}), []);
  assert.equal(check({ lower: dollars(1_200) })[0]?.field, 'lower');
  assert.match(check({ lines: 200, upper: dollars(900.5) })[0]?.message ?? '', /same price/);
  assert.match(check({ lines: 100, upper: dollars(1_000) })[0]?.message ?? '', /fees/);
  assert.match(check({ size: { by: 'base', quantity: coins(0.001) } })[0]?.message ?? '', /smallest order/);
  const money = checkGridOptions(plain, dollars(1_000), { quote: usdt(100), base: coins(0) });
  assert.match(money[0]?.message ?? '', /needs 385 USDT/);
});

test('random grids: both paces agree, money is conserved, filters hold, restarts change nothing', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const all = readCandles(BTC, 2, 8);
  let fills = 0;
  for (let seed = 1; seed <= 80; seed++) {
    const dice = new Dice(xorshift(seed * 2_654_435_761));
    const from = dice.whole(0, all.length - WINDOW - 1);
    const candles = slice(all, from, from + WINDOW);
    const options = randomGrid(dice, candles);
    const trial = { machine: gridMachine, options, candles, model: randomModel(dice), base: coins(1) };
    fills += assertEqualPaces(trial, `seed ${seed}`);
    const result = run({ ...trial, machine: checked(gridMachine, btc) }, 'jump');
    assertConserved(result, btc, usdt(10_000), coins(1));
    if (seed <= 10)
      assert.deepEqual(run({ ...trial, machine: restarting(gridMachine) }, 'jump').fills, result.fills);
  }
  t.diagnostic(`80 grids, ${fills} fills`);
  assert.ok(fills > 2_000);
});
