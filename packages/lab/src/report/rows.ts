import type { Report } from './report.ts';
import { amount, money, percent, plainPercent, ratio } from './words.ts';

/** The figures as labelled rows, the same in the terminal and in HTML. */
export function measureRows(report: Report): readonly (readonly [string, string])[] {
  const { measures, market } = report;
  const { quote } = market;
  return [
    ['Profit, fees paid', `${money(measures.profit, quote)}  (${percent(measures.profitRate)})`],
    ['  of closed deals', money(measures.realised, quote)],
    ['Holding instead', percent(measures.holdRate)],
    ['Fees', money(-measures.fees, quote)],
    ['Largest drawdown', `${money(-measures.drawdown, quote)}  (${percent(-measures.drawdownRate)})`],
    ['Time in the market', plainPercent(measures.exposure)],
    ['Sharpe / Sortino (per year)', `${ratio(measures.sharpe)} / ${ratio(measures.sortino)}`],
    ['Profit factor', ratio(measures.profitFactor)],
    ['Deals closed, won', `${measures.deals}, ${measures.wins}`],
    ['Averaging orders or trips', String(measures.averagings)],
    ['Fills, turnover', `${measures.fills}, ${amount(measures.turnover, quote)}`],
    [
      'Deal length, mean / longest',
      `${measures.averageDealHours.toFixed(1)} h / ${measures.longestDealHours.toFixed(1)} h`,
    ],
  ];
}

export function sensitivityRows(report: Report): readonly (readonly [string, string])[] {
  const { quote } = report.market;
  return Object.entries(report.sensitivity).map(([rule, profit]) => [rule, money(profit, quote)]);
}
