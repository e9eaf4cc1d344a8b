/** Bots, deals and SmartTrades as they are shown. */
import { z } from 'zod';
import { botPlan, smartTradeOptions } from './bot-options.ts';
import { said, saying, sentence } from './saying.ts';
import {
  asset,
  decimal,
  direction,
  environment,
  id,
  instant,
  label,
  signedDecimal,
  symbol,
} from './values.ts';

/** What is gained or lost, per asset. Base left over is not valued. */
export const profit = z.strictObject({ asset, amount: signedDecimal }).meta({ id: 'Profit' });

/** A structured reason with the sentence that is made of it. */
export const decision = z.strictObject({ at: instant, code: z.string(), ...said }).meta({ id: 'Decision' });

/**
 * `paused`: no new deals, open ones are managed. `stopped`: nothing is managed any more. `failed`: the bot met
 * something that it cannot handle and says what.
 */
export const botState = z
  .enum(['draft', 'running', 'paused', 'stopping', 'stopped', 'failed'])
  .meta({ id: 'BotState' });

export const bot = z
  .strictObject({
    id,
    name: label,
    environment,
    connection: id,
    state: botState,
    plan: botPlan,
    dealsOpen: z.int(),
    dealsClosed: z.int(),
    ordersOpen: z.int(),
    profit: z.array(profit),
    lastDecision: decision.nullable(),
    /** Why it is `failed`, or what keeps it from trading although it runs. */
    trouble: z.string().nullable(),
    madeAt: instant,
    startedAt: instant.nullable(),
    /** Counts the edits of its options. */
    version: z.int(),
  })
  .meta({ id: 'Bot' });

export const botDraft = z
  .strictObject({ name: label, connection: id, plan: botPlan })
  .meta({ id: 'BotDraft' });

/** What is impossible about options: all of it at once. */
export const validation = z
  .strictObject({
    ok: z.boolean(),
    refusals: z.array(
      z
        .strictObject({ field: z.string(), limit: z.string(), message: z.string(), said: saying })
        .meta({ id: 'OptionRefusal' }),
    ),
  })
  .meta({ id: 'Validation' });

/** What a bot would do at the prices of the moment. */
export const preview = z
  .strictObject({
    price: decimal,
    /** Entries of one deal, or the lines of a grid, in the order of placing. */
    orders: z.array(
      z
        .strictObject({
          role: z.string(),
          side: z.enum(['buy', 'sell']),
          price: decimal,
          quantity: decimal,
          amount: decimal,
          /** Average entry once it is filled; null for exits. */
          average: decimal.nullable(),
          /** How far the price has to move from the average to the first target, in percent. */
          neededMovePercent: signedDecimal.nullable(),
        })
        .meta({ id: 'PlannedOrder' }),
    ),
    /** Money that the whole plan needs at most. */
    needs: z.array(z.strictObject({ asset, amount: decimal })),
    /** Loss in quote if every entry fills and the stop does; null without a stop. */
    worstCase: signedDecimal.nullable(),
    warnings: z.array(sentence),
  })
  .meta({ id: 'Preview' });

/** Why a bot does not trade now: what it waits for, the nearest first, and what blocks it. */
export const why = z
  .strictObject({
    ...said,
    checkedAt: instant,
    waitingFor: z.array(
      z
        .strictObject({
          for: z.enum(['price', 'time', 'conditions']),
          name: z.string(),
          market: symbol.nullable(),
          ...said,
          level: decimal.nullable(),
          now: decimal.nullable(),
          distancePercent: decimal.nullable(),
        })
        .meta({ id: 'Waiting' }),
    ),
    /** Orders that rest at the venue or are on their way. */
    orders: z.array(z.strictObject({ name: z.string(), ...said }).meta({ id: 'RestingOrder' })),
    blockedBy: z.array(
      z
        .strictObject({
          what: z.enum(['funds', 'limits', 'key', 'venue', 'frozen', 'vault', 'lease']),
          ok: z.boolean(),
          ...said,
        })
        .meta({ id: 'Block' }),
    ),
    decisions: z.array(decision),
  })
  .meta({ id: 'Why' });

export const dealState = z
  .enum(['opening', 'open', 'closing', 'leaving', 'closed'])
  .meta({ id: 'DealState' });

export const deal = z
  .strictObject({
    id,
    bot: id,
    number: z.int(),
    environment,
    symbol,
    direction,
    state: dealState,
    /** Why it was closed. */
    closedBy: z.string().nullable(),
    entered: decimal,
    quantity: decimal,
    average: decimal.nullable(),
    averagings: z.int(),
    takeProfitPrice: decimal.nullable(),
    /** Null without a stop, before the base order is complete, and while the stop trails. */
    stopLossPrice: decimal.nullable(),
    profit: profit.nullable(),
    startedAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: 'Deal' });

export const smartTradeState = z
  .enum(['draft', 'waiting', 'entering', 'open', 'closing', 'closed', 'cancelled', 'failed'])
  .meta({ id: 'SmartTradeState' });

export const smartTrade = z
  .strictObject({
    id,
    name: label,
    environment,
    connection: id,
    state: smartTradeState,
    options: smartTradeOptions,
    quantity: decimal,
    average: decimal.nullable(),
    targetsTaken: z.int(),
    stopPrice: decimal.nullable(),
    profit: profit.nullable(),
    lastDecision: decision.nullable(),
    madeAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: 'SmartTrade' });

export type Profit = z.infer<typeof profit>;
export type Bot = z.infer<typeof bot>;
export type BotDraft = z.infer<typeof botDraft>;
export type BotState = z.infer<typeof botState>;
export type Deal = z.infer<typeof deal>;
export type DealState = z.infer<typeof dealState>;
export type Decision = z.infer<typeof decision>;
export type Preview = z.infer<typeof preview>;
export type SmartTrade = z.infer<typeof smartTrade>;
export type SmartTradeState = z.infer<typeof smartTradeState>;
export type Validation = z.infer<typeof validation>;
export type Why = z.infer<typeof why>;
