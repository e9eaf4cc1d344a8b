import { equityChart } from './html-chart.ts';
import type { Report } from './report.ts';
import { dataRows, measureRows, type Row, sensitivityRows, sensitivityTitle } from './rows.ts';
import { amount, count, day, money, percent, plainPercent } from './words.ts';

/** Deals that the page lists; the JSON report has all. */
const DEALS_SHOWN = 200;

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif;
  --ink: light-dark(#1b1f24, #e6e8eb); --soft: light-dark(#5b6570, #9aa4af); --line: light-dark(#d9dee3, #343b43);
  --page: light-dark(#ffffff, #14171a); --box: light-dark(#f5f7f9, #1c2126); --warn: light-dark(#8a5a00, #e0b050);
  --curve: light-dark(#1f6feb, #6aa5ff); }
body { max-width: 960px; margin: 2rem auto 4rem; padding: 0 1rem; color: var(--ink); background: var(--page); }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2rem 0 0.25rem; }
.soft { color: var(--soft); } .scroll { overflow-x: auto; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 0.75rem;
  margin: 1.25rem 0; }
.tile { background: var(--box); border-radius: 8px; padding: 0.6rem 0.9rem; }
.tile b { display: block; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.warn { border-left: 4px solid var(--warn); background: var(--box); padding: 0.5rem 1rem; border-radius: 0 8px 8px 0; }
.warn h2 { margin-top: 0; } ul { margin: 0.25rem 0; padding-left: 1.2rem; }
figure { margin: 1rem 0; } svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--soft); font-size: 12px; } svg line { stroke: var(--line); }
/* There the text of the picture would be too small to read; the caption says the same. */
@media (max-width: 600px) { svg text { display: none; } }
polyline { fill: none; stroke: var(--curve); stroke-width: 1.75; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.2rem 1rem 0.2rem 0; font-weight: normal; border-bottom: 1px solid var(--line); }
td:not(:first-child) { text-align: right; padding-right: 0; } .deals td { padding-right: 1rem; white-space: nowrap; }
.deals thead th:not(:first-child) { text-align: right; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(340px, 1fr)); gap: 0 2.5rem; }
`;

/** The report as one file: no script, no outside resource, so it can be kept and shown anywhere. */
export function htmlReport(report: Report): string {
  const { coverage, market, measures } = report;
  const title = `${report.bot.toUpperCase()} bot on ${market.symbol}`;
  const tiles: readonly Row[] = [
    ['Profit, fees paid', money(measures.profit, market.quote)],
    ['of the account', percent(measures.profitRate)],
    ['Largest drawdown', percent(-measures.drawdownRate)],
    [`${market.base} held instead`, percent(measures.holdRate)],
    ['Time in the market', report.isTrades ? '–' : plainPercent(measures.exposure)],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(title)}</h1>
<div class="soft">Backtest over ${escape(report.source)}, ${day(coverage.fromS)} to ${day(coverage.toS)} UTC</div>
<div class="tiles">${tiles.map(tile).join('')}</div>
${warnings(report.warnings)}
<figure>
${equityChart(report)}
<figcaption class="soft">Worth of the account, ${worthRange(report)}</figcaption>
</figure>
<div class="pair">
<section><h2>Result</h2>${table(measureRows(report))}</section>
<section><h2>Sensitivity</h2>
<div class="soft">${escape(sentence(sensitivityTitle(report)))} It shows how much depends on what candles do not
tell, and is no confidence interval.</div>
${table(sensitivityRows(report))}
<h2>Data</h2>${table(dataRows(report))}</section>
</div>
<h2>Assumptions</h2>
${list(report.assumptions)}
<h2>Settings, defaults included</h2>
${table(report.settings)}
${report.deals.length === 0 ? '' : `<h2>Deals</h2>\n${dealTable(report)}`}
</body>
</html>
`;
}

function worthRange({ equity, market }: Report): string {
  return escape(`${amount(Math.min(...equity), '').trim()} to ${amount(Math.max(...equity), market.quote)}`);
}

function tile([label, value]: Row): string {
  return `<div class="tile"><span class="soft">${escape(label)}</span><b>${escape(value)}</b></div>`;
}

function warnings(sentences: readonly string[]): string {
  return sentences.length === 0
    ? ''
    : `<div class="warn"><h2>Before you trust this</h2>${list(sentences)}</div>`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(([label, value]) => `<tr><th>${escape(label)}</th><td>${escape(value)}</td></tr>`);
  return `<div class="scroll"><table>\n${lines.join('\n')}\n</table></div>`;
}

function list(sentences: readonly string[]): string {
  return `<ul>\n${sentences.map((one) => `<li>${escape(one)}</li>`).join('\n')}\n</ul>`;
}

function dealTable(report: Report): string {
  const heads = ['Deal', 'Began (UTC)', 'Ended (UTC)', 'Why', 'Averagings', `Profit, ${report.market.quote}`];
  const rows = report.deals.slice(-DEALS_SHOWN).map((deal) => {
    const cells = [
      String(deal.deal),
      day(deal.startedAtMs / 1_000),
      day(deal.endedAtMs / 1_000),
      deal.why,
      String(deal.averagings),
      money(Number(deal.profit) * report.unit, '').trim(),
    ];
    return `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`;
  });
  const left = report.deals.length - rows.length;
  const more = left > 0 ? `<p class="soft">${count(left)} earlier deals are in the JSON report.</p>` : '';
  const head = `<thead><tr>${heads.map((one) => `<th>${escape(one)}</th>`).join('')}</tr></thead>`;
  return `<div class="scroll"><table class="deals">\n${head}\n<tbody>\n${rows.join('\n')}\n</tbody></table></div>${more}`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
