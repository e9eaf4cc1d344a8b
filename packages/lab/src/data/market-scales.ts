import { type Market, rescaleUnits } from '@counterfoil/vocabulary';
import { LabError } from '../errors.ts';
import type { ImportedCandles } from './csv.ts';

export interface Scales {
  readonly priceScale: number;
  readonly quantityScale: number;
}

/** The scales that hold both the market's own figures and recorded ones. */
export function commonScales(market: Scales, recorded: Scales): Scales {
  return {
    priceScale: Math.max(market.priceScale, recorded.priceScale),
    quantityScale: Math.max(market.quantityScale, recorded.quantityScale),
  };
}

/** The same market, counted more finely. */
export function marketAtScales(market: Market, scales: Scales): Market {
  const price = <T extends bigint>(units: T): T =>
    rescaleUnits(units, market.priceScale, scales.priceScale, 'floor') as T; // the same price, in finer units
  const quantity = <T extends bigint>(units: T): T =>
    rescaleUnits(units, market.quantityScale, scales.quantityScale, 'floor') as T; // as above
  const orNull = <T>(value: T | null, map: (value: T) => T): T | null => (value === null ? null : map(value));
  return {
    ...market,
    ...scales,
    tick: price(market.tick),
    priceMin: price(market.priceMin),
    priceMax: orNull(market.priceMax, price),
    lot: quantity(market.lot),
    quantityMin: quantity(market.quantityMin),
    quantityMax: orNull(market.quantityMax, quantity),
    marketQuantityMax: orNull(market.marketQuantityMax, quantity),
  };
}

/** The same candles, counted more finely. Throws `LabError` `bad-file` where doubles no longer hold them exactly. */
export function candlesAtScales(data: ImportedCandles, scales: Scales): ImportedCandles {
  const { columns } = data;
  const price = 10 ** (scales.priceScale - data.priceScale);
  const quantity = 10 ** (scales.quantityScale - data.quantityScale);
  return {
    ...data,
    ...scales,
    columns: {
      openedAtS: columns.openedAtS,
      open: scaled(columns.open, price),
      high: scaled(columns.high, price),
      low: scaled(columns.low, price),
      close: scaled(columns.close, price),
      volume: scaled(columns.volume, quantity),
    },
  };
}

function scaled(column: Float64Array, factor: number): Float64Array {
  if (factor === 1) return column;
  return column.map((units) => {
    const more = units * factor;
    if (more > Number.MAX_SAFE_INTEGER)
      throw new LabError('bad-file', 'The market counts more finely than these candles can be held in.');
    return more;
  });
}
