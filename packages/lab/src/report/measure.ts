import type { BacktestResult, Candles, DealResult, Note } from '@counterfoil/engine';
import type { Market } from '@counterfoil/vocabulary';

/** The figures of one run. Money in quote as plain numbers: statistics for reading, not balances. */
export interface Measures {
  readonly profit: number;
  readonly profitRate: number;
  readonly realised: number;
  readonly fees: number;
  readonly holdRate: number;
  readonly drawdown: number;
  readonly drawdownRate: number;
  /** Share of the rows in which more (or less) base was held than at the start. */
  readonly exposure: number;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly profitFactor: number | null;
  /** Deals closed; of a grid, round trips: what a line bought, sold one line higher. */
  readonly deals: number;
  readonly wins: number;
  readonly averagings: number;
  readonly fills: number;
  readonly turnover: number;
  readonly longestDealHours: number;
  readonly averageDealHours: number;
}

export type ClosedDeal = DealResult & { readonly deal: number };

export function closedDeals(notes: readonly Note[]): readonly ClosedDeal[] {
  return notes.filter((note) => note.code === 'deal-closed');
}

/** `isTrades`: the rows are trades, which come when they come, so that nothing can be said per year. */
export function measure(
  result: BacktestResult<unknown>,
  candles: Candles,
  market: Market,
  isTrades = false,
): Measures {
  const unit = 10 ** -market.quoteScale;
  const deals = closedDeals(result.notes);
  const trips = result.notes.filter((note) => note.code === 'grid-line-filled' && note.side === 'sell');
  const gains = [...deals, ...trips].map((one) => ('profit' in one ? Number(one.profit) * unit : 0));
  const hours = deals.map((deal) => (deal.endedAtMs - deal.startedAtMs) / 3_600_000);
  const profit = (result.worthAtEnd - result.worthAtStart) * unit;
  let fees = 0;
  let turnover = 0;
  for (const { fill } of result.fills) {
    turnover += Number(fill.amount) * unit;
    if (fill.feeAsset === market.quote) fees += Number(fill.fee) * unit;
    if (fill.feeAsset === market.base)
      fees += (Number(fill.fee) * Number(fill.amount) * unit) / Number(fill.quantity);
  }
  const ratios = isTrades
    ? { sharpe: null, sortino: null }
    : riskRatios(result.equity.samples, result.equity.sampleRows * candles.stepMs);
  const first = candles.open[0] ?? 1;
  return {
    profit,
    profitRate: (result.worthAtEnd - result.worthAtStart) / result.worthAtStart,
    realised: sum(gains),
    fees,
    holdRate: ((candles.close[candles.length - 1] ?? first) - first) / first,
    drawdown: result.equity.drawdown * unit,
    drawdownRate: result.equity.drawdownRate,
    exposure: result.equity.exposedRows / candles.length,
    ...ratios,
    profitFactor: profitFactor(gains),
    deals: gains.length,
    wins: gains.filter((gain) => gain > 0).length,
    averagings: sum(deals.map((deal) => deal.averagings)),
    fills: result.fills.length,
    turnover,
    longestDealHours: hours.reduce((most, one) => Math.max(most, one), 0),
    averageDealHours: hours.length === 0 ? 0 : sum(hours) / hours.length,
  };
}

/** Sharpe and Sortino of the sampled equity, per year, against a riskless rate of zero. Null without variation. */
function riskRatios(
  samples: Float64Array,
  sampleMs: number,
): { sharpe: number | null; sortino: number | null } {
  const returns: number[] = [];
  for (let i = 1; i < samples.length; i++) returns.push((samples[i] ?? 0) / (samples[i - 1] ?? 1) - 1);
  if (returns.length < 2) return { sharpe: null, sortino: null };
  const mean = sum(returns) / returns.length;
  const spread = Math.sqrt(sum(returns.map((one) => (one - mean) ** 2)) / (returns.length - 1));
  const downside = Math.sqrt(sum(returns.map((one) => Math.min(one, 0) ** 2)) / returns.length);
  const perYear = Math.sqrt((365.25 * 86_400_000) / sampleMs);
  return {
    sharpe: spread === 0 ? null : (mean / spread) * perYear,
    sortino: downside === 0 ? null : (mean / downside) * perYear,
  };
}

/** Sum of gains over sum of losses; null when nothing was lost. */
function profitFactor(gains: readonly number[]): number | null {
  const lost = sum(gains.filter((gain) => gain < 0));
  return lost === 0 ? null : sum(gains.filter((gain) => gain > 0)) / -lost;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
