/** Markets, prices and candles. */
import { z } from 'zod';
import { asset, decimal, environment, instant, percent, symbol, timeframe } from './values.ts';

export const venue = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/)
  .meta({ id: 'Venue', examples: ['paper'] });

export const market = z
  .strictObject({
    venue,
    symbol,
    base: asset,
    quote: asset,
    environment,
    /** What its prices come from. All but `live` ones are made up or past; fills on paper are always simulated. */
    origin: z.enum(['synthetic', 'recorded', 'live']),
    status: z.enum(['trading', 'halted', 'cancelOnly', 'closed']),
    tick: decimal,
    lot: decimal,
    quantityMin: decimal,
    notionalMin: decimal,
    makerFee: percent,
    takerFee: percent,
    /** Last price known here, and when; null before the first. */
    price: decimal.nullable(),
    priceAt: instant.nullable(),
  })
  .meta({ id: 'Market' });

/** Columns of equal length, oldest first: `t` is the opening time in milliseconds since 1970, the rest decimals. */
export const candles = z
  .strictObject({
    venue,
    symbol,
    timeframe,
    t: z.array(z.int()),
    open: z.array(decimal),
    high: z.array(decimal),
    low: z.array(decimal),
    close: z.array(decimal),
    volume: z.array(decimal),
  })
  .meta({ id: 'Candles' });

/** What a bot's or a test's prices come from. `simulated` data is watermarked wherever it is shown. */
export const dataSet = z
  .strictObject({
    id: z.string(),
    symbol,
    timeframe: z.enum(['trades', ...timeframe.options]),
    from: instant,
    until: instant,
    rows: z.int(),
    origin: z.enum(['recorded', 'synthetic', 'live']),
    /** Periods without data. */
    gaps: z.int(),
  })
  .meta({ id: 'DataSet' });

export type Market = z.infer<typeof market>;
export type Candles = z.infer<typeof candles>;
export type DataSet = z.infer<typeof dataSet>;
