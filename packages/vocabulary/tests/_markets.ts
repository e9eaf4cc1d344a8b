/** Markets for tests: one of each kind as venues have them, and any at all. */
import fc from 'fast-check';
import {
  type Amount,
  assetCode,
  type Market,
  type Price,
  type Quantity,
  type Rate,
  venueId,
  venueSymbol,
} from '../src/index.ts';

// Units of a test's own market; outside tests only the market's functions make these.
export const price = (units: bigint) => units as Price;
export const quantity = (units: bigint) => units as Quantity;
export const amount = (units: bigint) => units as Amount;
export const rate = (units: bigint) => units as Rate;

/** Binance's BTCUSDT: tick 0.01, lot 0.00001, at least 5 USDT. */
export const spot: Market = {
  venue: venueId.parse('paper'),
  symbol: venueSymbol.parse('BTCUSDT'),
  base: assetCode.parse('BTC'),
  quote: assetCode.parse('USDT'),
  kind: 'spot',
  status: 'trading',
  priceScale: 2,
  quantityScale: 5,
  quoteScale: 8,
  tick: price(1n),
  priceMin: price(100n),
  priceMax: price(100_000_000n),
  lot: quantity(1n),
  quantityMin: quantity(2n),
  quantityMax: quantity(900_000_000n),
  marketQuantityMax: quantity(10_000_000n),
  notionalMin: amount(500_000_000n),
  notionalMax: amount(900_000_000_000_000n),
  makerFee: rate(-10_000n),
  takerFee: rate(100_000n),
  contractSize: null,
  leverageMax: 1,
  quoteSized: true,
};

/** OKX's BTC-USDT-SWAP: whole contracts of 0.01 BTC. */
export const linear: Market = {
  ...spot,
  symbol: venueSymbol.parse('BTC-USDT-SWAP'),
  kind: 'linear',
  quantityScale: 0,
  quantityMin: quantity(1n),
  quantityMax: null,
  marketQuantityMax: null,
  notionalMin: amount(0n),
  notionalMax: null,
  contractSize: { units: 1n, scale: 2 },
  leverageMax: 100,
  quoteSized: false,
};

/** Binance's BTCUSD_PERP: whole contracts of 100 USD. */
export const inverse: Market = {
  ...linear,
  symbol: venueSymbol.parse('BTCUSD_PERP'),
  kind: 'inverse',
  contractSize: { units: 100n, scale: 0 },
};

const units = (max: bigint) => fc.bigInt({ min: 1n, max });
const scale = fc.integer({ min: 0, max: 18 });

/** Any market that the codec takes: steps, and limits in order above them. */
export const anyMarket: fc.Arbitrary<Market> = fc
  .record({
    kind: fc.constantFrom('spot', 'linear', 'inverse'),
    priceScale: scale,
    quantityScale: scale,
    quoteScale: scale,
    tick: units(10_000n),
    lot: units(10_000n),
    least: units(10n ** 12n),
    room: fc.option(units(10n ** 18n)),
    fee: fc.bigInt({ min: -(10n ** 8n) + 1n, max: 10n ** 8n - 1n }),
    sizeUnits: units(99n),
    sizeScale: fc.integer({ min: 0, max: 8 }),
    leverageMax: fc.integer({ min: 1, max: 1000 }),
  })
  .map((any): Market => {
    const { kind, priceScale, quantityScale, quoteScale, least, room } = any;
    const most = room === null ? null : least + room;
    const size = any.sizeUnits % 10n === 0n ? any.sizeUnits + 1n : any.sizeUnits;
    return {
      ...spot,
      kind,
      priceScale,
      quantityScale,
      quoteScale,
      tick: price(any.tick),
      priceMin: price(least),
      priceMax: most === null ? null : price(most),
      lot: quantity(any.lot),
      quantityMin: quantity(least),
      quantityMax: most === null ? null : quantity(most),
      marketQuantityMax: most === null ? null : quantity(most),
      notionalMin: amount(least),
      notionalMax: most === null ? null : amount(most),
      makerFee: rate(any.fee),
      takerFee: rate(-any.fee),
      contractSize: kind === 'spot' ? null : { units: size, scale: any.sizeScale },
      leverageMax: kind === 'spot' ? 1 : any.leverageMax,
    };
  });
