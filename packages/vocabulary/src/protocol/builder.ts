/**
 * The gate and a builder. The builder sees no secret: it is given placeholders of a secret's shape and builds the
 * request that the real thing would build; the gate checks every byte of it and puts the real values in their place.
 */
import {
  type Decoded,
  bytes,
  integer,
  list,
  nullable,
  numbered,
  oneOf,
  packed,
  text,
  variants,
} from '../codec.ts';
import { decimalText } from '../decimal.ts';
import { clientOrderId, tradeId, venueId, venueSymbol } from '../ids.ts';
import { TRAIL_BPS_MAX, sizedBy } from './intent.ts';
import { orderSide, orderType, timeInForce } from './words.ts';

const id = integer(0, Number.MAX_SAFE_INTEGER);

/** What to build: the intent's own fields and what the gate has derived. */
export const buildMethod = variants({
  orderCreate: [
    1,
    packed({
      symbol: [0, venueSymbol.codec],
      side: [1, orderSide],
      type: [2, orderType],
      amount: [3, decimalText],
      sizedBy: [4, sizedBy],
      price: [5, nullable(decimalText)],
      timeInForce: [6, nullable(timeInForce)],
      clientOrderId: [7, clientOrderId.codec],
      stopPrice: [8, nullable(decimalText)],
      trailBps: [9, nullable(integer(1, TRAIL_BPS_MAX))],
    }),
  ],
  orderCancel: [2, packed({ symbol: [0, venueSymbol.codec], clientOrderId: [1, clientOrderId.codec] })],
  orderGet: [3, packed({ symbol: [0, venueSymbol.codec], clientOrderId: [1, clientOrderId.codec] })],
  permissions: [4, packed({})],
  orderCancelAll: [5, packed({ symbol: [0, venueSymbol.codec] })],
  balances: [6, packed({})],
  ordersOpen: [7, packed({ symbol: [0, nullable(venueSymbol.codec)] })],
  ordersHistory: [8, packed({ symbol: [0, venueSymbol.codec], sinceMs: [1, id] })],
  tradesHistory: [9, packed({ symbol: [0, venueSymbol.codec], fromId: [1, nullable(tradeId.codec)] })],
  /** The second place to ask, at venues that keep open and closed orders apart. */
  orderGetClosed: [10, packed({ symbol: [0, venueSymbol.codec], clientOrderId: [1, clientOrderId.codec] })],
});
export type BuildMethod = Decoded<typeof buildMethod>;

/** How a key signs: what a secret of its kind looks like decides which way the venue's library signs. */
export const keyType = numbered({ ed25519: 1, rsa: 2, hmac: 3 });
export type KeyType = Decoded<typeof keyType>;

/** Values of a secret's shape that mean nothing: the gate makes new ones for every request. */
export const placeholders = packed({
  apiKey: [0, text(128, /^[!-~]+$/, 8)],
  /** What the builder's signing functions return, as bytes. */
  signature: [1, bytes(32, 512)],
});

export const builderRequest = variants({
  build: [
    1,
    packed({
      id: [0, id],
      venue: [1, venueId.codec],
      /** Scheme, host and port, as in the manifest. */
      origin: [2, text(200, /^https:\/\/[a-z0-9.-]+(:[0-9]{1,5})?$/, 9)],
      method: [3, buildMethod],
      /** The request's time, or its nonce where the venue counts so; the builder has no clock. */
      nonce: [4, id],
      validMs: [5, integer(1, 60_000)],
      placeholders: [6, placeholders],
      keyType: [7, keyType],
    }),
  ],
});
export type BuilderRequest = Decoded<typeof builderRequest>;

/** A request before the real values are in it. */
export const wireRequest = packed({
  method: [0, oneOf('GET', 'POST', 'DELETE')],
  url: [1, text(8_192)],
  headers: [2, list(list(text(4_096), 2), 40)],
  body: [3, text(65_536)],
});
export type WireRequest = Decoded<typeof wireRequest>;

export const builderAnswer = variants({
  built: [1, packed({ id: [0, id], request: [1, wireRequest] })],
  failed: [5, packed({ id: [0, id], sentence: [1, text(300)] })],
});
export type BuilderAnswer = Decoded<typeof builderAnswer>;
