/**
 * What a private leaf says about one use of a key: deterministic CBOR with integer keys, at most 242 bytes, because
 * the leaf has a fixed size and pads to it (log page; the worst case of every kind is built in a test).
 *
 * Numbers of kinds and fields are assigned for ever: a leaf is read years later.
 */
import {
  type Decoded,
  bytes,
  integer,
  nullable,
  numbered,
  packed,
  text,
  toCbor,
  variants,
} from '../codec.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { decimalPair } from '../decimal.ts';
import { orderSide, orderType } from './words.ts';

/** The plain text of a leaf is padded to 244 bytes, two of which are its length. */
export const LEAF_PAYLOAD_BYTES_MAX = 242;

/** Largest safe integer: sequences and times are `number`. */
const safe = integer(0, Number.MAX_SAFE_INTEGER);

/** Fields that every leaf of a connection has. */
const chain = {
  /** Position in the connection's chain, from 0 (the seal leaf). */
  seq: [0, safe],
  /** Leaf hash of the one before; 32 zero bytes at the seal leaf. */
  prev: [1, bytes(32)],
  /** The gate's clock, milliseconds since 1970 UTC. */
  atMs: [2, safe],
  /** Which start of the vault wrote it. */
  boot: [3, bytes(8)],
} as const;

/** Bounds that keep the worst case within its leaf; 2^40 intents of one bot are 35 years at a thousand a second. */
export const BOT_SEQ_MAX = 2 ** 40;
export const EPOCH_MAX = 2 ** 32 - 1;

/** SHA-256 cut to 16 bytes: enough to bind (2^64 work to collide), short enough to fit. */
const shortHash = bytes(16);

/** A venue symbol as the venue writes it. Deribit's options are the longest known (20). */
export const LEAF_SYMBOL_LENGTH_MAX = 24;

/** What a key was used for. */
export const useMethodNumbers = {
  orderCreate: 1,
  orderCancel: 2,
  orderGet: 3,
  permissions: 4,
  balances: 5,
  ordersOpen: 6,
  orderCancelAll: 7,
  ordersHistory: 8,
  tradesHistory: 9,
  streamOpen: 10,
} as const;
export const useMethod = numbered(useMethodNumbers);

/** How a use ended, as far as the gate knows. */
export const useOutcome = numbered({
  /** The venue took it. */
  accepted: 1,
  /** The venue said no; nothing happened there. */
  rejected: 2,
  /** It never left, or can no longer arrive. */
  notPlaced: 3,
  /** Nobody knows yet; it counts fully against the limits. */
  unknown: 4,
});

const sign = packed({
  ...chain,
  method: [4, useMethod],
  /** SHA-256 of the intent's encoded body without its epoch. */
  intentHash: [5, shortHash],
  /** The derived client order id as sent, at most 36 characters (Binance's limit). */
  clientOrderId: [6, text(36, /^[A-Za-z0-9_-]+$/, 1)],
  symbol: [7, text(LEAF_SYMBOL_LENGTH_MAX, /^[!-~]+$/, 1)],
  side: [8, nullable(orderSide)],
  type: [9, nullable(orderType)],
  /** In base where there is a price, in quote where there is none. */
  amount: [10, nullable(decimalPair)],
  /** The limit; of a market order sized in base, the worst price that the gate's own reference allows for. */
  price: [11, nullable(decimalPair)],
  mandateHash: [12, shortHash],
  /** Milliseconds after `atMs` from which the venue will no longer accept the request. */
  validMs: [13, integer(1, 60_000)],
  /** Whose intent: SHA-256 of the bot id cut to 8 bytes, its sequence, and the epoch of the worker that asked. */
  bot: [14, bytes(8)],
  botSeq: [15, integer(0, BOT_SEQ_MAX)],
  epoch: [16, integer(0, EPOCH_MAX)],
});

const result = packed({
  ...chain,
  /** The `seq` of the sign leaf that this one closes. */
  of: [4, safe],
  outcome: [5, useOutcome],
  /** HTTP status, or 0 where there was none. */
  status: [6, integer(0, 999)],
  /** The venue's id of the order, where it gave one; as long as `VenueOrderId` may be, so that no result is lost. */
  venueOrderId: [7, nullable(text(64, /^[!-~]+$/, 1))],
  /** SHA-256 of the answer's body, cut to 16 bytes. */
  answerHash: [8, nullable(shortHash)],
  /** Base and quote that the order has moved so far, as the gate reads them in the answer. */
  filled: [9, nullable(decimalPair)],
  filledAmount: [10, nullable(decimalPair)],
  /** Whether more of it may be filled, where the answer says. */
  stands: [11, nullable(numbered({ open: 1, closed: 2 }))],
});

const seal = packed({
  ...chain,
  venue: [4, text(32, /^[a-z0-9-]+$/, 1)],
  /** SHA-256 of a fixed label and the view key: pins the key that reads this chain. */
  viewKeyHash: [5, bytes(32)],
  /** SHA-256 of the public half of a vault-born key; absent for a pasted secret. */
  publicKeyHash: [6, nullable(bytes(32))],
  mandateHash: [7, shortHash],
});

const readOpen = packed({
  ...chain,
  /** How long reads may run under this leaf, at most 60 s. */
  windowMs: [4, integer(1, 60_000)],
  countMax: [5, integer(1, 100_000)],
  /** Bit set of read methods, by their numbers. */
  methods: [6, integer(1, 0xffff)],
});

const readClose = packed({
  ...chain,
  of: [4, safe],
  count: [5, integer(0, 100_000)],
  /** SHA-256 over what was asked, in order: method number, NUL, argument, LF. */
  askedHash: [6, bytes(32)],
});

const heartbeat = packed({ ...chain });

/** Another mandate is in force from here. */
const mandate = packed({ ...chain, mandateHash: [4, shortHash] });

/** What a freeze still lets through: sales, cancels and reads at the first depth, cancels alone at the second. */
export const freezeDepth = numbered({ noNewPositions: 1, everything: 2 });
const freeze = packed({ ...chain, depth: [4, freezeDepth] });
const thaw = packed({ ...chain });

/** The key is gone; the last leaf of its chain. */
const destroy = packed({ ...chain });

/** Another key signs from here. */
const rotate = packed({
  ...chain,
  /** As in the seal leaf. */
  publicKeyHash: [4, nullable(bytes(32))],
});

export const leafPayload = variants({
  seal: [1, seal],
  sign: [2, sign],
  result: [3, result],
  readOpen: [4, readOpen],
  readClose: [5, readClose],
  heartbeat: [6, heartbeat],
  mandate: [7, mandate],
  freeze: [8, freeze],
  thaw: [9, thaw],
  destroy: [10, destroy],
  rotate: [11, rotate],
});

export type LeafPayload = Decoded<typeof leafPayload>;

/** Throws where a payload would not fit its leaf: a bound of a field is wrong then, never the caller's data. */
export function encodeLeafPayload(payload: LeafPayload): Uint8Array {
  const encoded = encodeCbor(toCbor(leafPayload, payload));
  if (encoded.length > LEAF_PAYLOAD_BYTES_MAX) {
    throw new Error(`leaf payload of ${encoded.length} bytes exceeds ${LEAF_PAYLOAD_BYTES_MAX}`);
  }
  return encoded;
}

/** Throws `CborError` or `CodecError`, which names the field, for anything that `encodeLeafPayload` does not emit. */
export function decodeLeafPayload(encoded: Uint8Array): LeafPayload {
  return leafPayload.decode(decodeCbor(encoded), 'leaf');
}
