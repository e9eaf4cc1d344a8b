import {
  assetCode,
  type Market,
  type Price,
  type Quantity,
  type Amount,
  type Rate,
  venueId,
  venueSymbol,
} from '@counterfoil/vocabulary';

/** BTC priced to 0.01, sized to 0.00001, money to eight digits, 0.1 % fees, 10 USDT at least. */
export const btc: Market = {
  venue: venueId.parse('paper'),
  symbol: venueSymbol.parse('BTCUSDT'),
  base: assetCode.parse('BTC'),
  quote: assetCode.parse('USDT'),
  kind: 'spot',
  status: 'trading',
  priceScale: 2,
  quantityScale: 8,
  quoteScale: 8,
  tick: 1n as Price,
  priceMin: 1n as Price,
  priceMax: null,
  lot: 1_000n as Quantity,
  quantityMin: 1_000n as Quantity,
  quantityMax: null,
  marketQuantityMax: null,
  notionalMin: 1_000_000_000n as Amount,
  notionalMax: null,
  makerFee: 100_000n as Rate,
  takerFee: 100_000n as Rate,
  contractSize: null,
  leverageMax: 1,
  quoteSized: false,
};

export const percent = (value: number): Rate => BigInt(Math.round(value * 1_000_000)) as Rate;
export const usdt = (value: number): Amount => (BigInt(Math.round(value * 100)) * 1_000_000n) as Amount;
export const coins = (value: number): Quantity => (BigInt(Math.round(value * 100_000)) * 1_000n) as Quantity;
export const dollars = (value: number): Price => BigInt(Math.round(value * 100)) as Price;
