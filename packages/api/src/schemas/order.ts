/** Orders, fills, receipts, balances. */
import { saying } from './saying.ts';
import { z } from 'zod';
import {
  asset,
  decimal,
  environment,
  id,
  instant,
  side,
  signedDecimal,
  symbol,
  venueText,
} from './values.ts';

export const orderState = z
  .enum([
    'journalled',
    'acknowledged',
    'partiallyFilled',
    'filled',
    'cancelled',
    'rejected',
    'expired',
    'refused',
    'notPlaced',
    'unknown',
  ])
  .meta({
    id: 'OrderState',
    description:
      '`unknown`: something was sent and nobody knows yet what came of it; it is looked up, never sent again. ' +
      '`refused`: the vault said no. `notPlaced`: the venue does not know it and it can no longer arrive.',
  });

export const orderType = z
  .enum([
    'limit',
    'market',
    'limitMaker',
    'stop',
    'stopLimit',
    'takeProfit',
    'takeProfitLimit',
    'trailingStop',
  ])
  .meta({ id: 'OrderType' });

export const order = z
  .strictObject({
    /** `BOT.SEQ`: the intent that is in ledger and log. */
    id: z.string().regex(/^[a-z0-9_-]{1,40}\.[1-9][0-9]{0,14}$/),
    bot: id,
    deal: id.nullable(),
    connection: id,
    environment,
    symbol,
    side,
    type: orderType,
    /** What the order is in its deal: `base`, `avg-2`, `tp1`, `stop`, `manual`. */
    role: z.string(),
    price: decimal.nullable(),
    quantity: decimal.nullable(),
    amount: decimal.nullable(),
    state: orderState,
    filledQuantity: decimal,
    filledAmount: decimal,
    clientOrderId: z.string().nullable(),
    venueOrderId: venueText.nullable(),
    /** Why it was placed. */
    reason: z.string().nullable(),
    reasonSaid: saying.nullable(),
    /** What vault or venue said where one of them refused. */
    refusal: z.string().nullable(),
    hasReceipt: z.boolean(),
    journalledAt: instant,
    settledAt: instant.nullable(),
  })
  .meta({ id: 'Order' });

export const fill = z
  .strictObject({
    id: z.string(),
    order: z.string(),
    bot: id,
    deal: id.nullable(),
    environment,
    symbol,
    side,
    price: decimal,
    quantity: decimal,
    amount: decimal,
    fee: decimal,
    feeAsset: asset,
    liquidity: z.enum(['maker', 'taker']),
    at: instant,
  })
  .meta({ id: 'Fill' });

/** One order placed by hand. */
export const manualOrder = z
  .strictObject({
    connection: id.optional(),
    symbol,
    side,
    type: z.enum(['limit', 'market']),
    amount: decimal,
    sizedBy: z.enum(['base', 'quote']),
    price: decimal.nullable(),
    timeInForce: z.enum(['gtc', 'ioc', 'fok']).nullable(),
  })
  .meta({ id: 'ManualOrder' });

/** The sign leaf's receipt: a C2SP tlog-proof with the leaf as its extra data. Whoever has it can check it alone. */
export const receipt = z
  .strictObject({
    order: z.string(),
    clientOrderId: z.string().nullable(),
    connection: id,
    environment,
    madeAt: instant,
    proof: z.string(),
  })
  .meta({ id: 'Receipt' });

/** What opens the leaves of a connection: in the clear for the demo, sealed to the user's key otherwise. */
export const viewKey = z
  .strictObject({
    connection: id,
    venue: z.string(),
    apiKeyId: z.string().nullable(),
    epoch: z.int(),
    /** 64 hex characters; null where it is sealed. */
    viewKey: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable(),
    sealed: z.string().nullable(),
  })
  .meta({ id: 'ViewKey' });

/** What a verifier needs besides a receipt: the log's key and witnesses (`policy.txt`). */
export const logPolicy = z.strictObject({ origin: z.string(), policy: z.string() }).meta({ id: 'LogPolicy' });

export const balance = z
  .strictObject({
    connection: id,
    environment,
    asset,
    free: decimal,
    locked: decimal,
    /** Worth in the workspace's quote asset; null where there is no price. */
    worth: decimal.nullable(),
  })
  .meta({ id: 'Balance' });

export const portfolio = z
  .strictObject({
    environment,
    quote: asset,
    worth: decimal,
    /** Change since the first value of this UTC day; null before there are two. */
    today: signedDecimal.nullable(),
    /** What deals and SmartTrades lose if every stop fills; positions without a stop count in full. */
    openRisk: decimal,
    holdings: z.array(balance),
    asOf: instant,
    /** Whether the venue's word is older than a minute. */
    stale: z.boolean(),
  })
  .meta({ id: 'Portfolio' });

export const worthPoint = z.strictObject({ at: instant, worth: decimal }).meta({ id: 'WorthPoint' });

export type Order = z.infer<typeof order>;
export type OrderState = z.infer<typeof orderState>;
export type Fill = z.infer<typeof fill>;
export type ManualOrder = z.infer<typeof manualOrder>;
export type Receipt = z.infer<typeof receipt>;
export type ViewKey = z.infer<typeof viewKey>;
export type Balance = z.infer<typeof balance>;
export type Portfolio = z.infer<typeof portfolio>;
