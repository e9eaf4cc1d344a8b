/**
 * What bots and SmartTrades do, in the words of the engine's options with decimal text for money and percent for
 * rates. The engine says what of it is impossible; here only the form is checked.
 */
import { z } from 'zod';
import { decimal, direction, factor, label, percent, symbol, timeframe } from './values.ts';

const period = z.int().min(1).max(1_000);
const durationSeconds = z.int().min(0).max(31_536_000);

const indicator = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.enum(['rsi', 'cci', 'mfi', 'sma', 'ema', 'volume', 'turnover', 'qfl']),
      period,
    }),
    z.strictObject({ kind: z.literal('atr'), period, form: z.enum(['price', 'percent']) }),
    z.strictObject({ kind: z.enum(['sma-cross', 'ema-cross']), fast: period, slow: period }),
    z.strictObject({
      kind: z.literal('macd'),
      fast: period,
      slow: period,
      signal: period,
      output: z.enum(['line', 'signal', 'histogram']),
    }),
    z.strictObject({ kind: z.literal('bollinger'), period, deviations: z.number().min(0.1).max(10) }),
    z.strictObject({
      kind: z.literal('stochastic'),
      period,
      smoothing: period,
      signal: period,
      output: z.enum(['k', 'd']),
    }),
    z.strictObject({ kind: z.literal('ultimate'), short: period, middle: period, long: period }),
    z.strictObject({
      kind: z.literal('parabolic'),
      step: z.number().positive().max(1),
      max: z.number().positive().max(1),
    }),
    z.strictObject({ kind: z.literal('heikin-ashi') }),
  ])
  .meta({ id: 'Indicator' });

export const condition = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('indicator'),
      indicator,
      timeframe,
      compare: z.enum(['less', 'greater', 'crossing-up', 'crossing-down']),
      level: z.number(),
    }),
    z.strictObject({ kind: z.literal('signal'), name: label, validSeconds: durationSeconds }),
  ])
  .meta({ id: 'Condition' });

// The machines refuse more, with a better sentence; this bounds what a request may hold at all.
const conditions = z.array(condition).max(20);

export const orderSize = z
  .discriminatedUnion('by', [
    z.strictObject({ by: z.literal('quote'), amount: decimal }),
    z.strictObject({ by: z.literal('base'), quantity: decimal }),
    z.strictObject({ by: z.literal('percent'), percent }),
  ])
  .meta({ id: 'OrderSize' });

export const takeProfit = z
  .strictObject({
    of: z.enum(['total', 'base']),
    steps: z.array(z.strictObject({ percent, share: percent })).max(4),
    trailing: percent.nullable(),
  })
  .meta({ id: 'TakeProfit' });

export const stopLoss = z
  .strictObject({
    percent,
    trailing: z.boolean(),
    timeoutSeconds: durationSeconds.nullable(),
    breakeven: z.enum(['average', 'target-1', 'target-2']).nullable(),
    stopBot: z.boolean(),
  })
  .meta({ id: 'StopLoss' });

export const dcaOptions = z
  .strictObject({
    markets: z.array(symbol).min(1).max(100),
    direction,
    start: z.strictObject({
      /** All must hold; none means at once; null means only by command. */
      conditions: conditions.nullable(),
      delaySeconds: durationSeconds,
      cooldownSeconds: durationSeconds,
      priceRange: z
        .discriminatedUnion('by', [
          z.strictObject({ by: z.literal('price'), min: decimal.nullable(), max: decimal.nullable() }),
          z.strictObject({ by: z.literal('percent'), min: percent.nullable(), max: percent.nullable() }),
        ])
        .nullable(),
      turnoverMin: decimal.nullable(),
    }),
    baseOrder: orderSize,
    baseOrderType: z.enum(['market', 'limit']),
    averaging: z.strictObject({
      ladder: z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('scaled'),
          size: orderSize,
          steps: z.int().min(0).max(100),
          deviation: percent,
          stepScale: factor,
          volumeScale: factor,
        }),
        z.strictObject({
          kind: z.literal('custom'),
          steps: z.array(z.strictObject({ deviation: percent, size: orderSize })).max(100),
        }),
      ]),
      activeMax: z.int().min(0).max(100),
      conditions,
    }),
    takeProfit,
    stopLoss: stopLoss.nullable(),
    closing: z.strictObject({
      conditions,
      profitMin: z.strictObject({ percent, of: z.enum(['total', 'base']) }).nullable(),
      timeoutSeconds: durationSeconds.nullable(),
    }),
    dealsAtOnce: z.int().min(1).max(500),
    dealsPerMarket: z.int().min(1).max(100),
    dealsMax: z.int().min(1).max(1_000_000).nullable(),
    profitCurrency: z.enum(['quote', 'base']),
    reinvest: percent,
    riskReduction: percent,
  })
  .meta({ id: 'DcaOptions' });

export const gridStopAction = z.enum(['stop', 'stop-and-sell', 'stop-and-buy']);
const gridStop = z.strictObject({ price: decimal, action: gridStopAction });

export const gridOptions = z
  .strictObject({
    market: symbol,
    lower: decimal,
    upper: decimal,
    lines: z.int().min(2).max(1_000),
    spacing: z.enum(['arithmetic', 'geometric']),
    size: z.discriminatedUnion('by', [
      z.strictObject({ by: z.literal('base'), quantity: decimal }),
      z.strictObject({ by: z.literal('quote'), amount: decimal }),
    ]),
    profitCurrency: z.enum(['quote', 'base']),
    balanceAtStart: z.boolean(),
    activeBuysMax: z.int().min(1).max(1_000).nullable(),
    activeSellsMax: z.int().min(1).max(1_000).nullable(),
    trailingUp: z.boolean(),
    trailingDown: z.boolean(),
    expandUpTo: decimal.nullable(),
    expandDownTo: decimal.nullable(),
    upperStop: gridStop.nullable(),
    lowerStop: gridStop.nullable(),
  })
  .meta({ id: 'GridOptions' });

const exitPrice = z
  .discriminatedUnion('by', [
    z.strictObject({ by: z.literal('price'), price: decimal }),
    z.strictObject({ by: z.literal('percent'), percent }),
  ])
  .meta({ id: 'ExitPrice' });

export const smartExit = z
  .strictObject({
    targets: z
      .array(z.strictObject({ at: exitPrice, share: percent, type: z.enum(['limit', 'market']) }))
      .max(8),
    trailing: percent.nullable(),
    stop: z
      .strictObject({
        at: exitPrice,
        limit: decimal.nullable(),
        trailing: z.boolean(),
        timeoutSeconds: durationSeconds.nullable(),
        breakeven: z.boolean(),
      })
      .nullable(),
  })
  .meta({ id: 'SmartExit' });

export const smartTradeOptions = z
  .strictObject({
    market: symbol,
    direction,
    quantity: decimal,
    entry: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('market') }),
      z.strictObject({ kind: z.literal('limit'), price: decimal }),
      z.strictObject({
        kind: z.literal('conditional'),
        price: decimal,
        when: z.enum(['at-or-above', 'at-or-below']),
        limit: decimal.nullable(),
        trailing: percent.nullable(),
      }),
      z.strictObject({ kind: z.literal('held'), average: decimal }),
    ]),
    exit: smartExit.nullable(),
  })
  .meta({ id: 'SmartTradeOptions' });

/** A bot's kind with its options. */
export const botPlan = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('dca'), options: dcaOptions }),
    z.strictObject({ kind: z.literal('grid'), options: gridOptions }),
  ])
  .meta({ id: 'BotPlan' });

/** Anything that a backtest can run. */
export const testPlan = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('dca'), options: dcaOptions }),
    z.strictObject({ kind: z.literal('grid'), options: gridOptions }),
    z.strictObject({ kind: z.literal('smart-trade'), options: smartTradeOptions }),
  ])
  .meta({ id: 'TestPlan' });

export type DcaOptionsBody = z.infer<typeof dcaOptions>;
export type GridOptionsBody = z.infer<typeof gridOptions>;
export type SmartTradeOptionsBody = z.infer<typeof smartTradeOptions>;
export type SmartExitBody = z.infer<typeof smartExit>;
export type TakeProfitBody = z.infer<typeof takeProfit>;
export type StopLossBody = z.infer<typeof stopLoss>;
export type ConditionBody = z.infer<typeof condition>;
export type BotPlan = z.infer<typeof botPlan>;
export type TestPlan = z.infer<typeof testPlan>;
