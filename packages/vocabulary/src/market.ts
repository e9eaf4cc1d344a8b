/**
 * A market with its scales and limits. Inside a market, prices, quantities and amounts are plain `bigint` units of
 * the market's scales, branded by what they count; only this file knows how they combine.
 */
import { type Codec, type Decoded, boolean, integer, mapped, nullable, oneOf, record } from './codec.ts';
import { type Decimal, decimalText, formatTrimmed, parseUnits, pow10, rescaleUnits } from './decimal.ts';
import {
  type AssetCode,
  type Brand,
  type VenueId,
  type VenueSymbol,
  assetCode,
  venueId,
  venueSymbol,
} from './ids.ts';
import { type Rounding, ceilTo, divide, floorTo } from './rounding.ts';

/** Quote per base, in units of 10^-priceScale. */
export type Price = Brand<bigint, 'Price'>;
/** Base (or contracts), in units of 10^-quantityScale. */
export type Quantity = Brand<bigint, 'Quantity'>;
/** Quote money, in units of 10^-quoteScale. */
export type Amount = Brand<bigint, 'Amount'>;
/** A fraction such as a fee, in units of 10^-8: 100,000 is 0.1 %. */
export type Rate = Brand<bigint, 'Rate'>;

/** One hundred-millionth: exact for every published fee tier and funding rate. */
export const RATE_SCALE = 8;
const RATE_ONE = pow10(RATE_SCALE);

export type MarketKind = 'spot' | 'linear' | 'inverse';
export type MarketStatus = 'trading' | 'halted' | 'cancelOnly' | 'closed';

export interface Market {
  readonly venue: VenueId;
  /** As the venue writes it; what intents and mandates carry. */
  readonly symbol: VenueSymbol;
  readonly base: AssetCode;
  readonly quote: AssetCode;
  /** `linear` and `inverse` are perpetual contracts settled in quote and base. */
  readonly kind: MarketKind;
  readonly status: MarketStatus;
  readonly priceScale: number;
  readonly quantityScale: number;
  readonly quoteScale: number;
  /** Prices are multiples of it. */
  readonly tick: Price;
  readonly priceMin: Price;
  readonly priceMax: Price | null;
  /** Quantities are multiples of it. */
  readonly lot: Quantity;
  readonly quantityMin: Quantity;
  readonly quantityMax: Quantity | null;
  /** Market orders may have a lower ceiling than limit orders. */
  readonly marketQuantityMax: Quantity | null;
  readonly notionalMin: Amount;
  readonly notionalMax: Amount | null;
  readonly makerFee: Rate;
  readonly takerFee: Rate;
  /**
   * What one contract stands for: base of a `linear` one (0.01 BTC at OKX), quote of an `inverse` one (100 USD at
   * Binance). It has a scale of its own because whole contracts have none. Null for spot.
   */
  readonly contractSize: Decimal | null;
  /** 1 for spot. */
  readonly leverageMax: number;
  /** Whether a market buy may be sized in quote. */
  readonly quoteSized: boolean;
}

export class MarketError extends Error {
  override readonly name = 'MarketError';
  readonly code = 'no-single-price';
}

/**
 * What `quantity` is worth at `price`, in quote money: `price × quantity`, times the contract's size; an inverse
 * contract is worth its size whatever the price. Buyers' costs are rounded `ceil`, sellers' proceeds `floor`.
 */
export function notional(market: Market, price: Price, quantity: Quantity, rounding: Rounding): Amount {
  return scaleDown(quantity * unitWorth(market, price), worthScale(market), rounding) as Amount;
}

/**
 * How much base (or contracts) `amount` buys or needs at `price`, before lots. Throws `DivisorError` where `price` is
 * not positive.
 */
export function quantityFor(market: Market, amount: Amount, price: Price, rounding: Rounding): Quantity {
  return ratio(amount, unitWorth(market, price), worthScale(market), rounding) as Quantity;
}

/**
 * The price at which `quantity` is worth `amount`: an average entry. Throws `DivisorError` where `quantity` is not
 * positive, and `MarketError` for inverse contracts, which are worth the same at every price.
 */
export function priceFor(market: Market, amount: Amount, quantity: Quantity, rounding: Rounding): Price {
  if (market.kind === 'inverse')
    throw new MarketError(`${market.symbol} is inverse: a worth in quote says nothing about its price`);
  const size = market.contractSize === null ? 1n : market.contractSize.units;
  return ratio(amount, quantity * size, worthScale(market), rounding) as Price;
}

/** The worth of one quantity unit in units of 10^-(`worthScale` + quoteScale). */
function unitWorth(market: Market, price: Price): bigint {
  if (market.contractSize === null) return price;
  return market.kind === 'inverse' ? market.contractSize.units : price * market.contractSize.units;
}

/** By how many digits quantity × `unitWorth` is finer than quote money; negative where it is coarser. */
function worthScale(market: Market): number {
  const price = market.kind === 'inverse' ? 0 : market.priceScale;
  const size = market.contractSize === null ? 0 : market.contractSize.scale;
  return price + market.quantityScale + size - market.quoteScale;
}

function scaleDown(value: bigint, digits: number, rounding: Rounding): bigint {
  if (digits <= 0) return digits === 0 ? value : value * pow10(-digits);
  return divide(value, pow10(digits), rounding);
}

/** `dividend × 10^digits / divisor`. */
function ratio(dividend: bigint, divisor: bigint, digits: number, rounding: Rounding): bigint {
  return digits >= 0
    ? divide(dividend * pow10(digits), divisor, rounding)
    : divide(dividend, divisor * pow10(-digits), rounding);
}

/** `value × rate` in the units of `value`; fees are rounded `ceil` against the payer. */
export function applyRate<T extends bigint>(value: T, rate: Rate, rounding: Rounding): T {
  return divide(value * rate, RATE_ONE, rounding) as T;
}

/** `value × (1 + rate)`; a negative rate lowers. */
export function shiftByRate<T extends bigint>(value: T, rate: Rate, rounding: Rounding): T {
  return divide(value * (RATE_ONE + rate), RATE_ONE, rounding) as T;
}

export function floorToTick(market: Market, price: bigint): Price {
  return floorTo(price, market.tick) as Price;
}

export function ceilToTick(market: Market, price: bigint): Price {
  return ceilTo(price, market.tick) as Price;
}

export function floorToLot(market: Market, quantity: bigint): Quantity {
  return floorTo(quantity, market.lot) as Quantity;
}

export function ceilToLot(market: Market, quantity: bigint): Quantity {
  return ceilTo(quantity, market.lot) as Quantity;
}

/** Reads of decimal strings in a market's units; `DecimalError` where there are more decimals than the scale. */
export function parsePrice(market: Market, source: string): Price {
  return parseUnits(source, market.priceScale) as Price;
}

export function parseQuantity(market: Market, source: string): Quantity {
  return parseUnits(source, market.quantityScale) as Quantity;
}

export function parseAmount(market: Market, source: string): Amount {
  return parseUnits(source, market.quoteScale) as Amount;
}

export function parseRate(source: string): Rate {
  return parseUnits(source, RATE_SCALE) as Rate;
}

export function formatPrice(market: Market, price: Price): string {
  return formatTrimmed(price, market.priceScale);
}

export function formatQuantity(market: Market, quantity: Quantity): string {
  return formatTrimmed(quantity, market.quantityScale);
}

export function formatAmount(market: Market, amount: Amount): string {
  return formatTrimmed(amount, market.quoteScale);
}

export function formatRate(rate: Rate): string {
  return formatTrimmed(rate, RATE_SCALE);
}

/** Why an order does not fit a market; each has the limit that it breaks. */
export type FilterRefusal =
  | { readonly reason: 'priceOffTick'; readonly limit: string }
  | { readonly reason: 'priceTooLow'; readonly limit: string }
  | { readonly reason: 'priceTooHigh'; readonly limit: string }
  | { readonly reason: 'quantityOffLot'; readonly limit: string }
  | { readonly reason: 'quantityTooSmall'; readonly limit: string }
  | { readonly reason: 'quantityTooLarge'; readonly limit: string }
  | { readonly reason: 'notionalTooSmall'; readonly limit: string }
  | { readonly reason: 'notionalTooLarge'; readonly limit: string };

/**
 * The first filter that an order of `quantity` at `price` breaks, or null. `price` is the expected one for market
 * orders. Nothing and less than nothing are refused even where a venue states no minimum.
 */
export function checkFilters(
  market: Market,
  price: Price,
  quantity: Quantity,
  sizing: 'limit' | 'market',
): FilterRefusal | null {
  if (price <= 0n) return { reason: 'priceTooLow', limit: formatPrice(market, market.tick) };
  if (sizing === 'limit') {
    if (price % market.tick !== 0n)
      return { reason: 'priceOffTick', limit: formatPrice(market, market.tick) };
    if (price < market.priceMin)
      return { reason: 'priceTooLow', limit: formatPrice(market, market.priceMin) };
    if (market.priceMax !== null && price > market.priceMax) {
      return { reason: 'priceTooHigh', limit: formatPrice(market, market.priceMax) };
    }
  }
  if (quantity <= 0n) return { reason: 'quantityTooSmall', limit: formatQuantity(market, market.lot) };
  if (quantity % market.lot !== 0n)
    return { reason: 'quantityOffLot', limit: formatQuantity(market, market.lot) };
  if (quantity < market.quantityMin) {
    return { reason: 'quantityTooSmall', limit: formatQuantity(market, market.quantityMin) };
  }
  const quantityMax =
    sizing === 'market' ? (market.marketQuantityMax ?? market.quantityMax) : market.quantityMax;
  if (quantityMax !== null && quantity > quantityMax) {
    return { reason: 'quantityTooLarge', limit: formatQuantity(market, quantityMax) };
  }
  // Where quote money is coarser than the product, each limit is held against the rounding that could break it.
  if (notional(market, price, quantity, 'floor') < market.notionalMin)
    return { reason: 'notionalTooSmall', limit: formatAmount(market, market.notionalMin) };
  if (market.notionalMax !== null && notional(market, price, quantity, 'ceil') > market.notionalMax) {
    return { reason: 'notionalTooLarge', limit: formatAmount(market, market.notionalMax) };
  }
  return null;
}

/** A market's wire form: limits as decimal strings beside the scales that they are read at. */
const marketWire = record({
  venue: venueId.codec,
  symbol: venueSymbol.codec,
  base: assetCode.codec,
  quote: assetCode.codec,
  kind: oneOf('spot', 'linear', 'inverse'),
  status: oneOf('trading', 'halted', 'cancelOnly', 'closed'),
  priceScale: integer(0, 18),
  quantityScale: integer(0, 18),
  quoteScale: integer(0, 18),
  tick: decimalText,
  priceMin: decimalText,
  priceMax: nullable(decimalText),
  lot: decimalText,
  quantityMin: decimalText,
  quantityMax: nullable(decimalText),
  marketQuantityMax: nullable(decimalText),
  notionalMin: decimalText,
  notionalMax: nullable(decimalText),
  makerFee: decimalText,
  takerFee: decimalText,
  contractSize: nullable(decimalText),
  leverageMax: integer(1, 1000),
  quoteSized: boolean,
});

type MarketWire = Decoded<typeof marketWire>;

/** Decoding refuses limits that contradict each other, because every order is cut to them. */
export const marketCodec: Codec<Market> = mapped(
  marketWire,
  fromWire,
  toWire,
  'limits that fit their scales and each other',
);

function toWire(market: Market): MarketWire {
  const at = (units: bigint, scale: number): Decimal => ({ units, scale });
  const maybe = (units: bigint | null, scale: number) => (units === null ? null : at(units, scale));
  return {
    ...market,
    tick: at(market.tick, market.priceScale),
    priceMin: at(market.priceMin, market.priceScale),
    priceMax: maybe(market.priceMax, market.priceScale),
    lot: at(market.lot, market.quantityScale),
    quantityMin: at(market.quantityMin, market.quantityScale),
    quantityMax: maybe(market.quantityMax, market.quantityScale),
    marketQuantityMax: maybe(market.marketQuantityMax, market.quantityScale),
    notionalMin: at(market.notionalMin, market.quoteScale),
    notionalMax: maybe(market.notionalMax, market.quoteScale),
    makerFee: at(market.makerFee, RATE_SCALE),
    takerFee: at(market.takerFee, RATE_SCALE),
  };
}

function fromWire(wire: MarketWire): Market {
  const read = <T extends bigint>(value: Decimal, scale: number): T =>
    rescaleUnits(value.units, value.scale, scale, 'exact') as T;
  const maybe = <T extends bigint>(value: Decimal | null, scale: number): T | null =>
    value === null ? null : read<T>(value, scale);
  const market: Market = {
    ...wire,
    tick: read(wire.tick, wire.priceScale),
    priceMin: read(wire.priceMin, wire.priceScale),
    priceMax: maybe(wire.priceMax, wire.priceScale),
    lot: read(wire.lot, wire.quantityScale),
    quantityMin: read(wire.quantityMin, wire.quantityScale),
    quantityMax: maybe(wire.quantityMax, wire.quantityScale),
    marketQuantityMax: maybe(wire.marketQuantityMax, wire.quantityScale),
    notionalMin: read(wire.notionalMin, wire.quoteScale),
    notionalMax: maybe(wire.notionalMax, wire.quoteScale),
    makerFee: read(wire.makerFee, RATE_SCALE),
    takerFee: read(wire.takerFee, RATE_SCALE),
  };
  checkLimits(market);
  return market;
}

function checkLimits(market: Market): void {
  const fail = (sentence: string): never => {
    throw new Error(sentence);
  };
  // A step of zero divides by zero later, in the middle of an order.
  if (market.tick <= 0n || market.lot <= 0n) fail('tick and lot are positive');
  if (market.priceMin < 0n || market.quantityMin < 0n || market.notionalMin < 0n)
    fail('minimums are not negative');
  if (market.priceMax !== null && market.priceMax < market.priceMin) fail('priceMax is under priceMin');
  for (const max of [market.quantityMax, market.marketQuantityMax])
    if (max !== null && max < market.quantityMin) fail('a greatest quantity is under quantityMin');
  if (market.notionalMax !== null && market.notionalMax < market.notionalMin)
    fail('notionalMax is under notionalMin');
  // Rebates are negative fees; a whole or more is a rate read in percent.
  for (const fee of [market.makerFee, market.takerFee])
    if (fee <= -RATE_ONE || fee >= RATE_ONE) fail('fees are fractions between -1 and 1');
  if ((market.kind === 'spot') !== (market.contractSize === null))
    fail('contracts have a contractSize and spot has none');
  if (market.contractSize !== null && market.contractSize.units <= 0n) fail('contractSize is positive');
  if (market.kind === 'spot' && market.leverageMax !== 1) fail('leverageMax is 1 for spot');
}
