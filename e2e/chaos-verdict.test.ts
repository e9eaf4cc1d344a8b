import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  balanceContradictions,
  fillContradictions,
  leafContradictions,
  type LedgerFills,
  orderContradictions,
} from './_chaos-verdict.ts';

const order = (clientOrderId: string, status = 'FILLED') => ({ clientOrderId, status });
const sound = {
  states: new Map([
    ['a', 'accepted'],
    ['b', 'rejected'],
  ]),
  orders: [order('a')],
};

test('records that agree have no contradiction', () => {
  assert.deepEqual(orderContradictions(sound.states, sound.orders), []);
  assert.deepEqual(leafContradictions(new Map([['a', 1]]), sound.orders), []);
  const balances = new Map([['BTC', 1n]]);
  assert.deepEqual(balanceContradictions('x', balances, new Map(balances)), []);
});

for (const [what, states, orders, said] of [
  ['an order that is twice at the venue', sound.states, [order('a'), order('a')], /a is at the venue twice/],
  [
    'an order that nobody journalled',
    sound.states,
    [order('a'), order('c')],
    /c is FILLED at the venue and undefined/,
  ],
  ['a rejected order that is there', sound.states, [order('a'), order('b')], /b is FILLED .* and rejected/],
  ['an order that is lost', sound.states, [], /a is accepted in the ledger and not at the venue/],
  ['an order that was left behind', sound.states, [order('a', 'NEW')], /a still rests/],
] as const) {
  test(`the verdict finds ${what}`, () => {
    const found = orderContradictions(states, orders);
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', said);
  });
}

test('the verdict finds an order without a leaf, and one with two', () => {
  assert.deepEqual(leafContradictions(new Map(), sound.orders), ['order a has 0 sign leaves']);
  assert.deepEqual(leafContradictions(new Map([['a', 2]]), sound.orders), ['order a has 2 sign leaves']);
});

test('the verdict finds one unit that is missing, and an asset that one side does not know', () => {
  const venue = new Map([['BTC', 100n]]);
  assert.equal(balanceContradictions('x', venue, new Map([['BTC', 99n]])).length, 1);
  assert.equal(
    balanceContradictions(
      'x',
      venue,
      new Map([
        ['BTC', 100n],
        ['USDT', 1n],
      ]),
    ).length,
    1,
  );
});

const traded = {
  ...order('a'),
  symbol: 'BTCUSDT',
  orderId: 7,
  executedQty: '0.00300000',
  cummulativeQuoteQty: '186.00000000',
};
const booked: LedgerFills = {
  symbol: 'BTCUSDT',
  venueOrderId: '7',
  clientOrderId: 'a',
  quantity: '0.003',
  amount: '186',
};

test('fills that add up to what each order traded have no contradiction', () => {
  assert.deepEqual(fillContradictions([booked], [traded]), []);
  assert.deepEqual(fillContradictions([], [{ ...traded, executedQty: '0', cummulativeQuoteQty: '0' }]), []);
});

for (const [what, fills, said] of [
  ['a lost fill', [], /a traded 0.00300000 for 186.00000000, in the ledger 0 for 0 units/],
  ['a fill that is short by one unit', [{ ...booked, quantity: '0.00299999' }], /in the ledger 299999 for/],
  ['a fill that cost another amount', [{ ...booked, amount: '186.00000001' }], /for 18600000001 units/],
  ['a fill that is booked on another order', [{ ...booked, clientOrderId: 'b' }], /booked elsewhere/],
  ['a fill that is booked on none', [{ ...booked, clientOrderId: null }], /booked elsewhere/],
  [
    'a fill that the venue does not know',
    [booked, { ...booked, venueOrderId: '8' }],
    /8 are in the ledger alone/,
  ],
] as const) {
  test(`the verdict finds ${what}`, () => {
    const found = fillContradictions(fills, [traded]);
    assert.equal(found.length, 1, found.join('; '));
    assert.match(found[0] ?? '', said);
  });
}
