import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientOrderId, formatDecimal, venueSymbol } from '@counterfoil/vocabulary';
import type { BuildMethod } from '@counterfoil/vocabulary/protocol';
import { manifestOf } from './manifests/index.ts';
import type { Manifest } from './manifest.ts';
import { type Reading, readAnswer } from './read-answer.ts';
import { planRequest } from './request-plan.ts';

const symbol = venueSymbol.parse('BTCUSDT');
const ours = clientOrderId.parse('v10123456789abcde0123456789abcde');
const theirs = clientOrderId.parse('0123456789abcdef0123456789abcdef');

function manifest(venue: string): Manifest {
  const found = manifestOf(venue);
  assert.ok(found !== undefined);
  return found;
}
const binance = manifest('binance');
const kraken = manifest('kraken');

function read(venue: Manifest, method: BuildMethod, body: unknown, status = 200): Reading | null {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return readAnswer(venue, planRequest(venue, method, 1_767_225_600_000), {
    status,
    body: bytes,
    dateMs: null,
  });
}

const get: BuildMethod = { kind: 'orderGet', symbol, clientOrderId: ours };
const order = {
  symbol: 'BTCUSDT',
  orderId: 4_711,
  clientOrderId: ours,
  price: '61234.50000000',
  executedQty: '0.00100000',
  cummulativeQuoteQty: '61.23450000',
  status: 'PARTIALLY_FILLED',
  side: 'BUY',
  updateTime: 1_767_225_600_000,
};

test('an order of Binance is read where the manifest says', () => {
  const reading = read(binance, get, order);
  assert.ok(reading?.kind === 'taken' && reading.report !== null);
  assert.equal(reading.report.state, 'partiallyFilled');
  assert.equal(reading.report.venueOrderId, '4711');
  assert.equal(formatDecimal(reading.report.filledAmount ?? { units: 0n, scale: 0 }), '61.2345');
});

test('an answer about another order, or one that is not in its form, says nothing', () => {
  const wrong: readonly unknown[] = [
    { ...order, clientOrderId: 'v1ffffffffffffffffffffffffffffff' },
    { ...order, status: 'SOMETHING_NEW' },
    { ...order, side: 'HOLD' },
    { ...order, executedQty: '1e3' },
    { ...order, executedQty: 'NaN' },
    { ...order, orderId: '1 2' },
    { ...order, orderId: null },
    { ...order, symbol: '' },
    [],
    'null',
    '{"symbol":',
    '<html>',
    '',
    '[[[[',
  ];
  for (const body of wrong) assert.equal(read(binance, get, body), null, JSON.stringify(body));
});

test('fields of a prototype are no fields of the answer', () => {
  assert.equal(read(binance, get, `{"__proto__":${JSON.stringify(order)}}`), null);
  assert.equal(
    read(binance, { kind: 'permissions' }, '{"__proto__":{"enableSpotAndMarginTrading":true}}'),
    null,
  );
});

test('a code means what its table says, and anything else is unknown', () => {
  const verdict = (status: number, code: number, msg: string): string | undefined => {
    const reading = read(binance, get, { code, msg }, status);
    return reading?.kind === 'error' ? reading.verdict : undefined;
  };
  assert.equal(verdict(400, -2_010, 'Account has insufficient balance for requested action.'), 'rejected');
  assert.equal(verdict(400, -2_010, 'Duplicate order sent.'), 'duplicate');
  assert.equal(verdict(400, -2_013, 'Order does not exist.'), 'unknownOrder');
  assert.equal(verdict(400, -1_006, 'An unexpected response was received.'), 'unknown');
  assert.equal(
    verdict(504, -2_010, 'Account has insufficient balance.'),
    'unknown',
    'a failure of the venue itself',
  );
  assert.equal(
    verdict(200, -2_010, 'Account has insufficient balance.'),
    'rejected',
    'an error with status 200',
  );
  const page = read(binance, get, '<html>', 403);
  assert.equal(page?.kind === 'error' ? page.verdict : '', 'unknown');
});

test('a permission that no table names is a way out of the account', () => {
  const flags = {
    ipRestrict: true,
    createTime: 1,
    enableReading: true,
    enableSpotAndMarginTrading: true,
    enableWithdrawals: false,
    enableInternalTransfer: false,
    permitsUniversalTransfer: false,
  };
  const permissions = (body: unknown): unknown => {
    const reading = read(binance, { kind: 'permissions' }, body);
    return reading?.kind === 'permissions' ? reading.permissions : null;
  };
  assert.deepEqual(permissions(flags), { trade: true, withdraw: false, ipAllowList: true });
  for (const way of [
    'enableWithdrawals',
    'enableInternalTransfer',
    'permitsUniversalTransfer',
    'enableGiftCards',
  ]) {
    assert.deepEqual(
      permissions({ ...flags, [way]: true }),
      { trade: true, withdraw: true, ipAllowList: true },
      way,
    );
  }
  const { enableWithdrawals: _gone, ...hidden } = flags;
  assert.equal(permissions(hidden), null, 'a flag that is not stated');
  assert.equal(permissions({ ...flags, enableWithdrawals: 'false' }), null, 'a flag that is no flag');

  const words = (list: readonly string[]): unknown => {
    const body = { error: [], result: { permissions: list, ip_allowlist: [] } };
    const reading = read(kraken, { kind: 'permissions' }, body);
    return reading?.kind === 'permissions' ? reading.permissions : null;
  };
  const trade = ['query-funds', 'modify-trades', 'close-trades'];
  assert.deepEqual(words(trade), { trade: true, withdraw: false, ipAllowList: false });
  assert.deepEqual(words([...trade, 'withdraw-funds']), { trade: true, withdraw: true, ipAllowList: false });
  assert.deepEqual(words(['query-funds']), { trade: false, withdraw: false, ipAllowList: false });
});

test('Kraken’s answers are read: a list of open orders, a balance with its hold, an error with status 200', () => {
  const row = {
    cl_ord_id: theirs,
    status: 'open',
    opentm: 1_616_665_496.7808,
    descr: { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '30010.0' },
    vol_exec: '0.37500000',
    cost: '11253.7',
  };
  const ask: BuildMethod = { kind: 'orderGet', symbol: venueSymbol.parse('XBTUSD'), clientOrderId: theirs };
  const found = read(kraken, ask, { error: [], result: { open: { 'OQCLML-BW3P3-BUCMWZ': row } } });
  assert.ok(found?.kind === 'taken' && found.report !== null);
  assert.equal(found.report.venueOrderId, 'OQCLML-BW3P3-BUCMWZ');
  assert.equal(found.report.atMs, 1_616_665_496_780);
  const none = read(kraken, ask, { error: [], result: { open: {} } });
  assert.equal(none?.kind === 'error' ? none.verdict : '', 'unknownOrder');
  const funds = read(kraken, ask, { error: ['EOrder:Insufficient funds'] });
  assert.equal(funds?.kind === 'error' ? funds.verdict : '', 'rejected');
  const busy = read(kraken, ask, { error: ['EService:Busy'] });
  assert.equal(busy?.kind === 'error' ? busy.verdict : '', 'unknown');
  const held = read(
    kraken,
    { kind: 'balances' },
    {
      error: [],
      result: { ZUSD: { balance: '25435.21', hold_trade: '8249.76' } },
    },
  );
  assert.ok(held?.kind === 'balances');
  assert.equal(formatDecimal(held.balances[0]?.free ?? { units: 0n, scale: 0 }), '17185.45');
});

/** Numbers that are the same in every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('answers with random bytes changed are read or are nothing, and never throw', () => {
  const random = randomFrom(3);
  const methods: readonly BuildMethod[] = [
    get,
    { kind: 'ordersOpen', symbol },
    { kind: 'tradesHistory', symbol, fromId: null },
    { kind: 'balances' },
    { kind: 'permissions' },
  ];
  const seed = Buffer.from(JSON.stringify([order, { balances: [{ asset: 'BTC', free: '1', locked: '0' }] }]));
  let nothing = 0;
  for (let i = 0; i < 20_000; i++) {
    const body = Buffer.from(seed);
    for (let n = random(4); n >= 0; n--) body[random(body.length)] = random(256);
    const method = methods[random(methods.length)] ?? get;
    const venue = random(2) === 0 ? binance : kraken;
    const reading = readAnswer(venue, planRequest(venue, method, 1), { status: 200, body, dateMs: null });
    if (reading === null) nothing++;
  }
  assert.ok(nothing > 0);
});
