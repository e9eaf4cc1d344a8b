/**
 * Branded ids: made by parsing, never by casting, so that a bot id cannot be passed where an order id is meant.
 */
import { type Codec, mapped, text } from './codec.ts';

declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

export type UserId = Brand<string, 'UserId'>;
/** One sealed API key of one user at one venue. */
export type ConnectionId = Brand<string, 'ConnectionId'>;
export type BotId = Brand<string, 'BotId'>;
export type DealId = Brand<string, 'DealId'>;
/** An order as the engine knows it, before and after the venue does. */
export type OrderId = Brand<string, 'OrderId'>;
/** The id that the venue gave an order. */
export type VenueOrderId = Brand<string, 'VenueOrderId'>;
/** The id that the gate derived for an order and sent along. */
export type ClientOrderId = Brand<string, 'ClientOrderId'>;
/** The venue's id of one execution. */
export type TradeId = Brand<string, 'TradeId'>;
/** `binance`, `kraken`, `paper`. */
export type VenueId = Brand<string, 'VenueId'>;
/** A market as the venue writes it: `BTCUSDT`, `XBT/USD`, `BTC-27DEC24-100000-C`. */
export type VenueSymbol = Brand<string, 'VenueSymbol'>;
/** `BTC`, `USDT`, `1000SATS`. */
export type AssetCode = Brand<string, 'AssetCode'>;

export class IdError extends Error {
  override readonly name = 'IdError';
  readonly code = 'bad-id';
}

function idType<Id extends Brand<string, string>>(
  kind: string,
  form: RegExp,
): { parse: (source: string) => Id; codec: Codec<Id> } {
  const parse = (source: string): Id => {
    // The only place where these brands are made.
    if (form.test(source)) return source as Id;
    throw new IdError(`${JSON.stringify(source.slice(0, 80))} is not a ${kind} (${form})`);
  };
  return { parse, codec: mapped(text(64), parse, (id): string => id, `a ${kind}`) };
}

// Ours: lower-case, sortable as text, safe in a URL, a file name and a log line.
const OURS = /^[a-z0-9][a-z0-9_-]{0,39}$/;
// Theirs: printable ASCII without space; venues use digits, UUIDs and slashes.
const THEIRS = /^[!-~]{1,64}$/;

export const userId = idType<UserId>('user id', OURS);
export const connectionId = idType<ConnectionId>('connection id', OURS);
export const botId = idType<BotId>('bot id', OURS);
export const dealId = idType<DealId>('deal id', OURS);
export const orderId = idType<OrderId>('order id', OURS);
export const venueOrderId = idType<VenueOrderId>('venue order id', THEIRS);
// Binance's form is the narrowest of the common ones: [a-zA-Z0-9-_]{1,36}.
export const clientOrderId = idType<ClientOrderId>('client order id', /^[A-Za-z0-9_-]{1,36}$/);
export const tradeId = idType<TradeId>('trade id', THEIRS);
export const venueId = idType<VenueId>('venue id', /^[a-z][a-z0-9-]{0,31}$/);
export const venueSymbol = idType<VenueSymbol>('venue symbol', /^[!-~]{1,24}$/);
export const assetCode = idType<AssetCode>('asset code', /^[A-Z0-9][A-Z0-9._-]{0,23}$/);
