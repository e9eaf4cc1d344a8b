import type { PathRule } from '@counterfoil/engine/fills';
import type { Report } from './report.ts';
import { amount, count, day, duration, money, percent, plainPercent, ratio } from './words.ts';

/** A label and what it says. */
export type Row = readonly [label: string, value: string];

/** The figures as labelled rows, the same in the terminal and in HTML. */
export function measureRows(report: Report): readonly Row[] {
  const { measures, market, isTrades } = report;
  const { quote, base } = market;
  const rounds = report.bot === 'grid' ? 'Round trips' : 'Deals closed';
  const rows: Row[] = [
    ['Profit, fees paid', `${money(measures.profit, quote)}  (${percent(measures.profitRate)})`],
    [report.bot === 'grid' ? '  of round trips' : '  of closed deals', money(measures.realised, quote)],
    [`Buying ${base} and holding`, percent(measures.holdRate)],
    ['Fees', money(-measures.fees, quote)],
    ['Largest drawdown', `${money(-measures.drawdown, quote)}  (${percent(-measures.drawdownRate)})`],
    [isTrades ? 'Trades seen with a position' : 'Time in the market', plainPercent(measures.exposure)],
  ];
  if (!isTrades)
    rows.push(['Sharpe / Sortino (per year)', `${ratio(measures.sharpe)} / ${ratio(measures.sortino)}`]);
  rows.push(
    ['Gains ÷ losses', measures.profitFactor === null ? 'no losses' : ratio(measures.profitFactor)],
    [`${rounds}, won`, `${count(measures.deals)}, ${count(measures.wins)}`],
  );
  if (report.bot === 'dca') rows.push(['Averaging orders filled', count(measures.averagings)]);
  rows.push(['Fills, turnover', `${count(measures.fills)}, ${amount(measures.turnover, quote)}`]);
  if (report.bot !== 'grid')
    rows.push([
      'Deal length, mean / longest',
      `${duration(measures.averageDealHours)} / ${duration(measures.longestDealHours)}`,
    ]);
  return rows;
}

const RULES: Record<PathRule, string> = {
  adaptive: 'nearer extreme first',
  'low-first': 'low first',
  'high-first': 'high first',
  'close-only': 'closes alone',
};

/** What the sensitivity is about, in one sentence. */
export function sensitivityTitle({ isTrades }: Report): string {
  return isTrades
    ? 'what one-minute candles of these trades would have said, by the assumed order of prices inside a candle'
    : 'profit by the assumed order of prices inside a candle';
}

/** Profit by rule and the band of them, which holds the assumed rule itself; for trades, the replay first. */
export function sensitivityRows(report: Report): readonly Row[] {
  const { quote } = report.market;
  const profits = Object.values(report.sensitivity);
  const [least, most] = [Math.min(...profits), Math.max(...profits)];
  const rows: Row[] = (Object.keys(RULES) as PathRule[]).map((rule) => [
    RULES[rule],
    `${money(report.sensitivity[rule], quote)}${!report.isTrades && rule === report.path ? '  ← this report' : ''}`,
  ]);
  const band: Row = ['band of all four', `${money(least, '').trim()} to ${money(most, quote)}`];
  if (!report.isTrades) return [...rows, band];
  const { profit } = report.measures;
  const holds = profit >= least && profit <= most ? 'inside the band' : 'outside the band';
  return [['trade by trade', `${money(profit, quote)}  ← this report, ${holds}`], ...rows, band];
}

/** Where the data came from and what it lacks. */
export function dataRows(report: Report): readonly Row[] {
  const { coverage, isTrades } = report;
  const silence: Row = ['Longest silence', `${count(report.longestSilenceS)} s`];
  if (isTrades) return [['Source', report.source], ['Trades', count(coverage.rows)], silence];
  return [
    ['Source', report.source],
    ['Candles', `${count(coverage.rows)} of ${count(coverage.expected)} (${plainPercent(coverage.share)})`],
    [
      'Gaps',
      coverage.gaps === 0 ? 'none' : `${count(coverage.gaps)}, ${count(coverage.missing)} candles missing`,
    ],
    ...coverage.largest.map((gap): Row => [
      `  ${count(gap.missing)} missing`,
      `between ${day(gap.fromS)} and ${day(gap.toS)}`,
    ]),
  ];
}
