/**
 * A mandate: what the owner allows a connection to do. The gate enforces it, sign leaves carry its hash, and owners
 * approve its bytes. Whatever a list does not name is denied; `null` is no limit.
 */
import { type Decoded, boolean, integer, list, nullable, packed, text, toCbor } from '../codec.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { decimalText } from '../decimal.ts';
import { venueSymbol } from '../ids.ts';
import { orderSide, orderType } from './words.ts';

const limit = nullable(decimalText);

/** Limits in units of one quote asset. They hold for every market whose symbol ends in it. */
export const budget = packed({
  /** As the venue ends its symbols: `USDT` in `BTCUSDT`. */
  asset: [0, text(16, /^[!-~]+$/, 1)],
  perOrder: [1, limit],
  /** Of every order in any 60 minutes, in whole minutes. */
  perHour: [2, limit],
  /** Of every order in any 24 hours, in whole minutes. */
  perDay: [3, limit],
  /** Of orders that may still be filled. */
  open: [4, limit],
  /** Realised loss of a UTC day from which on nothing more is bought. */
  dayLoss: [5, limit],
  /** Least quote volume of the market's last 24 hours. */
  volumeMin: [6, limit],
});
export type Budget = Decoded<typeof budget>;

export const mandate = packed({
  label: [0, text(80)],
  /** Markets by the venue's symbol; null allows every one that a budget covers. */
  markets: [1, nullable(list(venueSymbol.codec, 200))],
  /** Markets that stay denied whatever else allows them. */
  denied: [2, list(venueSymbol.codec, 200)],
  sides: [3, list(orderSide, 2)],
  types: [4, list(orderType, 8)],
  /** A market that none of these covers is denied; one that several cover must hold all. */
  budgets: [5, list(budget, 16)],
  ordersPerMinute: [6, integer(0, 100_000)],
  cancelsPerMinute: [7, integer(0, 100_000)],
  /** How far above the best ask a buy, and below the best bid a sale, may be priced, in 1/10,000. */
  bandBps: [8, nullable(integer(0, 10_000))],
  /** Largest part of the market's 24 h quote volume that one order may be, in 1/10,000. */
  shareBps: [9, nullable(integer(1, 10_000))],
  /** Sells only what was bought under this mandate's connection. */
  reduceOnly: [10, boolean],
  validUntilMs: [11, nullable(integer(0, Number.MAX_SAFE_INTEGER))],
  /** Bit set of the UTC hours in which orders may be placed. */
  hours: [12, integer(0, 0xff_ffff)],
  /** Owners who must approve a looser one. */
  approvals: [13, integer(1, 8)],
});
export type Mandate = Decoded<typeof mandate>;

/** The one byte form of a mandate: what its hash covers. */
export function encodeMandate(value: Mandate): Uint8Array {
  return encodeCbor(toCbor(mandate, value));
}

/** Throws `CborError` or `CodecError`, which names the field. */
export function decodeMandate(encoded: Uint8Array): Mandate {
  return mandate.decode(decodeCbor(encoded), 'mandate');
}
