/** What a venue says of an account, as the gate read it: balances, orders, fills, and the events of its stream. */
import { type Decoded, boolean, integer, list, nullable, packed, text, variants } from '../codec.ts';
import { decimalText } from '../decimal.ts';
import { assetCode, tradeId, venueOrderId, venueSymbol } from '../ids.ts';
import { orderReport } from './intent.ts';
import { orderSide } from './words.ts';

/** As the venue has it: orders placed by hand elsewhere have ids of any form, or none. */
const anyClientOrderId = nullable(text(64, /^[!-~]+$/, 1));

/** Binance has some 2,500 assets; an account rarely holds a hundred. */
export const BALANCES_MAX = 4_096;
/** Rows that venues give in one answer. */
export const ROWS_MAX = 1_000;

export const balance = packed({
  asset: [0, assetCode.codec],
  free: [1, decimalText],
  locked: [2, decimalText],
});
export type BalancePacked = Decoded<typeof balance>;

/** An order of the account, whoever placed it. */
export const accountOrder = packed({
  clientOrderId: [0, anyClientOrderId],
  symbol: [1, venueSymbol.codec],
  side: [2, orderSide],
  report: [3, orderReport],
});
export type AccountOrder = Decoded<typeof accountOrder>;

/** One execution. `quoteAmount` is the quote money that changed hands, as the venue states it. */
export const accountFill = packed({
  tradeId: [0, tradeId.codec],
  venueOrderId: [1, venueOrderId.codec],
  /** Absent where the venue's list of trades does not say it. */
  clientOrderId: [2, anyClientOrderId],
  symbol: [3, venueSymbol.codec],
  side: [4, orderSide],
  price: [5, decimalText],
  quantity: [6, decimalText],
  quoteAmount: [7, decimalText],
  fee: [8, decimalText],
  /** Absent where there was none to pay, or the venue does not name it. */
  feeAsset: [9, nullable(assetCode.codec)],
  maker: [10, boolean],
  atMs: [11, integer(0, Number.MAX_SAFE_INTEGER)],
});
export type AccountFill = Decoded<typeof accountFill>;

/** What a private stream tells. Between `lost` and the next `opened`, and before the first one, events are missing. */
export const streamEvent = variants({
  opened: [1, packed({})],
  lost: [2, packed({})],
  order: [3, packed({ order: [0, accountOrder] })],
  fill: [4, packed({ fill: [0, accountFill] })],
  balances: [5, packed({ balances: [0, list(balance, BALANCES_MAX)] })],
});
export type StreamEvent = Decoded<typeof streamEvent>;
