/** What the printed link leads to until there is a dashboard: what runs, in words, and what to do next. */
import { createHash } from 'node:crypto';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}' +
  'h1{font-size:1.5rem}.paper{display:inline-block;border:2px solid;padding:0 .5rem;font-weight:600}' +
  'pre{background:#f2f2f2;padding:.75rem;overflow:auto}dt{font-weight:600}dd{margin:0 0 .5rem}' +
  '@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}pre{background:#262626}}';

const styleHash = createHash('sha256').update(STYLE).digest('base64');

/** The page loads nothing and runs nothing; its one style is named by its hash. */
export const homePagePolicy =
  `default-src 'none'; style-src 'sha256-${styleHash}'; ` +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** `parts` are the states of `/healthz`: names and words of ours, so nothing needs escaping. */
export function homePage(parts: Readonly<Record<string, string>>): string {
  const rows = Object.entries(parts)
    .map(([name, state]) => `<dt>${name}</dt><dd>${state}</dd>`)
    .join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Counterfoil</title>
<style>${STYLE}</style></head>
<body>
<h1>Counterfoil runs on this machine</h1>
<p><span class="paper">PAPER</span> Simulated money on the built-in exchange.
There is no dashboard yet: orders come from the command line.</p>
<dl>${rows}</dl>
<h2>Place an order</h2>
<pre>npx counterfoil order buy 0.001 BTCUSDT</pre>
<p>It goes through ledger, vault, log and exchange, and writes a receipt into a file.</p>
<h2>Check its receipt</h2>
<pre>npx counterfoil verify receipt CLIENT-ORDER-ID.tlog-proof</pre>
<p>The check asks nobody. Change one byte of the file, and it fails at a named check.</p>
</body>
</html>
`;
}
