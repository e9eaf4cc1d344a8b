import { textChart } from './chart.ts';
import type { Report } from './report.ts';
import { dataRows, measureRows, type Row, sensitivityRows, sensitivityTitle } from './rows.ts';
import { amount, count, day, wrapped } from './words.ts';

const CHART_ROWS = 8;
const LABEL_WIDTH = 30;
/** Settings side by side: they are many and short. */
const SETTING_WIDTH = 38;

/** The report as lines for a terminal of `columns`. */
export function terminalReport(report: Report, columns: number): string {
  const { coverage, market } = report;
  const rows = (pairs: readonly Row[]): string[] =>
    pairs.map(([label, value]) => `  ${label.padEnd(LABEL_WIDTH)}${value}`);
  const bullets = (sentences: readonly string[]): string[] =>
    sentences.flatMap((sentence) =>
      wrapped(sentence, columns - 4).map((line, n) => `  ${n === 0 ? '·' : ' '} ${line}`),
    );
  const what = report.isTrades ? 'trades' : 'candles';
  const [least, most] = [Math.min(...report.equity), Math.max(...report.equity)];
  return [
    `${report.bot.toUpperCase()} bot on ${market.symbol}, ${day(coverage.fromS)} to ${day(coverage.toS)} UTC`,
    '',
    ...textChart(report.equity, Math.max(20, columns - 4), CHART_ROWS).map((line) => `  ${line}`),
    `  worth of the account, from ${amount(least, '').trim()} (bottom) to ${amount(most, market.quote)} (top)`,
    '',
    ...rows(measureRows(report)),
    ...(report.warnings.length === 0 ? [] : ['', 'Before you trust this', ...bullets(report.warnings)]),
    '',
    ...wrapped(`Sensitivity: ${sensitivityTitle(report)}`, columns),
    ...rows(sensitivityRows(report)),
    ...bullets(['How much the answer depends on what candles do not tell. It is no confidence interval.']),
    '',
    'Data',
    ...rows(dataRows(report)),
    '',
    'Settings, defaults included',
    ...sideBySide(report.settings, columns),
    '',
    'Assumptions',
    ...bullets(report.assumptions),
    '',
    `${count(report.candles)} ${what} in ${report.elapsedMs.toFixed(1)} ms`,
    '',
  ].join('\n');
}

function sideBySide(settings: readonly Row[], columns: number): string[] {
  const each = Math.max(1, Math.floor((columns - 2) / SETTING_WIDTH));
  const cells = settings.map(([name, value]) => `--${name} ${value}`.padEnd(SETTING_WIDTH));
  return Array.from({ length: Math.ceil(cells.length / each) }, (_, line) =>
    `  ${cells.slice(line * each, (line + 1) * each).join('')}`.trimEnd(),
  );
}
