import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodecError } from './codec.ts';
import { finalStates, fillWire, orderReportWire, orderStateCodec, type OrderState } from './order.ts';

const fill: Readonly<Record<string, unknown>> = {
  tradeId: '28457',
  side: 'buy',
  price: '61240.5',
  quantity: '0.00123',
  amount: '75.325815',
  fee: '0.00000123',
  feeAsset: 'BNB',
  liquidity: 'taker',
  atMs: 1_767_225_600_000,
};

const report: Readonly<Record<string, unknown>> = {
  orderId: null,
  clientOrderId: 'cf-3mXw0Tq9',
  venueOrderId: '28',
  symbol: 'BTCUSDT',
  state: 'partiallyFilled',
  side: 'buy',
  quantity: '0.002',
  filledQuantity: '0.00123',
  filledAmount: '75.325815',
  price: null,
  atMs: 0,
};

test('fills and order reports cross the wire as decimal strings and come back the same', () => {
  assert.deepEqual(fillWire.encode(fillWire.decode(fill, 'fill'), 'fill'), fill);
  assert.deepEqual(orderReportWire.encode(orderReportWire.decode(report, 'report'), 'report'), report);
});

test('a fill or report with a number for money, a stray or a missing field is refused by the name of the field', () => {
  const bad: readonly [field: string, value: unknown][] = [
    ['price', 61_240.5],
    ['quantity', '1e-3'],
    ['amount', null],
    ['fee', ''],
    ['feeAsset', 'bnb'],
    ['liquidity', 'Maker'],
    ['side', 'BUY'],
    ['atMs', -1],
    ['tradeId', ''],
    ['stray', 1],
  ];
  for (const [field, value] of bad)
    assert.throws(() => fillWire.decode({ ...fill, [field]: value }, 'fill'), { path: `fill.${field}` });
  for (const field of Object.keys(report)) {
    const { [field]: _, ...rest } = report;
    assert.throws(() => orderReportWire.decode(rest, 'report'), { path: `report.${field}` });
  }
});

test('every state of an order has its word, and the final ones are those that nothing follows', () => {
  const states: Readonly<Record<OrderState, 'final' | 'open'>> = {
    planned: 'open',
    journalled: 'open',
    sent: 'open',
    acknowledged: 'open',
    partiallyFilled: 'open',
    unknown: 'open',
    filled: 'final',
    cancelled: 'final',
    rejected: 'final',
    expired: 'final',
  };
  for (const [state, kind] of Object.entries(states)) {
    const word = orderStateCodec.decode(state, 'state');
    assert.equal(finalStates.has(word), kind === 'final', state);
  }
  assert.throws(() => orderStateCodec.decode('lost', 'state'), CodecError);
});
