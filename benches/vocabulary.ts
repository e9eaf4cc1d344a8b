// How fast money is multiplied, parsed and written, beside decimal.js, bignumber.js and dnum on the same numbers.
// Usage: node benches/vocabulary.ts [--quick]
//
// The last line is JSON: `mul_per_s` price × quantity into quote money with a named rounding, `parse_format_per_s`
// one reading of a price and one writing of it back, the same of each peer, and `mul_vs_limit`: our rate divided by
// that of the bare bigint product and truncating division with the market's scales written into the code.
import assert from 'node:assert/strict';
import { BigNumber } from 'bignumber.js';
import { Decimal } from 'decimal.js';
import * as dnum from 'dnum';
import {
  formatPrice,
  marketCodec,
  notional,
  parsePrice,
  parseQuantity,
} from '../packages/vocabulary/src/index.ts';

const quick = process.argv.includes('--quick');
const roundMs = quick ? 200 : 1_000;
const rounds = quick ? 3 : 7;

/** BTC/USDT with the amounts in whole cents, so that every product is rounded. */
const market = marketCodec.decode(
  {
    venue: 'paper',
    symbol: 'BTCUSDT',
    base: 'BTC',
    quote: 'USDT',
    kind: 'spot',
    status: 'trading',
    priceScale: 2,
    quantityScale: 5,
    quoteScale: 2,
    tick: '0.01',
    priceMin: '0.01',
    priceMax: null,
    lot: '0.00001',
    quantityMin: '0.00001',
    quantityMax: null,
    marketQuantityMax: null,
    notionalMin: '5',
    notionalMax: null,
    makerFee: '0.001',
    takerFee: '0.001',
    contractSize: null,
    leverageMax: 1,
    quoteSized: true,
  },
  'market',
);

// A power of two of operands, more than a processor's branch predictor or a compiler can learn by heart.
const COUNT = 4_096;
const priceTexts = Array.from(
  { length: COUNT },
  (_, i) => `${61_000 + ((i * 7919) % 5000)}.${(i % 9) + 1}${(i % 8) + 1}`,
);
const quantityTexts = Array.from(
  { length: COUNT },
  (_, i) => `0.${String(1 + ((i * 104_729) % 99_998)).padStart(5, '0')}`,
);

/** Does as many operations as asked; answers something of each, so that none can be left out. */
type Work = (count: number) => number;

interface Contender {
  readonly name: string;
  readonly multiply: Work;
  readonly parseFormat: Work;
  /** The product of the ith pair as text, to see that all do the same. */
  readonly product: (i: number) => string;
  readonly again: (i: number) => string;
}

/** `operate` on the operands in turn; the sum of what it answers keeps the work alive. */
function loop(operate: (i: number) => number): Work {
  return (count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum = (sum + operate(i & (COUNT - 1))) | 0;
    return sum;
  };
}

function at<T>(values: readonly T[], i: number): T {
  return values[i] as T; // `loop` keeps i inside
}

function ours(): Contender {
  const prices = priceTexts.map((source) => parsePrice(market, source));
  const quantities = quantityTexts.map((source) => parseQuantity(market, source));
  return {
    name: 'counterfoil',
    multiply: loop((i) => Number(notional(market, at(prices, i), at(quantities, i), 'ceil'))),
    parseFormat: loop((i) => formatPrice(market, parsePrice(market, at(priceTexts, i))).length),
    product: (i) => String(Number(notional(market, at(prices, i), at(quantities, i), 'ceil')) / 100),
    again: (i) => formatPrice(market, parsePrice(market, at(priceTexts, i))),
  };
}

function decimalJs(): Contender {
  const prices = priceTexts.map((source) => new Decimal(source));
  const quantities = quantityTexts.map((source) => new Decimal(source));
  const product = (i: number) =>
    at(prices, i).times(at(quantities, i)).toDecimalPlaces(2, Decimal.ROUND_CEIL);
  return {
    name: 'decimal.js',
    multiply: loop((i) => product(i).e),
    parseFormat: loop((i) => new Decimal(at(priceTexts, i)).toFixed().length),
    product: (i) => product(i).toFixed(),
    again: (i) => new Decimal(at(priceTexts, i)).toFixed(),
  };
}

function bignumberJs(): Contender {
  const prices = priceTexts.map((source) => new BigNumber(source));
  const quantities = quantityTexts.map((source) => new BigNumber(source));
  const product = (i: number) =>
    at(prices, i).times(at(quantities, i)).decimalPlaces(2, BigNumber.ROUND_CEIL);
  return {
    name: 'bignumber.js',
    multiply: loop((i) => product(i).e ?? 0),
    parseFormat: loop((i) => new BigNumber(at(priceTexts, i)).toFixed().length),
    product: (i) => product(i).toFixed(),
    again: (i) => new BigNumber(at(priceTexts, i)).toFixed(),
  };
}

function dnumLibrary(): Contender {
  const prices = priceTexts.map((source) => dnum.from(source, 2));
  const quantities = quantityTexts.map((source) => dnum.from(source, 5));
  const product = (i: number) =>
    dnum.multiply(at(prices, i), at(quantities, i), { decimals: 2, rounding: 'ROUND_UP' });
  return {
    name: 'dnum',
    multiply: loop((i) => Number(product(i)[0])),
    parseFormat: loop((i) => dnum.toString(dnum.from(at(priceTexts, i), 2)).length),
    product: (i) => dnum.toString(product(i)),
    again: (i) => dnum.toString(dnum.from(at(priceTexts, i), 2)),
  };
}

/**
 * Operations per second of each: the median of the rounds. They take turns, so that a busy machine slows all of them.
 */
function perSecond(works: readonly Work[]): readonly number[] {
  const counted = works.map((work) => {
    let count = COUNT;
    while (elapsed(work, count) < roundMs / 4) count *= 2;
    return { work, count, rates: new Array<number>() };
  });
  for (let round = 0; round < rounds; round++) {
    for (const { work, count, rates } of counted) rates.push((count * 1_000) / elapsed(work, count));
  }
  return counted.map(({ rates }) => Math.round(rates.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0));
}

let sink = 0;

function elapsed(work: Work, count: number): number {
  const startedAt = performance.now();
  sink ^= work(count);
  return performance.now() - startedAt;
}

/** What `notional` could reach if it knew its market when it was written. */
function bareProducts(): Work {
  const prices: readonly bigint[] = priceTexts.map((source) => parsePrice(market, source));
  const quantities: readonly bigint[] = quantityTexts.map((source) => parseQuantity(market, source));
  return loop((i) => Number((at(prices, i) * at(quantities, i)) / 100_000n));
}

const contenders = [ours(), decimalJs(), bignumberJs(), dnumLibrary()];
const [first] = contenders;
for (const { name, product, again } of contenders) {
  for (let i = 0; i < COUNT; i++) {
    assert.equal(product(i), first?.product(i), `${name} multiplies otherwise`);
    assert.equal(again(i), first?.again(i), `${name} reads or writes otherwise`);
  }
}

const [limit = 0, ...products] = perSecond([bareProducts(), ...contenders.map(({ multiply }) => multiply)]);
const readings = perSecond(contenders.map(({ parseFormat }) => parseFormat));
const results = contenders.map(({ name }, i) => ({
  name,
  mul: products[i] ?? 0,
  parseFormat: readings[i] ?? 0,
}));
assert.ok(Number.isInteger(sink)); // read, so that no compiler may leave the work out

const millions = (rate: number) => (rate / 1e6).toFixed(2).padStart(9);
console.log(`${'million per second'.padEnd(18)}price × quantity   parse + format`);
for (const { name, mul, parseFormat } of results)
  console.log(`${name.padEnd(18)}${millions(mul).padStart(16)}${millions(parseFormat).padStart(17)}`);
console.log(`${'(bare bigint)'.padEnd(18)}${millions(limit).padStart(16)}`);

const [own, ...peers] = results;
console.log(
  JSON.stringify({
    mul_per_s: own?.mul,
    parse_format_per_s: own?.parseFormat,
    mul_vs_limit: Number(((own?.mul ?? 0) / limit).toFixed(2)),
    peers: Object.fromEntries(
      peers.map(({ name, mul, parseFormat }) => [name, { mul_per_s: mul, parse_format_per_s: parseFormat }]),
    ),
  }),
);
