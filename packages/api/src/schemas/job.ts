/** Long work as rows: step, percent, estimate, cancel, resume. */
import { z } from 'zod';
import { testPlan } from './bot-options.ts';
import { saying, sentence } from './saying.ts';
import { id, instant, percent, signedDecimal, decimal } from './values.ts';

export const jobState = z
  .enum(['waiting', 'running', 'done', 'failed', 'cancelled'])
  .meta({ id: 'JobState' });

export const job = z
  .strictObject({
    id,
    kind: z.enum(['backtest', 'sweep']),
    title: z.string(),
    titleSaid: saying.nullable().default(null),
    state: jobState,
    step: z.string(),
    percent: z.number().min(0).max(100),
    secondsLeft: z.int().nullable(),
    error: z.string().nullable(),
    hasResult: z.boolean(),
    madeAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: 'Job' });

const data = {
  /** Id of a data set; the form of its rows is its own. */
  dataSet: z.string().max(200),
  from: instant.nullable(),
  until: instant.nullable(),
  fee: percent,
  slippage: percent,
  quote: decimal,
  base: decimal,
} as const;

export const backtestRequest = z.strictObject({ plan: testPlan, ...data }).meta({ id: 'BacktestRequest' });

/** Varies values inside the options: `path` is a JSON pointer into `plan.options`. */
export const sweepRequest = z
  .strictObject({
    plan: testPlan,
    ...data,
    axes: z
      .array(
        z.strictObject({
          path: z.string().regex(/^(?:\/[A-Za-z0-9]{1,40}){1,8}$/),
          values: z
            .array(z.union([decimal, z.int()]))
            .min(1)
            .max(1_000),
        }),
      )
      .min(1)
      .max(6),
    /** Tries so many of the combinations, drawn with `seed`; null tries all. */
    randomCount: z.int().min(1).max(1_000_000).nullable(),
    seed: z.int().min(0).max(2_147_483_647),
  })
  .meta({ id: 'SweepRequest' });

export const testFigures = z
  .strictObject({
    profitPercent: signedDecimal,
    holdPercent: signedDecimal,
    drawdownPercent: decimal,
    deals: z.int(),
    wins: z.int(),
    fees: decimal,
  })
  .meta({ id: 'TestFigures' });

export const backtestResult = z
  .strictObject({
    kind: z.literal('backtest'),
    figures: testFigures,
    quote: z.string(),
    equity: z.array(z.strictObject({ t: z.int(), value: decimal })),
    deals: z.array(
      z.strictObject({
        startedAt: instant,
        endedAt: instant,
        why: z.string(),
        profit: signedDecimal,
        entered: decimal,
        averagings: z.int(),
      }),
    ),
    fills: z.array(
      z.strictObject({
        at: instant,
        side: z.enum(['buy', 'sell']),
        price: decimal,
        quantity: decimal,
        order: z.string(),
      }),
    ),
    assumptions: z.array(sentence),
    warnings: z.array(sentence),
  })
  .meta({ id: 'BacktestResult' });

export const sweepResult = z
  .strictObject({
    kind: z.literal('sweep'),
    axes: z.array(z.strictObject({ path: z.string(), values: z.array(z.string()) })),
    /** Best first. */
    runs: z.array(z.strictObject({ settings: z.array(z.string()), figures: testFigures })),
    tried: z.int(),
    warnings: z.array(sentence),
  })
  .meta({ id: 'SweepResult' });

export const jobResult = z
  .discriminatedUnion('kind', [backtestResult, sweepResult])
  .meta({ id: 'JobResult' });

export type Job = z.infer<typeof job>;
export type JobState = z.infer<typeof jobState>;
export type BacktestRequest = z.infer<typeof backtestRequest>;
export type SweepRequest = z.infer<typeof sweepRequest>;
export type BacktestResult = z.infer<typeof backtestResult>;
export type TestFigures = z.infer<typeof testFigures>;
export type JobResult = z.infer<typeof jobResult>;
export type SweepResult = z.infer<typeof sweepResult>;
