import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dcaMachine } from '../src/machines/dca/machine.ts';
import { type Waiting, waitingFor } from '../src/machines/waiting.ts';
import { plainDca } from './_dca.ts';
import { Hand } from './_hand.ts';
import { dollars, percent } from './_markets.ts';

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
  const [target, stop, time] = waitingFor(hand.triggers, [dollars(1_005)], 10_000);
  const price = { for: 'price', market: 0, now: dollars(1_005), trailing: false } as const;
  const levels = [
    { ...price, side: 'at-or-above', level: dollars(1_010), distancePpm: 4_975 },
    { ...price, side: 'at-or-below', level: dollars(950), distancePpm: 54_726 },
  ];
  assert.deepEqual([unnamed(target), unnamed(stop)], levels);
  assert.deepEqual(unnamed(time), { for: 'time', leftMs: 50_000 });
  hand.fire('d1-target', dollars(1_010));
  const trail = waitingFor(hand.triggers, [dollars(1_020)], 0)[0];
  assert.deepEqual(unnamed(trail), {
    for: 'price',
    market: 0,
    side: 'at-or-below',
    level: dollars(1_014.9),
    now: dollars(1_020),
    distancePpm: 5_000,
    trailing: true,
  });
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
  assert.deepEqual(unnamed(waiting), { for: 'conditions', market: 0, conditions: [condition] });
});

function unnamed(waiting: Waiting | undefined): object {
  assert.ok(waiting !== undefined);
  const { name: _, ...rest } = waiting;
  return rest;
}
