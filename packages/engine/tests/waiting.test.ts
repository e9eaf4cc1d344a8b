import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dcaMachine } from '../src/machines/dca/machine.ts';
import { describeWaiting, waitingFor } from '../src/machines/waiting.ts';
import { plainDca } from './_dca.ts';
import { Hand } from './_hand.ts';
import { btc, dollars, percent } from './_markets.ts';

test('an open deal says which prices it waits for, the nearest first', () => {
  const stopLoss = {
    rate: percent(5),
    trailing: false,
    timeoutMs: null,
    breakeven: null,
    stopBot: false,
  } as const;
  const takeProfit = { ...plainDca().takeProfit, trailing: percent(0.5) };
  const closing = { conditions: [], profitMin: null, timeoutMs: 60_000 };
  const hand = new Hand(dcaMachine, plainDca({ stopLoss, takeProfit, closing }), dollars(1_000));
  hand.fire('start-0-conditions', dollars(1_000));
  hand.fill('base', dollars(1_000));
  const waiting = waitingFor(hand.triggers, [dollars(1_005)], 10_000);
  assert.deepEqual(
    waiting.map((one) => describeWaiting(one, [btc])),
    ['price ≥ 1010 (now 1005, 0.50 % away)', 'price ≤ 950 (now 1005, 5.47 % away)', '50 s to pass'],
  );
  hand.fire('d1-target', dollars(1_010));
  const trail = waitingFor(hand.triggers, [dollars(1_020)], 0)[0];
  assert.ok(trail !== undefined);
  assert.equal(describeWaiting(trail, [btc]), 'price ≤ 1014.9 (now 1020, 0.50 % away, following the price)');
});

test('a bot between deals says which conditions it waits for', () => {
  const condition = {
    kind: 'indicator',
    indicator: { kind: 'rsi', period: 14 },
    timeframe: '1h',
    compare: 'less',
    level: 30,
  } as const;
  const start = { ...plainDca().start, conditions: [condition] };
  const hand = new Hand(dcaMachine, plainDca({ start }), dollars(1_000));
  const [waiting] = waitingFor(hand.triggers, [dollars(1_000)], 0);
  assert.ok(waiting !== undefined);
  assert.equal(describeWaiting(waiting, [btc]), 'rsi on 1h less 30');
});
