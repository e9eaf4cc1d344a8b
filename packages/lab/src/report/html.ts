import type { Report } from './report.ts';
import { measureRows, sensitivityRows } from './rows.ts';
import { day, plainPercent } from './words.ts';

const WIDTH = 900;
const HEIGHT = 220;
/** Deals that the page lists; the JSON report has all. */
const DEALS_SHOWN = 200;

/** The report as one file: no script, no outside resource, so it can be kept and shown anywhere. */
export function htmlReport(report: Report): string {
  const { coverage, market } = report;
  const title = `${report.bot.toUpperCase()} bot on ${market.symbol}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 960px; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.15rem 1.5rem 0.15rem 0; font-weight: normal; vertical-align: top; }
td:not(:first-child) { text-align: right; }
svg { width: 100%; height: auto; } polyline { fill: none; stroke: currentColor; stroke-width: 1.5; }
.note { opacity: 0.75; }
</style>
</head>
<body>
<h1>${escape(title)}</h1>
<p class="note">${escape(report.source)}, ${day(coverage.fromS)} to ${day(coverage.toS)} UTC</p>
<figure>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Worth of the account over time">
<polyline points="${points(report.equity)}"/>
</svg>
<figcaption class="note">Worth of the account in ${escape(market.quote)}, ${rangeOf(report.equity)}</figcaption>
</figure>
<h2>Result</h2>
${table(measureRows(report))}
<h2>Sensitivity</h2>
<p>Profit by the assumed order of prices inside a candle. This is not a confidence interval.</p>
${table(sensitivityRows(report))}
${report.warnings.length === 0 ? '' : `<h2>Before you trust this</h2>\n${list(report.warnings)}`}
<h2>Assumptions</h2>
${list(report.assumptions)}
<h2>Data</h2>
${table([
  ['Candles', `${coverage.rows} of ${coverage.expected} (${plainPercent(coverage.share)})`],
  ['Gaps', `${coverage.gaps}, ${coverage.missing} candles missing`],
  ...coverage.largest.map((gap): [string, string] => [
    `${gap.missing} missing`,
    `${day(gap.fromS)} to ${day(gap.toS)}`,
  ]),
])}
<h2>Settings</h2>
${table(report.settings)}
<h2>Deals</h2>
${dealTable(report)}
</body>
</html>
`;
}

function rangeOf(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
}

function points(values: readonly number[]): string {
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  return values
    .map((value, i) => {
      const x = (i / Math.max(1, values.length - 1)) * WIDTH;
      const y = HEIGHT - 10 - ((value - low) / span) * (HEIGHT - 20);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}

function table(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([label, value]) => `<tr><th>${escape(label)}</th><td>${escape(value)}</td></tr>`);
  return `<table>\n${lines.join('\n')}\n</table>`;
}

function list(sentences: readonly string[]): string {
  return `<ul>\n${sentences.map((sentence) => `<li>${escape(sentence)}</li>`).join('\n')}\n</ul>`;
}

function dealTable(report: Report): string {
  const head =
    '<tr><th>Deal</th><th>Started</th><th>Ended</th><th>Why</th><th>Averagings</th><th>Profit</th></tr>';
  const rows = report.deals.slice(-DEALS_SHOWN).map((deal) => {
    const profit = (Number(deal.profit) / 1e8).toFixed(4);
    const cells = [
      String(deal.deal),
      day(deal.startedAtMs / 1_000),
      day(deal.endedAtMs / 1_000),
      deal.why,
      String(deal.averagings),
      profit,
    ];
    return `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`;
  });
  const left = report.deals.length - rows.length;
  const more = left > 0 ? `<p class="note">${left} earlier deals are in the JSON report.</p>` : '';
  return `<table>\n${head}\n${rows.join('\n')}\n</table>${more}`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
