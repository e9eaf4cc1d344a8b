import {
  type Candles,
  ConditionSeries,
  type Machine,
  type RecordedSignal,
  runBacktest,
} from '@counterfoil/engine';
import { assumptionsOf, type FillModel, type PathRule } from '@counterfoil/engine/fills';
import type { Amount, Market, Quantity } from '@counterfoil/vocabulary';
import { type Coverage, coverageOf } from '../data/coverage.ts';
import { type ClosedDeal, closedDeals, type Measures, measure } from './measure.ts';

export interface ReportRequest {
  readonly bot: string;
  readonly source: string;
  readonly settings: readonly (readonly [string, string])[];
  readonly machine: Machine<unknown, unknown, never>;
  readonly options: unknown;
  readonly signals: readonly RecordedSignal[];
  readonly market: Market;
  readonly candles: Candles;
  readonly model: FillModel;
  readonly quote: Amount;
  readonly base: Quantity;
  readonly roundedVolumes: number;
  readonly nowMs: () => number;
}

/** Everything that a report says, whatever its form. */
export interface Report {
  readonly bot: string;
  readonly source: string;
  readonly market: { readonly symbol: string; readonly base: string; readonly quote: string };
  readonly settings: readonly (readonly [string, string])[];
  readonly measures: Measures;
  /** The same bot under each rule for the path inside a candle: a sensitivity, not a confidence interval. */
  readonly sensitivity: Readonly<Record<PathRule, number>>;
  readonly coverage: Coverage;
  readonly assumptions: readonly string[];
  readonly warnings: readonly string[];
  /** Worth in quote, evenly sampled, and the seconds between samples. */
  readonly equity: readonly number[];
  readonly equityStepS: number;
  readonly deals: readonly ClosedDeal[];
  readonly candles: number;
  readonly elapsedMs: number;
}

export const PATH_RULES: readonly PathRule[] = ['adaptive', 'low-first', 'high-first', 'close-only'];

/** Runs the bot under every path rule and gathers the figures. */
export function makeReport(request: ReportRequest): Report {
  const { market, candles, model } = request;
  const begun = request.nowMs();
  const conditions = new ConditionSeries(candles, market);
  const runWith = (path: PathRule) =>
    runBacktest({ ...request, conditions, model: { ...model, path }, pace: 'jump' });
  const main = runWith(model.path);
  const elapsedMs = request.nowMs() - begun;
  const measures = measure(main, candles, market);
  const sensitivity = { adaptive: 0, 'low-first': 0, 'high-first': 0, 'close-only': 0 };
  for (const rule of PATH_RULES) {
    sensitivity[rule] =
      rule === model.path ? measures.profit : measure(runWith(rule), candles, market).profit;
  }
  const unit = 10 ** -market.quoteScale;
  return {
    bot: request.bot,
    source: request.source,
    market: { symbol: market.symbol, base: market.base, quote: market.quote },
    settings: request.settings,
    measures,
    sensitivity,
    coverage: coverageOf(candles),
    assumptions: assumptionsOf(model),
    warnings: warningsOf(request, measures, sensitivity),
    equity: Array.from(main.equity.samples, (worth) => worth * unit),
    equityStepS: (main.equity.sampleRows * candles.stepMs) / 1_000,
    deals: closedDeals(main.notes),
    candles: candles.length,
    elapsedMs,
  };
}

/** Relative spread of the band above which the result says more about the rule than about the bot. */
const WIDE_BAND = 0.5;

/** What a reader must know before the figures of a run. `sensitivity`: its profit under each rule. */
export function warningsOf(
  request: Pick<ReportRequest, 'candles' | 'roundedVolumes'>,
  measures: Measures,
  sensitivity: Report['sensitivity'],
): string[] {
  const warnings: string[] = [];
  const values = Object.values(sensitivity);
  const spread = Math.max(...values) - Math.min(...values);
  if (spread > WIDE_BAND * Math.abs(measures.profit)) {
    warnings.push(
      'The result depends on the order of prices inside a candle by more than half of the profit: use finer data before trusting it.',
    );
  }
  if (request.candles.stepMs > 60_000) {
    warnings.push('The candles are longer than a minute: stops and trails inside them are guesses.');
  }
  const coverage = coverageOf(request.candles);
  if (coverage.share < 0.99) {
    warnings.push(
      `The data lacks ${coverage.missing} of ${coverage.expected} candles; orders across a hole fill at the price after it.`,
    );
  }
  if (request.roundedVolumes > 0)
    warnings.push(`${request.roundedVolumes} volumes had more than eight decimals and were rounded.`);
  if (measures.deals < 30)
    warnings.push(`Only ${measures.deals} deals closed: too few to tell skill from luck.`);
  if (measures.profitRate < measures.holdRate)
    warnings.push('Holding the base asset would have gained more.');
  return warnings;
}
