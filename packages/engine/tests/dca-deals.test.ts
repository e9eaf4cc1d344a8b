import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rate } from '@counterfoil/vocabulary';
import { dcaMachine } from '../src/machines/dca/machine.ts';
import { type DcaOptions, RATE_ONE } from '../src/machines/dca/options.ts';
import { plainDca } from './_dca.ts';
import { Hand } from './_hand.ts';
import { coins, dollars, percent, usdt } from './_markets.ts';

/** A bot whose first deal has just bought its base order at 1,000.00. */
function open(change: Partial<DcaOptions> = {}) {
  const hand = new Hand(dcaMachine, plainDca(change), dollars(1_000));
  hand.fire('start-0-conditions', dollars(1_000));
  hand.fill('base', dollars(1_000));
  return hand;
}

const half = (RATE_ONE / 2n) as Rate;
const stop = { rate: percent(5), trailing: false, timeoutMs: null, breakeven: null, stopBot: false } as const;

test('a long deal: base order, one averaging order, target', () => {
  const hand = open();
  // Base: 100 / 1,000 = 0.1 BTC for 100.00, fee 0.1 % = 0.10.
  // Averaging at −1 %, −2 %, −3 %: 990, 980, 970; 100 / 990 = 0.10101 BTC in whole lots of 0.00001.
  assert.deepEqual(hand.roles(), ['avg1', 'avg2', 'avg3', 'tp1']);
  assert.equal(hand.order('avg1')[1].price, dollars(990));
  assert.equal(hand.order('avg3')[1].price, dollars(970));
  assert.deepEqual(hand.order('avg1')[1].sizing, { by: 'base', quantity: coins(0.10101) });
  assert.equal(hand.order('tp1')[1].price, dollars(1_010));
  hand.fill('avg1');
  // 0.10101 × 990 = 99.9999, fee 0.0999999. Together 199.9999 for 0.20101 BTC.
  // Target: 199.9999 × 1.01 / 0.20101 = 1,004.9246…, rounded up to the tick: 1,004.93.
  assert.deepEqual(hand.roles(), ['avg2', 'avg3', 'tp1']);
  assert.equal(hand.order('tp1')[1].price, dollars(1_004.93));
  hand.fill('tp1');
  // 0.20101 × 1,004.93 = 202.0009793, fee 0.20200098 (rounded up).
  // 202.0009793 − 199.9999 − 0.1 − 0.0999999 − 0.20200098 = 1.59907842
  const closed = hand.lastNote('deal-closed');
  assert.equal(closed.profit, 159_907_842n);
  assert.equal(closed.baseLeft, 0n);
  assert.equal(closed.averagings, 1);
  assert.equal(closed.why, 'take-profit');
  assert.deepEqual(hand.roles(), []);
  assert.deepEqual(hand.armed(), ['start-0-conditions']);
});

test('a short deal sells first, averages above and buys back below', () => {
  const hand = open({ direction: 'short' });
  assert.equal(hand.order('avg1')[1].side, 'sell');
  assert.equal(hand.order('avg1')[1].price, dollars(1_010));
  assert.equal(hand.order('tp1')[1].price, dollars(990));
  hand.fill('avg1');
  // 100 / 1,010 = 0.09900 BTC × 1,010 = 99.99; together 199.99 for 0.199 BTC.
  // Target: 199.99 × 0.99 / 0.199 = 994.924…, rounded down: 994.92.
  assert.equal(hand.order('tp1')[1].price, dollars(994.92));
  hand.fill('tp1');
  // 0.199 × 994.92 = 197.98908; fees 0.1 + 0.09999 + 0.19798908.
  // 199.99 − 197.98908 − 0.39797908 = 1.60294092
  assert.equal(hand.lastNote('deal-closed').profit, 160_294_092n);
});

test('step scale and volume scale grow from step to step', () => {
  const ladder = {
    kind: 'scaled',
    size: { by: 'quote', amount: usdt(100) },
    steps: 3,
    deviation: percent(1),
    stepScale: percent(150),
    volumeScale: percent(200),
  } as const;
  const hand = open({ averaging: { ladder, activeMax: 3, conditions: [] } });
  // Deviations 1 %, 1 + 1.5 = 2.5 %, 2.5 + 2.25 = 4.75 %; volumes 100, 200, 400.
  assert.equal(hand.order('avg1')[1].price, dollars(990));
  assert.equal(hand.order('avg2')[1].price, dollars(975));
  assert.equal(hand.order('avg3')[1].price, dollars(952.5));
  assert.deepEqual(hand.order('avg2')[1].sizing, { by: 'base', quantity: coins(0.20512) }); // 200 / 975
  assert.deepEqual(hand.order('avg3')[1].sizing, { by: 'base', quantity: coins(0.41994) }); // 400 / 952.5
});

test('custom steps count from the base order and only activeMax of them rest', () => {
  const ladder = {
    kind: 'custom',
    steps: [
      { deviation: percent(2), size: { by: 'base', quantity: coins(0.2) } },
      { deviation: percent(7), size: { by: 'base', quantity: coins(0.3) } },
    ],
  } as const;
  const hand = open({ averaging: { ladder, activeMax: 1, conditions: [] } });
  assert.deepEqual(hand.roles(), ['avg1', 'tp1']);
  hand.fill('avg1');
  assert.deepEqual(hand.roles(), ['avg2', 'tp1']);
  assert.equal(hand.order('avg2')[1].price, dollars(930));
});

test('take profit of the base order asks the same money however much was averaged', () => {
  const takeProfit = {
    of: 'base',
    steps: [{ rate: percent(2), share: RATE_ONE as Rate }],
    trailing: null,
  } as const;
  const hand = open({ takeProfit });
  hand.fill('avg1');
  // (199.9999 + 2 % of 100) / 0.20101 = 1,004.9246… → 1,004.93
  assert.equal(hand.order('tp1')[1].price, dollars(1_004.93));
});

test('several targets sell their shares; the stop moves to breakeven and then behind the targets', () => {
  const takeProfit = {
    of: 'total',
    steps: [
      { rate: percent(1), share: percent(50) },
      { rate: percent(2), share: percent(25) },
      { rate: percent(3), share: percent(25) },
    ],
    trailing: null,
  } as const;
  const hand = open({ takeProfit, stopLoss: { ...stop, breakeven: 'target-1' } });
  assert.equal(hand.level('d1-stop'), 95_000); // 1,000 − 5 %
  assert.deepEqual(hand.order('tp1')[1].sizing, { by: 'base', quantity: coins(0.05) });
  assert.deepEqual(hand.order('tp3')[1].sizing, { by: 'base', quantity: coins(0.025) });
  hand.fill('tp1');
  assert.equal(hand.level('d1-stop'), 100_000); // the average
  assert.equal(hand.lastNote('stop-moved').price, dollars(1_000));
  hand.fill('tp2');
  assert.equal(hand.level('d1-stop'), 101_000); // target 1
  hand.fire('d1-stop', dollars(1_009.5));
  assert.deepEqual(hand.roles(), ['close']);
  assert.deepEqual(hand.order('close')[1].sizing, { by: 'base', quantity: coins(0.025) });
  hand.fill('close', dollars(1_009.5));
  // 0.05 × 1,010 + 0.025 × 1,020 + 0.025 × 1,009.5 = 50.5 + 25.5 + 25.2375 = 101.2375
  // fees 0.1 + 0.0505 + 0.0255 + 0.0252375 = 0.2012375; 101.2375 − 100 − 0.2012375 = 1.0362625
  assert.equal(hand.lastNote('deal-closed').profit, 103_626_250n);
  assert.equal(hand.lastNote('deal-closed').why, 'stop-loss');
});

test('a trailing take profit waits for its price, then follows it and sells at market', () => {
  const steps = [{ rate: percent(1), share: RATE_ONE as Rate }];
  const hand = open({ takeProfit: { of: 'total', steps, trailing: percent(0.5) } });
  assert.deepEqual(hand.roles(), ['avg1', 'avg2', 'avg3']);
  assert.equal(hand.level('d1-target'), 101_000);
  hand.fire('d1-target', dollars(1_010));
  const trail = hand.triggers.find((one) => one.name === 'd1-trail')?.on;
  assert.deepEqual(trail, {
    kind: 'price',
    market: 0,
    condition: { kind: 'trail-below-peak', from: 101_000, distancePpm: 5_000 },
  });
  hand.fire('d1-trail', dollars(1_024.85)); // 1,030 less 0.5 %
  hand.fill('close', dollars(1_024.85));
  // 102.485 − 100 − 0.1 − 0.102485 = 2.282515
  assert.equal(hand.lastNote('deal-closed').profit, 228_251_500n);
  assert.equal(hand.lastNote('deal-closed').why, 'trailing-take-profit');
});

test('the trail of a last target leaves the earlier targets resting', () => {
  const steps = [
    { rate: percent(1), share: half },
    { rate: percent(2), share: half },
  ];
  const hand = open({ takeProfit: { of: 'total', steps, trailing: percent(0.5) } });
  assert.deepEqual(hand.roles(), ['avg1', 'avg2', 'avg3', 'tp1']);
  assert.equal(hand.level('d1-target'), 102_000);
});

test('a stop loss with a time-out is called off when the price comes back, and sells when it does not', () => {
  const hand = open({ stopLoss: { ...stop, timeoutMs: 60_000, stopBot: true } });
  hand.atMs = 1_000;
  hand.fire('d1-stop', dollars(950));
  assert.deepEqual(hand.roles(), ['avg1', 'avg2', 'avg3', 'tp1']);
  assert.equal(hand.level('d1-stop-back'), 95_001);
  hand.fire('d1-stop-back', dollars(951));
  assert.ok(hand.armed().includes('d1-stop'));
  hand.atMs = 2_000;
  hand.fire('d1-stop', dollars(950));
  const over = hand.triggers.find((one) => one.name === 'd1-stop-over')?.on;
  assert.deepEqual(over, { kind: 'time', market: 0, atMs: 62_000 });
  hand.fire('d1-stop-over', dollars(940));
  hand.fill('close', dollars(940));
  // 94 − 100 − 0.1 − 0.094 = −6.194
  assert.equal(hand.lastNote('deal-closed').profit, -619_400_000n);
  assert.equal(hand.state.enabled, false);
  assert.deepEqual(hand.armed(), []);
});

test('a trailing stop follows the best price since the base order', () => {
  const hand = open({ stopLoss: { ...stop, trailing: true } });
  const on = hand.triggers.find((one) => one.name === 'd1-stop-trail')?.on;
  assert.deepEqual(on, {
    kind: 'price',
    market: 0,
    condition: { kind: 'trail-below-peak', from: 100_000, distancePpm: 50_000 },
  });
  hand.fill('avg1');
  assert.deepEqual(
    hand.triggers.find((one) => one.name === 'd1-stop-trail')?.on,
    on,
    'an averaging order leaves it alone',
  );
});

test('profit in base sells only what brings the quote back', () => {
  const hand = open({ profitCurrency: 'base' });
  // 100 + fee 0.1 = 100.1 to recover at 1,010: 0.0991089… → 0.09911 BTC, of 0.1.
  assert.deepEqual(hand.order('tp1')[1].sizing, { by: 'base', quantity: coins(0.09911) });
  hand.fill('tp1');
  const closed = hand.lastNote('deal-closed');
  assert.equal(closed.baseLeft, coins(0.00089));
  // 0.09911 × 1,010 = 100.1011 − 100.1 − fee 0.1001011 = −0.0990011: the closing fee itself stays open.
  assert.equal(closed.profit, -9_900_110n);
});

test('reinvesting grows the next deal and risk reduction shrinks it, in proportion', () => {
  const hand = open({ reinvestRate: percent(50), riskReductionRate: percent(100), stopLoss: stop });
  hand.fill('tp1');
  // 0.1 × 1,010 = 101 − 100 − 0.1 − 0.101 = 0.799 profit; half of it, 0.3995, over 400 planned.
  assert.equal(hand.state.carried, 39_950_000n);
  hand.fire('start-0-conditions', dollars(100));
  // 100 × 400.3995 / 400 = 100.099875; / 100 = 1.00099 BTC in whole lots.
  assert.deepEqual(hand.order('base')[1].sizing, { by: 'base', quantity: coins(1.00099) });
  hand.fill('base', dollars(100));
  hand.fire('d2-stop', dollars(95));
  hand.fill('close', dollars(95));
  assert.equal(hand.state.carried, 39_950_000n + hand.lastNote('deal-closed').profit);
});

test('conditions close only when the least profit is there', () => {
  const condition = {
    kind: 'indicator',
    indicator: { kind: 'rsi', period: 7 },
    timeframe: '1h',
    compare: 'greater',
    level: 70,
  } as const;
  const closing = {
    conditions: [condition],
    profitMin: { rate: percent(1), of: 'total' },
    timeoutMs: null,
  } as const;
  const hand = open({ closing, takeProfit: { of: 'total', steps: [], trailing: null } });
  hand.atMs = 500;
  // At 1,010.5 the position is worth 101.05: 101.05 − 100 − 0.1 = 0.95, and 1 % of 100 is 1.
  hand.fire('d1-close', dollars(1_010.5));
  assert.deepEqual(hand.lastNote('profit-too-small').profit, usdt(0.95));
  const waits = hand.triggers.find((one) => one.name === 'd1-close')?.on;
  assert.ok(waits?.kind === 'conditions' && waits.afterMs === 500, 'it waits for the next closed candle');
  hand.fire('d1-close', dollars(1_011));
  assert.deepEqual(hand.roles(), ['close']);
});

test('averaging by condition buys at market, and only beyond the price of its step', () => {
  const base = plainDca();
  const condition = {
    kind: 'indicator',
    indicator: { kind: 'rsi', period: 7 },
    timeframe: '1h',
    compare: 'less',
    level: 30,
  } as const;
  const hand = open({ averaging: { ...base.averaging, conditions: [condition] } });
  assert.deepEqual(hand.roles(), ['tp1']);
  hand.fire('d1-average', dollars(991));
  assert.deepEqual(hand.roles(), ['tp1']);
  hand.fire('d1-average', dollars(985));
  const [, request] = hand.order('avg1');
  assert.equal(request.type, 'market');
  assert.deepEqual(request.sizing, { by: 'base', quantity: coins(0.10152) }); // 100 / 985
});

test('a cooldown, a start delay, a price range and a limit on deals each keep the next deal waiting', () => {
  const start = {
    conditions: [],
    delayMs: 5_000,
    cooldownMs: 60_000,
    priceRange: { by: 'price', min: null, max: dollars(1_005) },
    turnoverMin: null,
  } as const;
  const hand = new Hand(dcaMachine, plainDca({ start, dealsMax: 2 }), dollars(1_000));
  hand.fire('start-0-conditions', dollars(1_000));
  assert.deepEqual(hand.triggers[0]?.on, { kind: 'time', market: 0, atMs: 5_000 });
  hand.atMs = 5_000;
  hand.fire('start-0-delay', dollars(1_000));
  hand.fill('base', dollars(1_000));
  hand.fill('tp1');
  assert.deepEqual(hand.triggers, [
    { name: 'start-0-cooldown', on: { kind: 'time', market: 0, atMs: 65_000 } },
  ]);
  hand.fire('start-0-cooldown', dollars(1_010));
  hand.fire('start-0-conditions', dollars(1_010));
  assert.equal(hand.level('start-0-range'), 100_500);
  hand.fire('start-0-range', dollars(1_005));
  hand.fire('start-0-conditions', dollars(1_005));
  hand.fire('start-0-delay', dollars(1_005));
  assert.ok(hand.notes.some((note) => note.code === 'bot-stopped-after-deals'));
  hand.fill('base', dollars(1_005));
  hand.fill('tp1');
  assert.deepEqual(hand.armed(), []);
});

test('a start needs its signal, and the signal wears off', () => {
  const start = {
    conditions: [{ kind: 'signal', name: 'go', validMs: 1_000 }],
    delayMs: 0,
    cooldownMs: 0,
    priceRange: null,
    turnoverMin: null,
  } as const;
  const hand = new Hand(dcaMachine, plainDca({ start }), dollars(1_000));
  assert.deepEqual(hand.armed(), []);
  hand.tell({ kind: 'signal', name: 'go', market: 0, atMs: 10, price: dollars(1_000) });
  assert.deepEqual(hand.armed(), ['start-0-conditions']);
  hand.tell({ kind: 'signal', name: 'other', market: 0, atMs: 2_000, price: dollars(1_000) });
  assert.deepEqual(hand.armed(), []);
});

test('a deal is closed after its time-out', () => {
  const hand = open({ closing: { conditions: [], profitMin: null, timeoutMs: 3_600_000 } });
  hand.fire('d1-timeout', dollars(999));
  hand.fill('close', dollars(999));
  assert.equal(hand.lastNote('deal-closed').why, 'timeout');
});

test('funds are added and taken out by hand', () => {
  const hand = open();
  hand.command({ kind: 'add-funds', deal: 1, quantity: coins(0.1), price: dollars(900) });
  hand.command({ kind: 'add-funds', deal: 1, quantity: coins(0.1), price: null });
  assert.deepEqual(hand.roles(), ['add1', 'add2', 'avg1', 'avg2', 'avg3', 'tp1']);
  hand.fill('add2', dollars(1_020));
  // 100 + 102 for 0.2: average 1,010, target 1,020.1.
  assert.equal(hand.order('tp1')[1].price, dollars(1_020.1));
  hand.command({ kind: 'reduce-funds', deal: 1, quantity: coins(0.15) });
  hand.fill('reduce3', dollars(1_000));
  assert.deepEqual(hand.order('tp1')[1].sizing, { by: 'base', quantity: coins(0.05) });
  hand.command({ kind: 'cancel-extra', deal: 1, role: 'add1' });
  assert.deepEqual(hand.roles(), ['avg1', 'avg2', 'avg3', 'tp1']);
});

test('closing at market sells what is there; cancelling keeps it', () => {
  const closed = open();
  closed.command({ kind: 'close-deal', deal: 1 });
  assert.deepEqual(closed.roles(), ['close']);
  closed.fill('close', dollars(1_001));
  assert.equal(closed.lastNote('deal-closed').why, 'closed-by-user');
  const left = open();
  left.command({ kind: 'cancel-deal', deal: 1 });
  assert.deepEqual(left.roles(), []);
  assert.equal(left.lastNote('deal-closed').baseLeft, coins(0.1));
});

test('a changed deal moves its target and gets a stop', () => {
  const hand = open();
  const takeProfit = {
    of: 'total',
    steps: [{ rate: percent(2), share: RATE_ONE as Rate }],
    trailing: null,
  } as const;
  hand.command({ kind: 'change-deal', deal: 1, takeProfit, stopLoss: stop });
  assert.equal(hand.order('tp1')[1].price, dollars(1_020));
  assert.equal(hand.level('d1-stop'), 95_000);
});

test('a base order that the venue ended before its fill was told opens the deal with what was bought', () => {
  const hand = new Hand(dcaMachine, plainDca(), dollars(1_000));
  hand.fire('start-0-conditions', dollars(1_000));
  hand.end('base', coins(0.04));
  // Long enough for the role to be asked for again, which must not happen.
  hand.atMs = 60_000;
  hand.fill('base', dollars(1_000), coins(0.04));
  assert.deepEqual(
    hand.roles().filter((role) => role !== 'base'),
    ['avg1', 'avg2', 'avg3', 'tp1'],
  );
  assert.deepEqual(hand.order('tp1')[1].sizing, { by: 'base', quantity: coins(0.04) });
});

test('a limit base order that is partly filled gives up its rest after twenty seconds', () => {
  const hand = new Hand(dcaMachine, plainDca({ baseOrderType: 'limit' }), dollars(1_000));
  hand.fire('start-0-conditions', dollars(1_000));
  assert.equal(hand.order('base')[1].price, dollars(1_000));
  hand.atMs = 10;
  hand.fill('base', dollars(1_000), coins(0.04));
  assert.deepEqual(hand.triggers.find((one) => one.name === 'd1-partly-open')?.on, {
    kind: 'time',
    market: 0,
    atMs: 20_010,
  });
  hand.fire('d1-partly-open', dollars(1_000));
  assert.deepEqual(hand.roles(), ['avg1', 'avg2', 'avg3', 'tp1']);
  assert.deepEqual(hand.order('tp1')[1].sizing, { by: 'base', quantity: coins(0.04) });
});

test('a target that fills while its cancel is on the way leaves a rest that gets its own exit', () => {
  const hand = open();
  // Partly told: the averaging order fills, the machine cancels the target, and the target fills first.
  const [target, request] = hand.order('tp1');
  const confirm = hand.confirmCancel.bind(hand);
  hand.confirmCancel = () => undefined;
  hand.fill('avg1');
  hand.confirmCancel = confirm;
  hand.working.set(target, request);
  hand.fill('tp1');
  assert.deepEqual(hand.roles(), ['avg2', 'avg3', 'tp1']);
  assert.deepEqual(hand.order('tp1')[1].sizing, { by: 'base', quantity: coins(0.10101) });
});
