import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dcaMachine } from '../src/machines/dca/machine.ts';
import { slice } from '../src/candles/candles.ts';
import { checkSmartTradeOptions } from '../src/machines/smart-trade/check-options.ts';
import { smartTradeFromDeal } from '../src/machines/smart-trade/convert.ts';
import { smartTradeMachine } from '../src/machines/smart-trade/machine.ts';
import { type SmartTradeOptions, smartTradeKind } from '../src/machines/smart-trade/options.ts';
import { xorshift } from '../src/triggers/_compare-books.ts';
import { BTC, dataReason, readCandles } from './_candles.ts';
import { plainDca } from './_dca.ts';
import { assertEqualPaces, run, WINDOW } from './_equality.ts';
import { Hand } from './_hand.ts';
import { assertConserved, checked, restarting } from './_invariants.ts';
import { btc, coins, dollars, percent, usdt } from './_markets.ts';
import { Dice } from './_random.ts';
import { randomModel } from './_random-dca.ts';
import { randomSmartTrade } from './_random-smart-trade.ts';

const target = (rate: number, share: number, type: 'limit' | 'market' = 'limit') => ({
  at: { by: 'rate', rate: percent(rate) } as const,
  share: percent(share),
  type,
});

const stop = {
  at: { by: 'rate', rate: percent(5) },
  limit: null,
  trailing: false,
  timeoutMs: null,
  breakeven: false,
} as const;

const plain: SmartTradeOptions = {
  market: btc,
  direction: 'long',
  quantity: coins(1),
  entry: { kind: 'market' },
  exit: { targets: [target(2, 50), target(4, 50)], trailing: null, stop },
};

function open(change: Partial<SmartTradeOptions> = {}) {
  const hand = new Hand(smartTradeMachine, { ...plain, ...change }, dollars(1_000));
  hand.fill('entry', dollars(1_000));
  return hand;
}

test('a smart trade enters, takes two targets and adds up', () => {
  const hand = open();
  assert.deepEqual(hand.roles(), ['tp1', 'tp2']);
  assert.equal(hand.level('stop'), 95_000);
  hand.fill('tp1');
  hand.fill('tp2');
  // 510 + 520 − 1,000 − 1 − 0.51 − 0.52 = 27.97
  assert.equal(hand.lastNote('deal-closed').profit, usdt(27.97));
  assert.equal(hand.state.phase, 'done');
  assert.deepEqual(hand.armed(), []);
});

test('an entry that the venue ended before its fill was told is what was bought', () => {
  const hand = new Hand(smartTradeMachine, plain, dollars(1_000));
  hand.end('entry', coins(0.5));
  hand.atMs = 60_000;
  hand.fill('entry', dollars(1_000), coins(0.5));
  assert.deepEqual(
    hand.roles().filter((role) => role !== 'entry'),
    ['tp1', 'tp2'],
  );
  assert.equal(hand.level('stop'), 95_000);
});

test('the six types follow from direction, entry and exit', () => {
  const held = { kind: 'held', average: dollars(900) } as const;
  const kinds = (['long', 'short'] as const).flatMap((direction) => [
    smartTradeKind({ ...plain, direction, exit: null }),
    smartTradeKind({ ...plain, direction, entry: held }),
    smartTradeKind({ ...plain, direction }),
  ]);
  assert.deepEqual(kinds, [
    'simple-buy',
    'smart-sell',
    'smart-trade',
    'simple-sell',
    'smart-buy',
    'smart-cover',
  ]);
});

test('a simple buy is over when it has bought, and a held position goes straight to its exits', () => {
  const simple = open({ exit: null });
  assert.equal(simple.state.phase, 'done');
  assert.equal(simple.lastNote('deal-closed').baseLeft, coins(1));
  const held = new Hand(
    smartTradeMachine,
    { ...plain, entry: { kind: 'held', average: dollars(900) } },
    dollars(1_000),
  );
  assert.equal(held.order('tp1')[1].price, dollars(918));
  assert.equal(held.level('stop'), 85_500);
});

test('a short cover mirrors everything', () => {
  const hand = open({ direction: 'short' });
  assert.equal(hand.order('tp1')[1].side, 'buy');
  assert.equal(hand.order('tp1')[1].price, dollars(980));
  assert.equal(hand.level('stop'), 105_000);
  hand.fire('stop', dollars(1_050));
  hand.fill('close', dollars(1_050));
  // 1,000 − 1,050 − 1 − 1.05 = −52.05
  assert.equal(hand.lastNote('deal-closed').profit, usdt(-52.05));
});

test('a conditional entry waits, trails the price down and buys when it turns', () => {
  const entry = {
    kind: 'conditional',
    price: dollars(950),
    when: 'at-or-below',
    limit: null,
    trailing: percent(1),
  } as const;
  const hand = new Hand(smartTradeMachine, { ...plain, entry }, dollars(1_000));
  assert.deepEqual(hand.armed(), ['entry']);
  hand.fire('entry', dollars(950));
  assert.deepEqual(hand.triggers[0]?.on, {
    kind: 'price',
    market: 0,
    condition: { kind: 'trail-above-trough', from: 95_000, distancePpm: 10_000 },
  });
  hand.fire('entry-trail', dollars(931));
  assert.equal(hand.order('entry')[1].type, 'market');
  const limit = {
    kind: 'conditional',
    price: dollars(1_050),
    when: 'at-or-above',
    limit: dollars(1_045),
    trailing: null,
  } as const;
  const breakout = new Hand(smartTradeMachine, { ...plain, entry: limit }, dollars(1_000));
  breakout.fire('entry', dollars(1_050));
  assert.equal(breakout.order('entry')[1].price, dollars(1_045));
});

test('a market target waits for its price; the last target trails', () => {
  const exit = { targets: [target(2, 50, 'market'), target(4, 50)], trailing: percent(1), stop: null };
  const hand = open({ exit });
  assert.deepEqual(hand.roles(), []);
  assert.equal(hand.level('target'), 102_000);
  assert.equal(hand.level('trail-begin'), 104_000);
  hand.fire('target', dollars(1_020));
  assert.deepEqual(hand.order('tp1')[1].sizing, { by: 'base', quantity: coins(0.5) });
  hand.fill('tp1', dollars(1_020));
  hand.fire('trail-begin', dollars(1_040));
  hand.fire('trail', dollars(1_069.2)); // 1,080 less 1 %
  hand.fill('close', dollars(1_069.2));
  // 510 + 534.6 − 1,000 − 1 − 0.51 − 0.5346 = 42.5554
  assert.equal(hand.lastNote('deal-closed').profit, 4_255_540_000n);
});

test('a stop moves to breakeven after the first target, waits its time-out, and may sell at a limit', () => {
  const exit = { ...plain.exit, targets: [target(2, 50), target(4, 50)], trailing: null };
  const moving = open({ exit: { ...exit, stop: { ...stop, breakeven: true } } });
  moving.fill('tp1');
  assert.equal(moving.level('stop'), 100_000);
  const waiting = open({ exit: { ...exit, stop: { ...stop, timeoutMs: 30_000 } } });
  waiting.fire('stop', dollars(950));
  assert.deepEqual(waiting.armed(), ['stop-back', 'stop-over']);
  waiting.fire('stop-over', dollars(940));
  assert.deepEqual(waiting.roles(), ['close']);
  const limited = open({ exit: { ...exit, stop: { ...stop, limit: dollars(945) } } });
  limited.fire('stop', dollars(950));
  assert.equal(limited.order('close')[1].price, dollars(945));
});

test('a trailing stop keeps its distance from the best price', () => {
  const hand = open({ exit: { targets: [], trailing: null, stop: { ...stop, trailing: true } } });
  assert.deepEqual(hand.triggers, [
    {
      name: 'stop-trail',
      on: {
        kind: 'price',
        market: 0,
        condition: { kind: 'trail-below-peak', from: 100_000, distancePpm: 50_000 },
      },
    },
  ]);
});

test('the owner can force the start, add, reduce, change the exit, close and cancel', () => {
  const forced = new Hand(
    smartTradeMachine,
    { ...plain, entry: { kind: 'limit', price: dollars(900) } },
    dollars(1_000),
  );
  forced.command({ kind: 'force-start' });
  assert.equal(forced.order('entry')[1].type, 'market');
  const hand = open();
  hand.command({ kind: 'add-funds', quantity: coins(1), price: null });
  hand.fill('add1', dollars(900));
  assert.equal(hand.order('tp1')[1].price, dollars(969)); // average 950
  hand.command({ kind: 'reduce-funds', quantity: coins(1) });
  hand.fill('reduce2', dollars(950));
  assert.deepEqual(hand.order('tp2')[1].sizing, { by: 'base', quantity: coins(0.5) });
  hand.command({ kind: 'change-exit', exit: { targets: [target(10, 100)], trailing: null, stop: null } });
  assert.deepEqual(hand.roles(), ['tp1']);
  hand.command({ kind: 'close' });
  assert.deepEqual(hand.roles(), ['close']);
  const left = open();
  left.command({ kind: 'cancel' });
  assert.equal(left.state.phase, 'done');
});

test('a DCA deal goes on as a SmartTrade with the same average, target and stop', () => {
  const hand = new Hand(dcaMachine, plainDca(), dollars(1_000));
  hand.fire('start-0-conditions', dollars(1_000));
  hand.fill('base', dollars(1_000));
  const [deal] = hand.state.deals;
  assert.ok(deal !== undefined);
  const options = smartTradeFromDeal(deal, btc);
  assert.ok(options !== null);
  const trade = new Hand(smartTradeMachine, options, dollars(1_001));
  assert.equal(trade.order('tp1')[1].price, dollars(1_010));
  assert.deepEqual(trade.order('tp1')[1].sizing, { by: 'base', quantity: coins(0.1) });
});

test('a limit entry that is partly filled gives up its rest after twenty seconds and protects the part', () => {
  const entry = { kind: 'limit', price: dollars(1_000) } as const;
  const hand = new Hand(smartTradeMachine, { ...plain, entry }, dollars(1_001));
  hand.atMs = 5;
  hand.fill('entry', dollars(1_000), coins(0.4));
  assert.deepEqual(hand.triggers, [{ name: 'partly-open', on: { kind: 'time', market: 0, atMs: 20_005 } }]);
  hand.fire('partly-open', dollars(1_000));
  assert.deepEqual(hand.roles(), ['tp1', 'tp2']);
  assert.deepEqual(hand.order('tp1')[1].sizing, { by: 'base', quantity: coins(0.2) });
  assert.ok(hand.armed().includes('stop'));
});

test('impossible trades are refused with the field', () => {
  const field = (change: Partial<SmartTradeOptions>) =>
    checkSmartTradeOptions({ ...plain, ...change }, dollars(1_000))[0]?.field;
  assert.equal(field({}), undefined);
  assert.equal(field({ quantity: coins(0.00001) }), 'quantity');
  assert.equal(field({ exit: { targets: [target(2, 40)], trailing: null, stop: null } }), 'exit.targets');
  assert.equal(field({ exit: { targets: [], trailing: null, stop: null } }), 'exit');
  assert.equal(
    field({
      exit: { targets: [], trailing: null, stop: { ...stop, at: { by: 'price', price: dollars(1_100) } } },
    }),
    'exit.stop',
  );
  assert.equal(field({ entry: { kind: 'held', average: dollars(900) }, exit: null }), 'exit');
});

test('random trades: both paces agree, money is conserved, filters hold, restarts change nothing', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const all = readCandles(BTC, 2, 8);
  let fills = 0;
  for (let seed = 1; seed <= 120; seed++) {
    const dice = new Dice(xorshift(seed * 2_654_435_761));
    const from = dice.whole(0, all.length - WINDOW - 1);
    const candles = slice(all, from, from + WINDOW);
    const options = randomSmartTrade(dice, candles);
    const trial = { machine: smartTradeMachine, options, candles, model: randomModel(dice), base: coins(2) };
    fills += assertEqualPaces(trial, `seed ${seed}`);
    const result = run({ ...trial, machine: checked(smartTradeMachine, btc) }, 'jump');
    assertConserved(result, btc, usdt(10_000), coins(2));
    if (seed <= 20)
      assert.deepEqual(run({ ...trial, machine: restarting(smartTradeMachine) }, 'jump').fills, result.fills);
  }
  t.diagnostic(`120 trades, ${fills} fills`);
  assert.ok(fills > 200);
});
