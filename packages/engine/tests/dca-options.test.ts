import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rate } from '@counterfoil/vocabulary';
import { checkDcaOptions } from '../src/machines/dca/check-options.ts';
import { type DcaOptions, RATE_ONE } from '../src/machines/dca/options.ts';
import { plainDca } from './_dca.ts';
import { btc, coins, dollars, percent, usdt } from './_markets.ts';

const plain = plainDca();

function refusals(change: Partial<DcaOptions>, free: Parameters<typeof checkDcaOptions>[2] = null) {
  return checkDcaOptions({ ...plain, ...change }, [dollars(1_000)], free);
}

function ladder(change: Record<string, unknown>): Partial<DcaOptions> {
  return {
    averaging: {
      ...plain.averaging,
      ladder: { ...plain.averaging.ladder, ...change },
    },
  };
}

test('a bot that can work is not refused', () => {
  assert.deepEqual(refusals({}, { quote: usdt(400), base: coins(0) }), []);
});

test('too little money says how many orders it covers and what all of them need', () => {
  const [refusal] = refusals({}, { quote: usdt(250), base: coins(0) });
  assert.equal(refusal?.limit, '250 USDT');
  assert.match(refusal?.message ?? '', /covers 2 of 4 orders of a deal, which needs 399\.\d+ USDT/);
});

test('each impossible option names its field, its limit and what to change', () => {
  const target = (rate: number, share: bigint) => ({ rate: percent(rate), share: share as Rate });
  const cases: [Partial<DcaOptions>, string, RegExp][] = [
    [
      { baseOrder: { by: 'quote', amount: usdt(5) } },
      'baseOrder',
      /smallest order there is 10 USDT; use a larger size/,
    ],
    [
      ladder({ deviation: percent(0.0001) }),
      'averaging.ladder',
      /price step is 0\.01: use a larger deviation/,
    ],
    [ladder({ deviation: percent(40) }), 'averaging.ladder', /at or below a price of zero/],
    [ladder({ steps: 201 }), 'averaging.ladder.steps', /whole number from 0 to 200/],
    [ladder({ stepScale: percent(5) }), 'averaging.ladder.stepScale', /choose 0\.1 to 10/],
    [{ dealsAtOnce: 0 }, 'dealsAtOnce', /from 1 to 199/],
    [
      { takeProfit: { of: 'total', steps: [target(1, RATE_ONE / 2n)], trailing: null } },
      'takeProfit.steps',
      /sum to 50 %/,
    ],
    [
      {
        takeProfit: {
          of: 'total',
          steps: [target(2, RATE_ONE / 2n), target(1, RATE_ONE / 2n)],
          trailing: null,
        },
      },
      'takeProfit.steps',
      /must be beyond the one before/,
    ],
    [
      { takeProfit: { of: 'total', steps: [], trailing: null } },
      'takeProfit.steps',
      /Nothing would ever close/,
    ],
    [
      { takeProfit: { ...plain.takeProfit, trailing: 55n as Rate } },
      'takeProfit.trailing',
      /in steps of 0\.0001 %/,
    ],
    [
      { stopLoss: { rate: percent(3), trailing: false, timeoutMs: null, breakeven: null, stopBot: false } },
      'stopLoss.rate',
      /before its last averaging order at 3 %; move the stop beyond it/,
    ],
    [{ profitCurrency: 'base', reinvestRate: percent(10) }, 'reinvestRate', /set both to quote/],
    [{ markets: [] }, 'markets', /needs a market/],
    [{ markets: [{ ...btc, kind: 'linear' }] }, 'markets', /trades spot markets/],
    [
      {
        start: {
          ...plain.start,
          conditions: [
            {
              kind: 'indicator',
              indicator: { kind: 'rsi', period: 0 },
              timeframe: '1h',
              compare: 'less',
              level: 30,
            },
          ],
        },
      },
      'start.conditions',
      /rsi period must be a whole number/,
    ],
  ];
  for (const [change, field, message] of cases) {
    const refusal = refusals(change).find((one) => one.field === field);
    assert.match(refusal?.message ?? `nothing about ${field}: ${JSON.stringify(refusals(change))}`, message);
    assert.notEqual(refusal?.limit, '');
  }
});
