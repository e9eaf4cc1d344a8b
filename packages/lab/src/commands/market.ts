import {
  type Amount,
  assetCode,
  type Market,
  parseRate,
  parseUnits,
  type Price,
  type Quantity,
  type Rate,
  venueId,
  venueSymbol,
} from '@counterfoil/vocabulary';
import type { ImportedCandles } from '../data/csv.ts';
import { LabError } from '../errors.ts';
import type { Flags } from './flags.ts';

const QUOTE_SCALE = 8;

/** The market that a data file stands for: its scales from the data, its filters and fees from flags. */
export function marketFromFlags(flags: Flags, data: ImportedCandles): Market {
  const { priceScale, quantityScale } = data;
  const symbol = flags.textOr('symbol', 'BTCUSD');
  const maker = percentRate(flags, 'maker-fee', '0.1');
  const taker = percentRate(flags, 'taker-fee', '0.1');
  const units = <T extends bigint>(name: string, fallback: string, scale: number): T => {
    const value = flags.exact(name, fallback, (text) => parseUnits(text, scale));
    if (value <= 0n) throw new LabError('bad-flag', `--${name} must be above zero.`);
    return value as T;
  };
  const lotUnits = units<Quantity>('lot', '0.00001', quantityScale);
  return {
    venue: venueId.parse('paper'),
    symbol: venueSymbol.parse(symbol),
    base: assetCode.parse(flags.textOr('base-asset', 'BTC')),
    quote: assetCode.parse(flags.textOr('quote-asset', 'USD')),
    kind: 'spot',
    status: 'trading',
    priceScale,
    quantityScale,
    quoteScale: QUOTE_SCALE,
    tick: units<Price>('tick', decimalStep(data.usualPriceDecimals), priceScale),
    priceMin: 1n as Price,
    priceMax: null,
    lot: lotUnits,
    quantityMin: lotUnits,
    quantityMax: null,
    marketQuantityMax: null,
    notionalMin: units<Amount>('min-order', '10', QUOTE_SCALE),
    notionalMax: null,
    makerFee: maker,
    takerFee: taker,
    contractSize: null,
    leverageMax: 1,
    quoteSized: false,
  };
}

/** A percentage such as `1.25` as a rate. */
export function percentRate(flags: Flags, name: string, fallback: string): Rate {
  return rateOf(flags.decimal(name, fallback));
}

/** A percentage as a rate: percent have two digits less than fractions, so 1.25 % is 0.0125. */
export function rateOf(percent: string): Rate {
  if (!/^[0-9]{1,9}(?:\.[0-9]{1,6})?$/.test(percent)) {
    throw new LabError('bad-flag', `${percent} is not a percentage such as 1.25 (six decimals at most).`);
  }
  const [whole = '0', fraction = ''] = percent.split('.');
  const digits = whole.padStart(3, '0');
  return parseRate(`${digits.slice(0, -2).replace(/^0+(?=\d)/, '')}.${digits.slice(-2)}${fraction}`);
}

function decimalStep(decimals: number): string {
  return decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`;
}
