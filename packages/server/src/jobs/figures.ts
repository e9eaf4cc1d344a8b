/** A run's figures as the API writes them. Statistics, not money: rounded decimals. */
import type { BacktestResult, TestFigures } from '@counterfoil/api';
import type { BacktestResult as Run } from '@counterfoil/engine';
import { assumptionsOf } from '@counterfoil/engine/fills';
import { closedDeals, type Measures, measure } from '@counterfoil/lab';
import { formatAmount, formatPrice, formatQuantity } from '@counterfoil/vocabulary';
import { type Told, told, toldOf } from '../sayings/tell.ts';
import type { Bench } from './bench.ts';

/** Rows of a result that a page can show; a test with more has lost its shape long before. */
const ROWS_MAX = 5_000;
const PERCENT_DIGITS = 4;

export function figuresOf(measures: Measures): TestFigures {
  return {
    profitPercent: decimalOf(measures.profitRate * 100, PERCENT_DIGITS),
    holdPercent: decimalOf(measures.holdRate * 100, PERCENT_DIGITS),
    drawdownPercent: decimalOf(measures.drawdownRate * 100, PERCENT_DIGITS),
    deals: measures.deals,
    wins: measures.wins,
    fees: decimalOf(measures.fees, 8),
  };
}

export function resultOf(bench: Bench, run: Run<unknown>, warnings: readonly Told[]): BacktestResult {
  const { market, candles, model } = bench;
  const deals = closedDeals(run.notes);
  const { samples, sampleRows } = run.equity;
  const said = [...warnings];
  for (const [what, count] of [
    ['deals', deals.length],
    ['fills', run.fills.length],
  ] as const) {
    if (count > ROWS_MAX) said.push(told('rows-cut', { rowsOf: what, total: count, shown: ROWS_MAX }));
  }
  return {
    kind: 'backtest',
    figures: figuresOf(measure(run, candles, market)),
    quote: market.quote,
    equity: Array.from(samples, (worth, n) => ({
      t: (candles.openedAtS[n * sampleRows] ?? 0) * 1_000 + candles.stepMs,
      value: decimalOf(Math.max(0, worth * 10 ** -market.quoteScale), 8),
    })),
    deals: deals.slice(-ROWS_MAX).map((deal) => ({
      startedAt: new Date(deal.startedAtMs).toISOString(),
      endedAt: new Date(deal.endedAtMs).toISOString(),
      why: deal.why,
      profit: formatAmount(market, deal.profit),
      entered: formatAmount(market, deal.entered),
      averagings: deal.averagings,
    })),
    fills: run.fills.slice(-ROWS_MAX).map(({ order, fill }) => ({
      at: new Date(fill.atMs).toISOString(),
      side: fill.side,
      price: formatPrice(market, fill.price),
      quantity: formatQuantity(market, fill.quantity),
      order,
    })),
    assumptions: assumptionsOf(model).map(toldOf),
    warnings: said,
  };
}

/** A plain decimal without needless zeros. */
export function decimalOf(value: number, digits: number): string {
  const text = value.toFixed(digits).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text;
}
