import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Decimal, parseDecimal } from './decimal.ts';
import { venueSymbol } from './ids.ts';
import { loosenings } from './mandate-change.ts';
import type { Budget, Mandate } from './protocol/index.ts';

const d = parseDecimal;
const [btc, eth, doge] = ['BTCUSDT', 'ETHUSDT', 'DOGEUSDT'].map((symbol) => venueSymbol.parse(symbol)) as [
  Mandate['denied'][number],
  Mandate['denied'][number],
  Mandate['denied'][number],
];
const budget: Budget = {
  asset: 'USDT',
  perOrder: d('100'),
  perHour: d('1000'),
  perDay: d('5000'),
  open: d('2000'),
  dayLoss: d('50'),
  volumeMin: d('1000000'),
};
const base: Mandate = {
  label: 'base',
  markets: [btc, eth],
  denied: [doge],
  sides: ['sell'],
  types: ['limit'],
  budgets: [budget],
  ordersPerMinute: 10,
  cancelsPerMinute: 10,
  bandBps: 100,
  shareBps: 10,
  reduceOnly: true,
  validUntilMs: 1_000,
  hours: 0b0110,
  approvals: 2,
};

const withBudget = (change: Partial<Budget>): Partial<Mandate> => ({ budgets: [{ ...budget, ...change }] });
const smallest: Decimal = { units: 1n, scale: 36 };
const above = (value: string): Decimal => ({
  units: d(value).units * 10n ** 36n + smallest.units,
  scale: 36,
});

/** Each relaxes one respect by the least there is, and is named so. */
const relaxed: readonly (readonly [name: string, change: Partial<Mandate>])[] = [
  ['markets', { markets: [btc, eth, doge] }],
  ['markets', { markets: null }],
  ['denied', { denied: [] }],
  ['sides', { sides: ['sell', 'buy'] }],
  ['types', { types: ['limit', 'market'] }],
  ['ordersPerMinute', { ordersPerMinute: 11 }],
  ['cancelsPerMinute', { cancelsPerMinute: 11 }],
  ['bandBps', { bandBps: 101 }],
  ['bandBps', { bandBps: null }],
  ['shareBps', { shareBps: 11 }],
  ['shareBps', { shareBps: null }],
  ['reduceOnly', { reduceOnly: false }],
  ['validUntilMs', { validUntilMs: 1_001 }],
  ['validUntilMs', { validUntilMs: null }],
  ['hours', { hours: 0b1110 }],
  ['approvals', { approvals: 1 }],
  ...(['perOrder', 'perHour', 'perDay', 'open', 'dayLoss'] as const).flatMap((field) => [
    [`budgets.USDT.${field}`, withBudget({ [field]: null })] as const,
    [`budgets.USDT.${field}`, withBudget({ [field]: above(String(budget[field]?.units ?? 0n)) })] as const,
  ]),
  ['budgets.USDT.volumeMin', withBudget({ volumeMin: d('999999.99999999') })],
  ['budgets.USDT.volumeMin', withBudget({ volumeMin: null })],
  ['budgets.BTC', { budgets: [budget, { ...budget, asset: 'BTC' }] }],
  // A shorter ending covers more markets.
  ['budgets.SDT', { budgets: [budget, { ...budget, asset: 'SDT' }] }],
];

/** Each is as tight or tighter in every respect. */
const tightened: readonly Partial<Mandate>[] = [
  {},
  { label: 'another label' },
  { markets: [btc] },
  { markets: [eth, btc] },
  { markets: [] },
  { denied: [doge, btc] },
  { sides: [] },
  { types: [] },
  { budgets: [] },
  { ordersPerMinute: 9, cancelsPerMinute: 0 },
  { bandBps: 99, shareBps: 9 },
  { validUntilMs: 999 },
  { hours: 0b0100 },
  { approvals: 3 },
  withBudget({ perOrder: d('99'), perHour: d('0'), perDay: d('4999.9'), open: d('0'), dayLoss: d('49') }),
  withBudget({ volumeMin: d('1000001') }),
  // A longer ending adds a limit to markets that are covered already; so does the same one again.
  { budgets: [budget, { ...budget, asset: 'TUSDT', perOrder: null }] },
  { budgets: [budget, { ...budget, perOrder: null }] },
];

for (const [name, change] of relaxed)
  test(`${name}: ${JSON.stringify(change, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)).slice(0, 60)} is looser`, () => {
    assert.deepEqual(loosenings(base, { ...base, ...change }), [name]);
  });

test('what is as tight or tighter in every field is not looser', () => {
  for (const change of tightened) assert.deepEqual(loosenings(base, { ...base, ...change }), []);
});

test('every field of a mandate and of a budget is relaxed above, but for the label and the asset', () => {
  const names = [
    ...Object.keys(base).filter((field) => field !== 'label' && field !== 'budgets'),
    ...Object.keys(budget)
      .filter((field) => field !== 'asset')
      .map((field) => `budgets.USDT.${field}`),
  ];
  const relaxedNames = new Set(relaxed.map(([name]) => name));
  assert.deepEqual(
    names.filter((name) => !relaxedNames.has(name)),
    [],
  );
});

test('one relaxation is found among any tightenings, and none is found among tightenings alone', () => {
  // Every pair, so that no field hides another; a tightening of the same field would take the relaxation back.
  for (const [name, loose] of relaxed) {
    for (const tight of tightened) {
      if (Object.keys(loose).some((field) => field in tight)) continue;
      assert.deepEqual(loosenings(base, { ...base, ...tight, ...loose }), [name]);
    }
  }
  for (const one of tightened)
    for (const other of tightened) assert.deepEqual(loosenings(base, { ...base, ...one, ...other }), []);
});

test('a budget that is gone is looser only where another still covers its markets', () => {
  const both: Mandate = { ...base, budgets: [budget, { ...budget, asset: 'SDT' }] };
  assert.deepEqual(loosenings(both, base), ['budgets.SDT']);
  assert.deepEqual(loosenings({ ...base, budgets: [budget, { ...budget, asset: 'BTC' }] }, base), []);
});
