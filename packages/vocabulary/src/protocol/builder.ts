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
import { clientOrderId, venueId, venueSymbol } from '../ids.ts';
import { orderReport, sizedBy } from './intent.ts';
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
    }),
  ],
  orderCancel: [2, packed({ symbol: [0, venueSymbol.codec], clientOrderId: [1, clientOrderId.codec] })],
  orderGet: [3, packed({ symbol: [0, venueSymbol.codec], clientOrderId: [1, clientOrderId.codec] })],
  permissions: [4, packed({})],
});
export type BuildMethod = Decoded<typeof buildMethod>;

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
      /** The gate's clock; the builder has none. */
      atMs: [4, id],
      validMs: [5, integer(1, 60_000)],
      placeholders: [6, placeholders],
    }),
  ],
  parse: [
    2,
    packed({
      id: [0, id],
      venue: [1, venueId.codec],
      method: [2, numbered({ orderCreate: 1, orderCancel: 2, orderGet: 3, permissions: 4 })],
      status: [3, integer(100, 599)],
      body: [4, bytes(0, 1_048_576)],
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

/** What an error of a venue means. What is not in this list is `unknown`. */
export const venueVerdict = oneOf(
  'rejected',
  'unknownOrder',
  'duplicate',
  'rateLimited',
  'keyRefused',
  'unknown',
);

export const builderAnswer = variants({
  built: [1, packed({ id: [0, id], request: [1, wireRequest] })],
  order: [2, packed({ id: [0, id], report: [1, orderReport] })],
  permissions: [
    3,
    packed({
      id: [0, id],
      trade: [1, numbered({ no: 0, yes: 1 })],
      withdraw: [2, numbered({ no: 0, yes: 1 })],
      ipAllowList: [3, numbered({ no: 0, yes: 1 })],
    }),
  ],
  venueError: [
    4,
    packed({ id: [0, id], verdict: [1, venueVerdict], code: [2, text(40)], sentence: [3, text(300)] }),
  ],
  failed: [5, packed({ id: [0, id], sentence: [1, text(300)] })],
});
export type BuilderAnswer = Decoded<typeof builderAnswer>;
