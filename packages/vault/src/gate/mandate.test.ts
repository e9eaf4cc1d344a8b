import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Decimal, parseDecimal, venueSymbol } from '@counterfoil/vocabulary';
import type { LeafPayload, Mandate } from '@counterfoil/vocabulary/protocol';
import { demoMandate } from './demo-mandate.ts';
import { Limits, type Order, OverLimit } from './mandate.ts';
import type { Reference } from './reference.ts';

const d = parseDecimal;
const noon = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Ten at each price, 1 % apart; a day's volume of a million. */
const market: Reference = {
  bids: [
    [d('99'), d('10')],
    [d('98'), d('10')],
    [d('90'), d('1000')],
  ],
  asks: [
    [d('101'), d('10')],
    [d('102'), d('10')],
    [d('110'), d('1000')],
  ],
  volume: d('1000000'),
  atMs: noon,
};

const noBudget = { perOrder: null, perHour: null, perDay: null, open: null, dayLoss: null, volumeMin: null };
const open: Mandate = { ...demoMandate, bandBps: null, budgets: [{ asset: 'USDT', ...noBudget }] };
const budget = (limits: Partial<Mandate['budgets'][number]>): Mandate => ({
  ...open,
  budgets: [{ asset: 'USDT', ...noBudget, ...limits }],
});

const buy: Order = {
  symbol: venueSymbol.parse('BTCUSDT'),
  side: 'buy',
  type: 'limit',
  amount: d('1'),
  sizedBy: 'base',
  price: d('100'),
  stopPrice: null,
};
const marketBuy: Order = { ...buy, type: 'market', price: null };

/** The leaves that a gate would write, one after another. */
class Story {
  readonly leaves: LeafPayload[] = [];
  readonly #chain = { prev: new Uint8Array(32), boot: new Uint8Array(8) };

  sign(
    order: Partial<Order>,
    atMs: number,
    method: 'orderCreate' | 'orderCancel' = 'orderCreate',
    id = '',
  ): number {
    const seq = this.leaves.length;
    const isCreate = method === 'orderCreate';
    const { side, type, amount, price, symbol } = { ...buy, ...order };
    this.leaves.push({
      kind: 'sign',
      ...this.#chain,
      seq,
      atMs,
      method,
      intentHash: new Uint8Array(16),
      clientOrderId: id || `o${seq}`,
      symbol,
      side: isCreate ? side : null,
      type: isCreate ? type : null,
      amount: isCreate ? amount : null,
      price: isCreate ? price : null,
      mandateHash: new Uint8Array(16),
      validMs: 5_000,
      bot: new Uint8Array(8),
      botSeq: seq,
      epoch: 0,
    });
    return seq;
  }

  result(
    of: number,
    atMs: number,
    outcome: 'accepted' | 'rejected' | 'unknown',
    fill?: readonly [filled: string, amount: string, stands: 'open' | 'closed'],
  ): void {
    const [filled, filledAmount, stands] = fill ?? [];
    this.leaves.push({
      kind: 'result',
      ...this.#chain,
      seq: this.leaves.length,
      atMs,
      of,
      outcome,
      status: 200,
      venueOrderId: null,
      answerHash: null,
      filled: filled === undefined ? null : d(filled),
      filledAmount: filledAmount === undefined ? null : d(filledAmount),
      stands: stands ?? null,
    });
  }
}

function limitsAfter(mandate: Mandate, story: Story): Limits {
  const limits = new Limits(mandate);
  for (const leaf of story.leaves) limits.take(leaf);
  return limits;
}

/** The limit that refuses, or null. */
function refusedBy(check: () => unknown): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof OverLimit) return error.limit;
    throw error;
  }
}

const past = (...orders: readonly (readonly [order: Partial<Order>, atMs: number])[]): Story => {
  const story = new Story();
  for (const [order, atMs] of orders) story.sign(order, atMs);
  return story;
};

/** Bought 10 at 100, and sold 4 of them at 90: a loss of 40. */
function lossStory(): Story {
  const story = new Story();
  story.result(story.sign({ amount: d('10') }, noon - HOUR), noon - HOUR, 'accepted', [
    '10',
    '1000',
    'closed',
  ]);
  const sale = story.sign({ side: 'sell', amount: d('4'), price: d('90') }, noon - HOUR);
  story.result(sale, noon - HOUR, 'accepted', ['4', '360', 'closed']);
  return story;
}

interface Case {
  readonly limit: string;
  /** One unit of the limit tighter than `fits`, under which the same order is refused. */
  readonly tight: Mandate;
  readonly fits: Mandate;
  readonly order?: Order;
  readonly story?: Story;
  readonly atMs?: number;
}

const cases: readonly Case[] = [
  { limit: 'markets', fits: { ...open, markets: [buy.symbol] }, tight: { ...open, markets: [] } },
  { limit: 'denied', fits: open, tight: { ...open, markets: [buy.symbol], denied: [buy.symbol] } },
  { limit: 'sides', fits: { ...open, sides: ['buy'] }, tight: { ...open, sides: ['sell'] } },
  { limit: 'types', fits: { ...open, types: ['limit'] }, tight: { ...open, types: ['market'] } },
  { limit: 'budgets', fits: open, tight: { ...open, budgets: [{ asset: 'BTC', ...noBudget }] } },
  { limit: 'perOrder', fits: budget({ perOrder: d('100') }), tight: budget({ perOrder: d('99.99999999') }) },
  {
    limit: 'perOrder',
    // The third level is not reached by 20, and is by one unit more.
    order: { ...marketBuy, amount: d('20') },
    fits: budget({ perOrder: d('2040') }),
    tight: budget({ perOrder: d('2039.99999999') }),
  },
  {
    limit: 'perHour',
    story: past([{}, noon - HOUR + MINUTE], [{ price: null, amount: d('50') }, noon - 1]),
    fits: budget({ perHour: d('250') }),
    tight: budget({ perHour: d('249.99999999') }),
  },
  {
    limit: 'perDay',
    story: past([{}, noon - DAY + MINUTE], [{}, noon - 2 * HOUR]),
    fits: budget({ perDay: d('300') }),
    tight: budget({ perDay: d('299.99999999') }),
  },
  {
    limit: 'open',
    story: past([{}, noon - 2 * DAY]),
    fits: budget({ open: d('200') }),
    tight: budget({ open: d('199.99999999') }),
  },
  {
    limit: 'volumeMin',
    fits: budget({ volumeMin: d('1000000') }),
    tight: budget({ volumeMin: d('1000000.00000001') }),
  },
  { limit: 'shareBps', fits: { ...open, shareBps: 1 }, tight: { ...open, shareBps: 1 }, order: buy },
  {
    limit: 'dayLoss',
    story: lossStory(),
    fits: budget({ dayLoss: d('40.00000001') }),
    tight: budget({ dayLoss: d('40') }),
  },
  {
    limit: 'ordersPerMinute',
    story: past([{}, noon - 59_000], [{}, noon]),
    fits: { ...open, ordersPerMinute: 3 },
    tight: { ...open, ordersPerMinute: 2 },
  },
  {
    limit: 'bandBps',
    order: { ...buy, price: d('102.01') },
    fits: { ...open, bandBps: 100 },
    tight: { ...open, bandBps: 99 },
  },
  {
    limit: 'bandBps',
    order: { ...buy, side: 'sell', price: d('98.01') },
    fits: { ...open, bandBps: 100 },
    tight: { ...open, bandBps: 99 },
  },
  {
    limit: 'bandBps',
    // Worst case of a market order: 102 against 101 is 99.0099 of 10,000.
    order: { ...marketBuy, amount: d('10.00000001') },
    fits: { ...open, bandBps: 100 },
    tight: { ...open, bandBps: 99 },
  },
  {
    limit: 'bandBps',
    order: { ...marketBuy, amount: d('1010.00000001'), sizedBy: 'quote' },
    fits: { ...open, bandBps: 100 },
    tight: { ...open, bandBps: 99 },
  },
  {
    limit: 'reduceOnly',
    story: lossStory(),
    order: { ...buy, side: 'sell', amount: d('6') },
    fits: { ...open, reduceOnly: true },
    tight: { ...open, reduceOnly: true },
  },
  {
    limit: 'validUntilMs',
    fits: { ...open, validUntilMs: noon + 1 },
    tight: { ...open, validUntilMs: noon },
  },
  { limit: 'hours', fits: { ...open, hours: 1 << 12 }, tight: { ...open, hours: 0xff_ffff & ~(1 << 12) } },
];

/** What breaks a limit that has no smaller unit than one of the order's own. */
const larger: Readonly<Record<string, Order>> = {
  shareBps: { ...buy, amount: d('1.00000001') },
  reduceOnly: { ...buy, side: 'sell', amount: d('6.00000001') },
};

for (const { limit, tight, fits, story, order, atMs } of cases) {
  test(`${limit}: what just fits is allowed, and one unit tighter the same is refused by that limit`, () => {
    const at = atMs ?? noon;
    const past = story ?? new Story();
    const check = (mandate: Mandate, what: Order) =>
      refusedBy(() => limitsAfter(mandate, past).check(what, market, at));
    assert.equal(check(fits, order ?? buy), null);
    assert.equal(check(tight, larger[limit] ?? order ?? buy), limit);
    // The weakened twin: without the limit nothing refuses, so it was the limit that did.
    assert.equal(check(open, larger[limit] ?? order ?? buy), null);
  });
}

test('every field of a mandate and of a budget refuses in a case above, or says nothing about orders', () => {
  const fields = [...Object.keys(open), ...Object.keys(noBudget)];
  const silent = new Set(['label', 'approvals', 'cancelsPerMinute']);
  const tried = new Set(cases.map(({ limit }) => limit));
  assert.deepEqual(
    fields.filter((field) => !silent.has(field) && !tried.has(field)),
    [],
  );
});

test('cancels are counted by the minute, one at a time, and orders do not count among them', () => {
  const story = past([{}, noon], [{}, noon]);
  story.sign({}, noon, 'orderCancel', 'o0');
  const check = (cancelsPerMinute: number, atMs = noon) =>
    refusedBy(() => limitsAfter({ ...open, cancelsPerMinute }, story).checkCancel(atMs));
  assert.equal(check(2), null);
  assert.equal(check(1), 'cancelsPerMinute');
  assert.equal(check(1, noon + 61_000), null);
});

test('a window forgets nothing before its time, and everything one bucket after it', () => {
  const story = past([{}, noon]);
  const check = (limits: Mandate, atMs: number) =>
    refusedBy(() => limitsAfter(limits, story).check(buy, null, atMs));
  const rules = [
    [budget({ perHour: d('100') }), HOUR, MINUTE, 'perHour'],
    [budget({ perDay: d('100') }), DAY, MINUTE, 'perDay'],
    [{ ...open, ordersPerMinute: 1 }, MINUTE, 1_000, 'ordersPerMinute'],
  ] as const;
  for (const [mandate, span, bucket, limit] of rules) {
    assert.equal(check(mandate, noon + span - 1), limit);
    assert.equal(check(mandate, noon + span + bucket), null);
  }
});

test('a sign leaf without a result, and one that is unknown, count fully; a refused one is open no more', () => {
  const check = (story: Story) =>
    refusedBy(() => limitsAfter(budget({ open: d('199') }), story).check(buy, null, noon));
  const signed = past([{}, noon]);
  assert.equal(check(signed), 'open');
  signed.result(0, noon, 'unknown');
  assert.equal(check(signed), 'open');
  signed.result(0, noon, 'accepted', ['0', '0', 'open']);
  assert.equal(check(signed), 'open');
  const rejected = past([{}, noon]);
  rejected.result(0, noon, 'rejected');
  assert.equal(check(rejected), null);
  const filled = past([{}, noon]);
  filled.result(0, noon, 'accepted', ['1', '100', 'closed']);
  assert.equal(check(filled), null);
  // An answer that does not say how the order stands closes nothing.
  const silent = past([{}, noon]);
  silent.result(0, noon, 'accepted');
  assert.equal(check(silent), 'open');
});

test('a cancel that the venue confirms closes the order it names, with what was filled of it', () => {
  const story = past([{ amount: d('2') }, noon]);
  const cancel = story.sign({}, noon, 'orderCancel', 'o0');
  const check = () => refusedBy(() => limitsAfter(budget({ open: d('100') }), story).check(buy, null, noon));
  assert.equal(check(), 'open');
  story.result(cancel, noon, 'accepted', ['1', '90', 'closed']);
  assert.equal(check(), null);
  const sale = { ...buy, side: 'sell', amount: d('1') } as const;
  const reduce = (amount: Decimal) =>
    refusedBy(() => limitsAfter({ ...open, reduceOnly: true }, story).check({ ...sale, amount }, null, noon));
  assert.equal(reduce(d('1')), null);
  assert.equal(reduce(d('1.00000001')), 'reduceOnly');
});

test('what is being sold already counts against what may be sold', () => {
  const story = lossStory();
  story.sign({ side: 'sell', amount: d('5') }, noon);
  const check = (amount: string) =>
    refusedBy(() =>
      limitsAfter({ ...open, reduceOnly: true }, story).check(
        { ...buy, side: 'sell', amount: d(amount) },
        null,
        noon,
      ),
    );
  assert.equal(check('1'), null);
  assert.equal(check('1.00000001'), 'reduceOnly');
});

test('a day’s loss ends with the UTC day, and forbids no sale', () => {
  const limits = limitsAfter(budget({ dayLoss: d('1') }), lossStory());
  assert.equal(
    refusedBy(() => limits.check(buy, null, noon)),
    'dayLoss',
  );
  assert.equal(
    refusedBy(() => limits.check({ ...buy, side: 'sell' }, null, noon)),
    null,
  );
  assert.equal(
    refusedBy(() => limits.check(buy, null, Date.UTC(2026, 0, 2))),
    null,
  );
});

test('without a price of its own the gate places no order that must be judged by one', () => {
  for (const [mandate, order] of [
    [{ ...open, bandBps: 100 }, buy],
    [{ ...open, shareBps: 100 }, buy],
    [budget({ volumeMin: d('1') }), buy],
    [open, marketBuy],
  ] as const) {
    assert.equal(
      refusedBy(() => new Limits(mandate).check(order, null, noon)),
      'reference',
    );
    assert.equal(
      refusedBy(() => new Limits(mandate).check(order, market, noon)),
      null,
    );
  }
  assert.equal(
    refusedBy(() => new Limits(open).check(buy, null, noon)),
    null,
  );
  // A book that cannot fill the order has no worst price.
  assert.equal(
    refusedBy(() => new Limits(open).check({ ...marketBuy, amount: d('1021') }, market, noon)),
    'reference',
  );
});

test('an order that waits for a price counts at that price where it is the higher one', () => {
  const stop = { ...marketBuy, type: 'stop', stopPrice: d('1000') } as const;
  const check = (perOrder: string, order: Order) =>
    refusedBy(() => new Limits(budget({ perOrder: d(perOrder) })).check(order, market, noon));
  assert.equal(check('1000', stop), null);
  assert.equal(check('999.99999999', stop), 'perOrder');
  assert.equal(check('999.99999999', { ...stop, stopPrice: null }), null, 'without it the book says less');
  assert.equal(check('101', { ...stop, stopPrice: d('50') }), null);
  const band = (order: Order) =>
    refusedBy(() => new Limits({ ...open, bandBps: 100 }).check(order, market, noon));
  const sale = { ...buy, side: 'sell', type: 'stopLimit', stopPrice: d('50') } as const;
  assert.equal(band({ ...sale, price: d('49.5') }), null);
  assert.equal(band({ ...sale, price: d('49.49999999') }), 'bandBps');
  assert.equal(
    band({ ...sale, stopPrice: null, price: d('49.5') }),
    'bandBps',
    'it is the stop that allows it',
  );
});

test('a market that two budgets cover must hold both', () => {
  const both = {
    ...open,
    budgets: [
      { asset: 'USDT', ...noBudget },
      { asset: 'SDT', ...noBudget, perOrder: d('99') },
    ],
  };
  assert.equal(
    refusedBy(() => new Limits(both).check(buy, null, noon)),
    'perOrder',
  );
  assert.equal(
    refusedBy(() => new Limits({ ...both, budgets: both.budgets.slice(0, 1) }).check(buy, null, noon)),
    null,
  );
});

test('the price that a leaf states makes amount and price its notional, whatever the order', () => {
  const priceOf = (order: Order) => new Limits(open).check(order, market, noon);
  assert.deepEqual(priceOf(buy), d('100'));
  assert.deepEqual(priceOf({ ...marketBuy, amount: d('11') }), d('102'));
  assert.equal(priceOf({ ...marketBuy, sizedBy: 'quote' }), null);
  assert.equal(
    refusedBy(() => priceOf({ ...buy, sizedBy: 'quote' })),
    'types',
  );
});
