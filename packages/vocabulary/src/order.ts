/** Orders and fills, as the engine, the ledger and the venues' readers share them. */
import { type Codec, type Decoded, integer, nullable, oneOf, record } from './codec.ts';
import { decimalText } from './decimal.ts';
import { assetCode, clientOrderId, orderId, tradeId, venueOrderId, venueSymbol } from './ids.ts';
import type { Amount, Price, Quantity, Rate } from './market.ts';

export type Side = 'buy' | 'sell';
/** What a position gains from: `long` from a rise. On spot, `short` sells held base and buys it back. */
export type Direction = 'long' | 'short';
export type OrderType =
  | 'limit'
  | 'market'
  | 'limitMaker'
  | 'stop'
  | 'stopLimit'
  | 'takeProfit'
  | 'takeProfitLimit'
  | 'trailingStop';
/** Good till cancelled, immediate or cancel, fill or kill. */
export type TimeInForce = 'gtc' | 'ioc' | 'fok';

/** How much: base to trade, or quote to spend or receive (market orders where `Market.quoteSized`). */
export type Sizing =
  | { readonly by: 'base'; readonly quantity: Quantity }
  | { readonly by: 'quote'; readonly amount: Amount };

/** What a machine wants to have at the venue. */
export interface OrderRequest {
  readonly side: Side;
  readonly type: OrderType;
  readonly sizing: Sizing;
  /** For the limit kinds. */
  readonly price: Price | null;
  /** For the stop, take-profit and trailing kinds. */
  readonly stopPrice: Price | null;
  /** For `trailingStop`: how far the price may come back. */
  readonly trailBy: Rate | null;
  readonly timeInForce: TimeInForce;
  /** Contracts only: may close, never open. */
  readonly reduceOnly: boolean;
}

/**
 * Where an order is. `unknown` is a state: something was sent and nobody knows what came of it; it is left only by
 * asking the venue for the client order id.
 */
export type OrderState =
  | 'planned'
  | 'journalled'
  | 'sent'
  | 'acknowledged'
  | 'partiallyFilled'
  | 'filled'
  | 'cancelled'
  | 'rejected'
  | 'expired'
  | 'unknown';

/** States that an order does not leave. */
export const finalStates: ReadonlySet<OrderState> = new Set(['filled', 'cancelled', 'rejected', 'expired']);

/** One execution. `fee` counts units of `feeScale` of `feeAsset`, which may be base, quote or a third asset. */
export interface Fill {
  readonly tradeId: string;
  readonly side: Side;
  readonly price: Price;
  readonly quantity: Quantity;
  /** Quote money that changed hands, as the venue states it. */
  readonly amount: Amount;
  readonly fee: bigint;
  readonly feeAsset: string;
  readonly feeScale: number;
  readonly liquidity: 'maker' | 'taker';
  readonly atMs: number;
}

/** Wire forms of what a venue reports: decimal strings, closed fields. */
export const fillWire = record({
  tradeId: tradeId.codec,
  side: oneOf('buy', 'sell'),
  price: decimalText,
  quantity: decimalText,
  amount: decimalText,
  fee: decimalText,
  feeAsset: assetCode.codec,
  liquidity: oneOf('maker', 'taker'),
  atMs: integer(0, Number.MAX_SAFE_INTEGER),
});

export const orderStateCodec: Codec<OrderState> = oneOf(
  'planned',
  'journalled',
  'sent',
  'acknowledged',
  'partiallyFilled',
  'filled',
  'cancelled',
  'rejected',
  'expired',
  'unknown',
);

export const orderReportWire = record({
  orderId: nullable(orderId.codec),
  clientOrderId: clientOrderId.codec,
  venueOrderId: nullable(venueOrderId.codec),
  symbol: venueSymbol.codec,
  state: orderStateCodec,
  side: oneOf('buy', 'sell'),
  quantity: nullable(decimalText),
  filledQuantity: decimalText,
  filledAmount: decimalText,
  price: nullable(decimalText),
  atMs: integer(0, Number.MAX_SAFE_INTEGER),
});

export type FillWire = Decoded<typeof fillWire>;
export type OrderReportWire = Decoded<typeof orderReportWire>;
