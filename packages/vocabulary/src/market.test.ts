import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { amount, anyMarket, inverse, linear, price, quantity, rate, spot } from '../tests/_markets.ts';
import { anyPositive, anyRounding, anyUnits, Oracle, oracleOf, oracleUnits } from '../tests/_oracle.ts';
import { CodecError } from './codec.ts';
import { DecimalError } from './decimal.ts';
import {
  applyRate,
  ceilToLot,
  ceilToTick,
  checkFilters,
  floorToLot,
  floorToTick,
  formatAmount,
  formatPrice,
  formatQuantity,
  formatRate,
  type FilterRefusal,
  type Market,
  marketCodec,
  MarketError,
  notional,
  parseAmount,
  parsePrice,
  parseQuantity,
  parseRate,
  priceFor,
  quantityFor,
  shiftByRate,
} from './market.ts';
import { DivisorError } from './rounding.ts';

/** What one quantity unit of 1 is worth at `at`, in quote, by decimal.js. */
function worthOfOne(market: Market, at: bigint): Oracle {
  const size =
    market.contractSize === null
      ? new Oracle(1)
      : oracleOf(market.contractSize.units, market.contractSize.scale);
  return market.kind === 'inverse' ? size : size.times(oracleOf(at, market.priceScale));
}

test('price times quantity agrees with decimal.js on every kind of market in every rounding', () => {
  fc.assert(
    fc.property(anyMarket, anyUnits, anyUnits, anyRounding, (market, at, held, rounding) => {
      const worth = worthOfOne(market, at).times(oracleOf(held, market.quantityScale));
      assert.equal(
        notional(market, price(at), quantity(held), rounding),
        oracleUnits(worth, market.quoteScale, rounding),
      );
    }),
    { numRuns: 5_000 },
  );
});

test('the quantity for an amount agrees with decimal.js on every kind of market in every rounding', () => {
  fc.assert(
    fc.property(anyMarket, anyUnits, anyPositive, anyRounding, (market, money, at, rounding) => {
      const exact = oracleOf(money, market.quoteScale).div(worthOfOne(market, at));
      assert.equal(
        quantityFor(market, amount(money), price(at), rounding),
        oracleUnits(exact, market.quantityScale, rounding),
      );
    }),
    { numRuns: 5_000 },
  );
});

test('the price for an amount agrees with decimal.js in every rounding', () => {
  fc.assert(
    fc.property(anyMarket, anyUnits, anyPositive, anyRounding, (market, money, held, rounding) => {
      fc.pre(market.kind !== 'inverse');
      const perUnit = worthOfOne(market, 10n ** BigInt(market.priceScale));
      const exact = oracleOf(money, market.quoteScale).div(
        oracleOf(held, market.quantityScale).times(perUnit),
      );
      assert.equal(
        priceFor(market, amount(money), quantity(held), rounding),
        oracleUnits(exact, market.priceScale, rounding),
      );
    }),
    { numRuns: 5_000 },
  );
});

test('worked examples: spot, whole contracts of 0.01 BTC, whole contracts of 100 USD', () => {
  // 61,240.50 × 0.00123 = 75.325815 USDT
  assert.equal(formatAmount(spot, notional(spot, price(6_124_050n), quantity(123n), 'exact')), '75.325815');
  // 3 contracts × 0.01 BTC × 61,240.50 = 1,837.215 USDT
  assert.equal(formatAmount(linear, notional(linear, price(6_124_050n), quantity(3n), 'exact')), '1837.215');
  // 3 contracts × 100 USD = 300 USD at any price
  assert.equal(formatAmount(inverse, notional(inverse, price(6_124_050n), quantity(3n), 'exact')), '300');
  // 2,000 USDT / (61,240.50 × 0.01) = 3.26… contracts
  assert.equal(quantityFor(linear, parseAmount(linear, '2000'), price(6_124_050n), 'floor'), 3n);
  assert.equal(quantityFor(inverse, parseAmount(inverse, '350'), price(6_124_050n), 'ceil'), 4n);
  // 1,837.215 USDT / (3 × 0.01 BTC) = 61,240.50
  assert.equal(priceFor(linear, parseAmount(linear, '1837.215'), quantity(3n), 'exact'), 6_124_050n);
});

test('what an amount buys never costs more than the amount', () => {
  fc.assert(
    fc.property(anyMarket, anyPositive, anyPositive, (market, money, at) => {
      const bought = quantityFor(market, amount(money), price(at), 'floor');
      assert.ok(notional(market, price(at), bought, 'ceil') <= money);
      const next = quantity(bought + 1n);
      assert.ok(notional(market, price(at), next, 'ceil') >= money);
    }),
    { numRuns: 2_000 },
  );
});

test('a price or quantity of nothing divides nothing', () => {
  for (const none of [0n, -1n]) {
    assert.throws(() => quantityFor(spot, amount(5n), price(none), 'floor'), DivisorError);
    assert.throws(() => priceFor(spot, amount(5n), quantity(none), 'floor'), DivisorError);
  }
});

test('an inverse contract has no price for an amount', () => {
  assert.throws(() => priceFor(inverse, amount(5n), quantity(1n), 'floor'), MarketError);
});

test('fees and shifts by a rate agree with decimal.js in every rounding', () => {
  const anyRate = fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n });
  fc.assert(
    fc.property(anyUnits, anyRate, anyRounding, (value, part, rounding) => {
      const exact = oracleOf(value, 0).times(oracleOf(part, 8));
      assert.equal(applyRate(amount(value), rate(part), rounding), oracleUnits(exact, 0, rounding));
      const shifted = exact.plus(oracleOf(value, 0));
      assert.equal(shiftByRate(price(value), rate(part), rounding), oracleUnits(shifted, 0, rounding));
    }),
    { numRuns: 5_000 },
  );
});

test('ticks and lots are the multiples on either side, by decimal.js', () => {
  fc.assert(
    fc.property(anyMarket, anyUnits, (market, value) => {
      const of = (step: bigint, rounding: 'floor' | 'ceil') =>
        oracleUnits(oracleOf(value, 0).div(step.toString()), 0, rounding) * step;
      assert.equal(floorToTick(market, value), of(market.tick, 'floor'));
      assert.equal(ceilToTick(market, value), of(market.tick, 'ceil'));
      assert.equal(floorToLot(market, value), of(market.lot, 'floor'));
      assert.equal(ceilToLot(market, value), of(market.lot, 'ceil'));
    }),
    { numRuns: 2_000 },
  );
});

test('prices, quantities, amounts and rates are read and written at their scales', () => {
  fc.assert(
    fc.property(anyMarket, anyUnits, (market, units) => {
      assert.equal(parsePrice(market, formatPrice(market, price(units))), units);
      assert.equal(parseQuantity(market, formatQuantity(market, quantity(units))), units);
      assert.equal(parseAmount(market, formatAmount(market, amount(units))), units);
      assert.equal(parseRate(formatRate(rate(units))), units);
    }),
  );
  assert.equal(parsePrice(spot, '61240.5'), 6_124_050n);
  assert.equal(parseRate('0.001'), 100_000n);
  assert.throws(() => parsePrice(spot, '61240.505'), DecimalError);
});

// Every filter at its edge: the last value that passes and the first that does not.
const roomy: Market = { ...spot, notionalMin: amount(0n), notionalMax: null };
const stepped: Market = { ...roomy, tick: price(50n), lot: quantity(10n) };
const edges: readonly {
  readonly reason: FilterRefusal['reason'];
  readonly limit: string;
  readonly market: Market;
  readonly sizing?: 'limit' | 'market';
  readonly passes: readonly [at: bigint, held: bigint];
  readonly fails: readonly [at: bigint, held: bigint];
}[] = [
  { reason: 'priceOffTick', limit: '0.5', market: stepped, passes: [100_050n, 10n], fails: [100_051n, 10n] },
  { reason: 'priceOffTick', limit: '0.5', market: stepped, passes: [100_050n, 10n], fails: [100_049n, 10n] },
  { reason: 'priceTooLow', limit: '1', market: roomy, passes: [100n, 2n], fails: [99n, 2n] },
  {
    reason: 'priceTooHigh',
    limit: '1000000',
    market: roomy,
    passes: [100_000_000n, 2n],
    fails: [100_000_001n, 2n],
  },
  { reason: 'quantityOffLot', limit: '0.0001', market: stepped, passes: [100n, 20n], fails: [100n, 21n] },
  { reason: 'quantityOffLot', limit: '0.0001', market: stepped, passes: [100n, 20n], fails: [100n, 19n] },
  { reason: 'quantityTooSmall', limit: '0.00002', market: roomy, passes: [100n, 2n], fails: [100n, 1n] },
  {
    reason: 'quantityTooLarge',
    limit: '9000',
    market: roomy,
    passes: [100n, 900_000_000n],
    fails: [100n, 900_000_001n],
  },
  {
    reason: 'quantityTooLarge',
    limit: '100',
    market: roomy,
    sizing: 'market',
    passes: [100n, 10_000_000n],
    fails: [100n, 10_000_001n],
  },
  // 5 USDT: 50.00 × 0.10000 = 5, and 49.99 × 0.10000 = 4.999; the scales leave a tenth of a cent per unit.
  {
    reason: 'notionalTooSmall',
    limit: '5',
    market: spot,
    passes: [5_000n, 10_000n],
    fails: [4_999n, 10_000n],
  },
  {
    reason: 'notionalTooSmall',
    limit: '5',
    market: spot,
    passes: [5_000n, 10_000n],
    fails: [5_000n, 9_999n],
  },
  // 9,000,000 USDT
  {
    reason: 'notionalTooLarge',
    limit: '9000000',
    market: spot,
    passes: [100_000_000n, 900_000n],
    fails: [100_000_000n, 900_001n],
  },
];

test('every filter passes its limit and refuses one unit beyond it, naming the limit', () => {
  for (const { reason, limit, market, sizing = 'limit', passes, fails } of edges) {
    assert.equal(checkFilters(market, price(passes[0]), quantity(passes[1]), sizing), null, reason);
    assert.deepEqual(checkFilters(market, price(fails[0]), quantity(fails[1]), sizing), { reason, limit });
  }
});

test('a worth between two units of quote money breaks whichever limit it could break', () => {
  const cents: Market = { ...spot, quoteScale: 2, notionalMin: amount(500n), notionalMax: amount(900n) };
  // 49.99 × 0.10001 = 4.9994999, which is 4.99 or 5.00 in cents
  assert.equal(checkFilters(cents, price(4_999n), quantity(10_001n), 'limit')?.reason, 'notionalTooSmall');
  assert.equal(checkFilters(cents, price(5_000n), quantity(10_000n), 'limit'), null);
  // 900.00 × 0.01001 = 9.009, which is 9.00 or 9.01 in cents
  assert.equal(checkFilters(cents, price(90_000n), quantity(1_001n), 'limit')?.reason, 'notionalTooLarge');
  assert.equal(checkFilters(cents, price(90_000n), quantity(1_000n), 'limit'), null);
});

test('market orders have no tick and no price limits, and the limit ceiling where they have none of their own', () => {
  assert.equal(checkFilters(stepped, price(100_051n), quantity(10n), 'market'), null);
  assert.equal(checkFilters(roomy, price(99n), quantity(2n), 'market'), null);
  const market = { ...roomy, marketQuantityMax: null };
  assert.equal(checkFilters(market, price(100n), quantity(900_000_000n), 'market'), null);
  const refusal = checkFilters(market, price(100n), quantity(900_000_001n), 'market');
  assert.equal(refusal?.reason, 'quantityTooLarge');
});

test('an order of nothing, or at no price, is refused even where a venue states no minimum', () => {
  const bare: Market = { ...roomy, priceMin: price(0n), quantityMin: quantity(0n) };
  for (const sizing of ['limit', 'market'] as const) {
    for (const none of [0n, -1n]) {
      const nothing = checkFilters(bare, price(100n), quantity(none), sizing);
      assert.deepEqual(nothing, { reason: 'quantityTooSmall', limit: '0.00001' });
      const noPrice = checkFilters(bare, price(none), quantity(2n), sizing);
      assert.deepEqual(noPrice, { reason: 'priceTooLow', limit: '0.01' });
    }
  }
});

test('a market crosses the wire and comes back the same', () => {
  fc.assert(
    fc.property(anyMarket, (market) => {
      const wire: unknown = JSON.parse(JSON.stringify(marketCodec.encode(market, 'market')));
      assert.deepEqual(marketCodec.decode(wire, 'market'), market);
    }),
    { numRuns: 1_000 },
  );
  for (const market of [spot, linear, inverse])
    assert.deepEqual(marketCodec.decode(marketCodec.encode(market, 'm'), 'm'), market);
});

const contradictions: readonly [sentence: RegExp, change: Partial<Market>][] = [
  [/tick and lot are positive/, { tick: price(0n) }],
  [/tick and lot are positive/, { lot: quantity(-1n) }],
  [/minimums are not negative/, { priceMin: price(-1n) }],
  [/minimums are not negative/, { quantityMin: quantity(-1n) }],
  [/minimums are not negative/, { notionalMin: amount(-1n) }],
  [/priceMax is under priceMin/, { priceMax: price(99n) }],
  [/a greatest quantity is under quantityMin/, { quantityMax: quantity(1n) }],
  [/a greatest quantity is under quantityMin/, { marketQuantityMax: quantity(1n) }],
  [/notionalMax is under notionalMin/, { notionalMax: amount(499_999_999n) }],
  [/fees are fractions/, { makerFee: rate(-(10n ** 8n)) }],
  [/fees are fractions/, { takerFee: rate(10n ** 8n) }],
  [/contracts have a contractSize/, { contractSize: { units: 1n, scale: 0 } }],
  [/contracts have a contractSize/, { kind: 'linear' }],
  [/contractSize is positive/, { kind: 'inverse', contractSize: { units: 0n, scale: 0 } }],
  [/leverageMax is 1 for spot/, { leverageMax: 2 }],
  [/priceScale/, { priceScale: 19 }],
  [/leverageMax/, { leverageMax: 0 }],
];

test('a market whose limits contradict each other is refused by reader and writer, with the reason', () => {
  for (const [sentence, change] of contradictions)
    assert.throws(() => marketCodec.encode({ ...spot, ...change }, 'market'), {
      name: 'CodecError',
      message: sentence,
    });
  const wire = marketCodec.encode(spot, 'market') as Readonly<Record<string, unknown>>;
  for (const change of [
    { tick: '0' },
    { tick: '0.001' },
    { lot: '1e-5' },
    { takerFee: '1' },
    { symbol: 'A B' },
    { x: 1 },
  ])
    assert.throws(
      () => marketCodec.decode({ ...wire, ...change }, 'market'),
      CodecError,
      JSON.stringify(change),
    );
});
