import {
  type Candles,
  ConditionSeries,
  type Machine,
  type RecordedSignal,
  resample,
  runBacktest,
} from '@counterfoil/engine';
import { assumptionsOf, type FillModel, type PathRule } from '@counterfoil/engine/fills';
import type { Amount, Market, Quantity } from '@counterfoil/vocabulary';
import { type Coverage, coverageOf } from '../data/coverage.ts';
import { inWords, type Warning } from './remarks.ts';
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
  /** The rows are trades: they are replayed one by one. */
  readonly isTrades: boolean;
  readonly nowMs: () => number;
}

/** Everything that a report says, whatever its form. */
export interface Report {
  readonly bot: string;
  readonly source: string;
  readonly market: { readonly symbol: string; readonly base: string; readonly quote: string };
  readonly settings: readonly (readonly [string, string])[];
  readonly measures: Measures;
  readonly isTrades: boolean;
  /** The rule that the figures were made under. */
  readonly path: PathRule;
  /**
   * Profit of the same bot under each rule for the path inside a candle: a sensitivity, not a confidence interval.
   * Where trades were replayed, on the one-minute candles that these trades make.
   */
  readonly sensitivity: Readonly<Record<PathRule, number>>;
  readonly coverage: Coverage;
  /** Longest time between two rows, in seconds. */
  readonly longestSilenceS: number;
  readonly assumptions: readonly string[];
  readonly warnings: readonly string[];
  /** Worth in quote, evenly sampled, and the seconds between samples. */
  readonly equity: readonly number[];
  readonly equityStepS: number;
  /** Exact, in quote units; one unit is `unit` of the quote asset. */
  readonly deals: readonly ClosedDeal[];
  readonly unit: number;
  readonly candles: number;
  readonly elapsedMs: number;
}

export const PATH_RULES: readonly PathRule[] = ['adaptive', 'low-first', 'high-first', 'close-only'];

/** Runs the bot, and once more under every path rule, and gathers the figures. */
export function makeReport(request: ReportRequest): Report {
  const { market, candles, model, isTrades } = request;
  const begun = request.nowMs();
  const conditions = new ConditionSeries(candles, market);
  const main = runBacktest({ ...request, conditions, pace: 'jump' });
  const elapsedMs = request.nowMs() - begun;
  const measures = measure(main, candles, market, isTrades);
  const sensitivity = isTrades
    ? sensitivityOf({ ...request, candles: resample(candles, MINUTE_MS) }, null)
    : sensitivityOf(request, measures.profit);
  const unit = 10 ** -market.quoteScale;
  return {
    bot: request.bot,
    source: request.source,
    market: { symbol: market.symbol, base: market.base, quote: market.quote },
    settings: request.settings,
    measures,
    sensitivity,
    isTrades,
    path: model.path,
    coverage: isTrades ? tradesCoverage(candles) : coverageOf(candles),
    longestSilenceS: longestSilence(candles),
    assumptions: assumptionsOf(model, isTrades ? 'trades' : 'candles').map(inWords),
    warnings: warningsOf(request, measures, sensitivity).map(inWords),
    equity: Array.from(main.equity.samples, (worth) => worth * unit),
    equityStepS: (main.equity.sampleRows * candles.stepMs) / 1_000,
    deals: closedDeals(main.notes),
    unit,
    candles: candles.length,
    elapsedMs,
  };
}

/** Trades come when they come: none is expected at any time, so none can be missing. */
function tradesCoverage(candles: Candles): Coverage {
  return { ...coverageOf(candles), expected: candles.length, share: 1, gaps: 0, missing: 0, largest: [] };
}

function longestSilence({ openedAtS }: Candles): number {
  let longest = 0;
  for (let row = 1; row < openedAtS.length; row++)
    longest = Math.max(longest, (openedAtS[row] ?? 0) - (openedAtS[row - 1] ?? 0));
  return longest;
}

/** Profit under every rule; `known` is that under the rule of the request's own model. */
function sensitivityOf(request: ReportRequest, known: number | null): Report['sensitivity'] {
  const { market, candles, model } = request;
  const conditions = new ConditionSeries(candles, market);
  const profitBy = (path: PathRule): number => {
    if (path === model.path && known !== null) return known;
    const run = runBacktest({ ...request, conditions, model: { ...model, path }, pace: 'jump' });
    return measure(run, candles, market).profit;
  };
  return {
    adaptive: profitBy('adaptive'),
    'low-first': profitBy('low-first'),
    'high-first': profitBy('high-first'),
    'close-only': profitBy('close-only'),
  };
}

const MINUTE_MS = 60_000;

/** Relative spread of the band above which the result says more about the rule than about the bot. */
const WIDE_BAND = 0.5;

/** What a reader must know before the figures of a run. `sensitivity`: its profit under each rule. */
export function warningsOf(
  request: Pick<ReportRequest, 'candles' | 'roundedVolumes'> & { readonly isTrades?: boolean },
  measures: Measures,
  sensitivity: Report['sensitivity'],
): readonly Warning[] {
  const warnings: Warning[] = [];
  const profits = Object.values(sensitivity);
  const spread = Math.max(...profits) - Math.min(...profits);
  const isReplay = request.isTrades === true;
  if (!isReplay && spread > WIDE_BAND * Math.abs(measures.profit))
    warnings.push({ code: 'path-matters', values: {} });
  if (request.candles.stepMs > MINUTE_MS) warnings.push({ code: 'candles-coarse', values: {} });
  const { share, missing, expected } = coverageOf(request.candles);
  if (!isReplay && share < 0.99) warnings.push({ code: 'candles-missing', values: { missing, expected } });
  if (request.roundedVolumes > 0)
    warnings.push({ code: 'volumes-rounded', values: { volumes: request.roundedVolumes } });
  if (measures.deals < 30) warnings.push({ code: 'deals-few', values: { deals: measures.deals } });
  if (measures.profitRate < measures.holdRate) warnings.push({ code: 'holding-better', values: {} });
  return warnings;
}
