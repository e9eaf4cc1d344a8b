import { textChart } from './chart.ts';
import type { Report } from './report.ts';
import { measureRows, sensitivityRows } from './rows.ts';
import { day, plainPercent } from './words.ts';

const CHART_ROWS = 8;
const LABEL_WIDTH = 30;

/** The report as lines for a terminal of `columns`. */
export function terminalReport(report: Report, columns: number): string {
  const { coverage, market } = report;
  const rows = (pairs: readonly (readonly [string, string])[]): string[] =>
    pairs.map(([label, value]) => `  ${label.padEnd(LABEL_WIDTH)}${value}`);
  const bullets = (sentences: readonly string[]): string[] => sentences.map((sentence) => `  · ${sentence}`);
  return [
    `${report.bot.toUpperCase()} bot on ${market.symbol}, ${day(coverage.fromS)} to ${day(coverage.toS)} UTC`,
    '',
    ...textChart(report.equity, Math.max(20, columns - 4), CHART_ROWS).map((line) => `  ${line}`),
    `  worth of the account in ${market.quote}, ${Math.min(...report.equity).toFixed(0)} to ${Math.max(...report.equity).toFixed(0)}`,
    '',
    ...rows(measureRows(report)),
    '',
    'Sensitivity: profit by the assumed order of prices inside a candle',
    ...rows(sensitivityRows(report)),
    '',
    'Data',
    ...rows([
      ['Source', report.source],
      ['Candles', `${coverage.rows} of ${coverage.expected} (${plainPercent(coverage.share)})`],
      ['Gaps', `${coverage.gaps}, ${coverage.missing} candles missing`],
      ...coverage.largest.map((gap): [string, string] => [
        `  ${gap.missing} missing`,
        `${day(gap.fromS)} to ${day(gap.toS)}`,
      ]),
    ]),
    '',
    'Assumptions',
    ...bullets(report.assumptions),
    ...(report.warnings.length === 0 ? [] : ['', 'Before you trust this', ...bullets(report.warnings)]),
    '',
    `${report.candles} candles in ${report.elapsedMs.toFixed(1)} ms`,
    '',
  ].join('\n');
}
