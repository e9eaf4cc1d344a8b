/**
 * Intents: everything that anyone may ask of the gate. The schemas are closed: there is no `params`, no raw request,
 * no `sign(bytes)`, and no way to say withdraw or transfer. Numbers are assigned for ever (`docs/protocol.md`).
 */
import { type Decoded, bytes, integer, numbered, nullable, oneOf, packed, text, variants } from '../codec.ts';
import { decimalText } from '../decimal.ts';
import {
  botId,
  clientOrderId,
  connectionId,
  tradeId,
  userId,
  venueId,
  venueOrderId,
  venueSymbol,
} from '../ids.ts';
import { BOT_SEQ_MAX, EPOCH_MAX } from './leaf-payload.ts';
import { assertion, ownerIntents } from './owner.ts';
import { orderSide, orderType, timeInForce } from './words.ts';

const safe = integer(0, Number.MAX_SAFE_INTEGER);

/** Which intent of which bot. The runner fixes it in the ledger before anything leaves. */
export const intentId = packed({ bot: [0, botId.codec], seq: [1, integer(0, BOT_SEQ_MAX)] });
export type IntentId = Decoded<typeof intentId>;

/** Order intents carry the worker's epoch; the gate refuses a lower one than it has seen for the bot. */
const fence = { id: [1, intentId], epoch: [2, integer(0, EPOCH_MAX)] } as const;
const connection = { connection: [0, connectionId.codec] } as const;
/** Of an owner: needed where the venue is live and the user has a passkey. */
const byOwner = nullable(assertion);

/** What an amount counts: base to trade, or quote to spend or receive. */
export const sizedBy = numbered({ base: 1, quote: 2 });

/** Binance takes up to 2,000; ten times that is a fifth of the price off a market that nobody trails. */
export const TRAIL_BPS_MAX = 20_000;

export const intent = variants({
  orderCreate: [
    1,
    packed({
      ...connection,
      ...fence,
      symbol: [3, venueSymbol.codec],
      side: [4, orderSide],
      type: [5, orderType],
      amount: [6, decimalText],
      sizedBy: [7, sizedBy],
      price: [8, nullable(decimalText)],
      timeInForce: [9, nullable(timeInForce)],
      /** For the stop and take-profit types; for `trailingStop` the price from which it trails, where there is one. */
      stopPrice: [10, nullable(decimalText)],
      /** For `trailingStop`: how far the price may come back, in hundredths of a percent. */
      trailBps: [11, nullable(integer(1, TRAIL_BPS_MAX))],
    }),
  ],
  /** Cancels the order of an earlier `orderCreate`; stays allowed under a freeze. */
  orderCancel: [2, packed({ ...connection, ...fence, of: [3, intentId] })],
  /** Asks the venue what became of an `orderCreate`, by its client order id. */
  orderGet: [3, packed({ ...connection, of: [1, intentId] })],
  /** Cancels every open order of one market; stays allowed under a freeze. */
  orderCancelAll: [4, packed({ ...connection, ...fence, symbol: [3, venueSymbol.codec] })],
  balances: [10, packed({ ...connection })],
  /** Open orders of one market, or of all. */
  ordersOpen: [11, packed({ ...connection, symbol: [1, nullable(venueSymbol.codec)] })],
  /** Orders of one market that were placed at `sinceMs` or later, oldest first, as many as the venue gives at once. */
  ordersHistory: [12, packed({ ...connection, symbol: [1, venueSymbol.codec], sinceMs: [2, safe] })],
  /** Fills in one market from a trade id on, oldest first; without one the latest. */
  tradesHistory: [
    13,
    packed({ ...connection, symbol: [1, venueSymbol.codec], fromId: [2, nullable(tradeId.codec)] }),
  ],
  /** Makes a key pair in the gate. The answer has the public half, to be registered at the venue. */
  keyGenerate: [
    20,
    packed({
      user: [0, userId.codec],
      venue: [1, venueId.codec],
      label: [2, text(80)],
      type: [3, oneOf('ed25519', 'rsa')],
      /** X25519 key of the user's, to which the view key is sealed; may be absent on paper alone. */
      viewRecipient: [4, nullable(bytes(32))],
      assertion: [5, byOwner],
    }),
  ],
  /** Binds the venue's id of the key on first use, and reads the key's permissions. A bound key needs no id. */
  keyCheck: [21, packed({ ...connection, apiKeyId: [1, nullable(text(128, /^[!-~]+$/, 8))] })],
  /** A secret from outside, sealed to the vault and to one enrolment (`vocabulary/src/enrolment.ts`). */
  keySeal: [22, packed({ blob: [0, bytes(1, 4_096)], assertion: [1, byOwner] })],
  /** Begins an enrolment: the answer has what a secret must be sealed to. */
  enrolBegin: [23, packed({ user: [0, userId.codec], venue: [1, venueId.codec], label: [2, text(80)] })],
  /** Makes the key that shall replace a connection's; `keyCheck` with its id checks it and switches over. */
  keyRotate: [24, packed({ ...connection, type: [1, oneOf('ed25519', 'rsa')], assertion: [2, byOwner] })],
  /** Ends a key for good. */
  keyDestroy: [25, packed({ ...connection, assertion: [1, byOwner] })],
  /**
   * What became of an intent, from the gate's own records; asks nobody. Raises the bot's fence to `epoch` first, so
   * that an answer of `unknown-intent` is final: no earlier worker's copy of the intent can act any more.
   */
  useGet: [30, packed({ ...connection, of: [1, intentId], epoch: [2, integer(0, EPOCH_MAX)] })],
  /** The newest checkpoint that the gate has verified. */
  head: [31, packed({})],
  /** Answered again and again, under the request's id, by `streamEvent`, until `streamClose` or the line's end. */
  streamOpen: [50, packed({ ...connection })],
  /** Ends the events of a connection on this line; answered by `lost`. */
  streamClose: [51, packed({ ...connection })],
  /** What runs here, signed by the vault's identity together with the asker's nonce. */
  attest: [32, packed({ nonce: [0, bytes(16, 64)] })],
  ...ownerIntents,
});
export type Intent = Decoded<typeof intent>;
export type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** Where a use stands. `unknown` is left only by asking the venue; never by sending again. */
export const useState = oneOf('accepted', 'rejected', 'notPlaced', 'unknown');

/** The venue's word on an order, as the gate read it in the venue's answer. */
export const orderReport = packed({
  venueOrderId: [0, nullable(venueOrderId.codec)],
  state: [1, oneOf('acknowledged', 'partiallyFilled', 'filled', 'cancelled', 'rejected', 'expired')],
  filledQuantity: [2, nullable(decimalText)],
  filledAmount: [3, nullable(decimalText)],
  price: [4, nullable(decimalText)],
  atMs: [5, nullable(safe)],
});
export type OrderReportPacked = Decoded<typeof orderReport>;

/**
 * Why the gate says no. Nothing of an order has reached the venue after any of these; a read or a key check may have,
 * after `venue-silent`, `venue-refused` and the refusals of a checked key.
 */
export const gateRefusal = oneOf(
  'unknown-connection',
  'unknown-venue',
  'key-not-bound',
  'key-bound-otherwise',
  'key-can-withdraw',
  'key-permission-missing',
  'key-type',
  'key-of-another',
  'permissions-changed',
  'view-key-unclaimed',
  'enrolment-unknown',
  'enrolment-limit',
  'seal-refused',
  'stale-fence',
  'sequence-too-far',
  'id-reused',
  'unknown-intent',
  'mandate',
  'frozen',
  'not-approved',
  'last-owner',
  'amount-too-long',
  'not-at-venue',
  'price-unknown',
  'overloaded',
  'unwitnessed',
  'builder-unavailable',
  'wire-check',
  'venue-busy',
  'venue-refused',
  'venue-silent',
);
export type GateRefusal = Decoded<typeof gateRefusal>;

/** What is known of one use. */
export const useRecord = packed({
  state: [0, useState],
  clientOrderId: [1, clientOrderId.codec],
  report: [2, nullable(orderReport)],
  /** The venue's words where it refused. */
  venueCode: [3, nullable(text(40))],
  venueSentence: [4, nullable(text(300))],
  /** The sign leaf's receipt: a C2SP tlog-proof file with the leaf as its extra data. */
  receipt: [5, nullable(text(65_536))],
});
export type UseRecord = Decoded<typeof useRecord>;
