// The dashboard in headless Chromium: first load, 50,000 candles beside a bare chart, ticks, memory.
// Run: node benches/web.ts [--quick]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CDPSession, Page } from 'playwright-core';
import { launchBrowser, newPerson, noBrowser } from '../e2e/_browser.ts';
import { Installation } from '../e2e/_installation.ts';
import { manyCandles } from '../e2e/_many-candles.ts';
import { watchPage } from './web/watch-page.ts';

const quick = process.argv.includes('--quick');
const ROUNDS = quick ? 3 : 9;
const TICKS = quick ? 30 : 200;
const CANDLES = 50_000;
const HOUR_OF_TICKS = 3_600 * 4;
const BARE = '/bare-chart.html';

/** A page with nothing but the chart library and the same candles. */
const barePage = `<!doctype html><div id="chart" style="width:900px;height:380px"></div><script type="module">
import { createChart, CandlestickSeries } from '/bare-library.mjs';
const answer = await (await fetch('/api/v1/markets/BTCUSDT/candles?timeframe=1m&limit=50000')).json();
const series = createChart(document.getElementById('chart'), { autoSize: true }).addSeries(CandlestickSeries);
series.setData(answer.t.map((t, at) => ({ time: t / 1000, open: Number(answer.open[at]), high: Number(answer.high[at]),
  low: Number(answer.low[at]), close: Number(answer.close[at]) })));
</script>`;

if (noBrowser !== false) throw new Error(noBrowser);
const installation = await Installation.start('product', undefined, { presets: true });
const browser = await launchBrowser();
try {
  const origin = `http://localhost:${installation.port}`;
  const candles = JSON.stringify(manyCandles(CANDLES, Date.now()));
  const library = readFileSync(
    join(
      import.meta.dirname,
      '../node_modules/lightweight-charts/dist/lightweight-charts.standalone.production.mjs',
    ),
  );

  const fresh = async (language: 'en' | 'de' = 'en'): Promise<{ page: Page; cdp: CDPSession }> => {
    const { page, context } = await newPerson(browser, { origin, language });
    await page.addInitScript(watchPage);
    await page.route('**/candles?**', (route) =>
      route.fulfill({ contentType: 'application/json', body: candles }),
    );
    await page.route(`**${BARE}`, (route) => route.fulfill({ contentType: 'text/html', body: barePage }));
    await page.route('**/bare-library.mjs', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: library }),
    );
    return { page, cdp: await context.newCDPSession(page) };
  };

  const inEnglish = await bytesOfFirstLoad((await fresh()).page);
  // With the server's sentences in its dictionary, which English has not.
  const inGerman = await bytesOfFirstLoad((await fresh('de')).page);
  const largest: number[] = [];
  const ours: number[] = [];
  const whole: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const home = await fresh();
    await home.page.goto('/');
    await home.page.getByRole('link', { name: 'Demo DCA BTC' }).waitFor();
    largest.push(await home.page.evaluate('window.watched.largestMs'));
    await home.page.getByRole('link', { name: 'Demo DCA BTC' }).click();
    ours.push(await candlesPainted(home.page));
    whole.push(await home.page.evaluate(`window.watched.candlesWhole(${CANDLES})`));
    await home.page.context().close();
    const plain = await fresh();
    await plain.page.goto(BARE);
    bare.push(await candlesPainted(plain.page));
    await plain.page.context().close();
  }

  const live = await fresh();
  await live.page.goto('/');
  await live.page.getByRole('link', { name: 'Demo DCA BTC' }).click();
  await candlesPainted(live.page);
  const ticks: number[] = [];
  for (let tick = 0; tick < TICKS; tick++) {
    ticks.push(await live.page.evaluate(`window.watched.tick(${62_000 + (tick % 7)})`));
  }
  await live.page.evaluate(`window.watched.flood(${HOUR_OF_TICKS})`);
  await live.cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await live.cdp.send('Runtime.getHeapUsage');

  const figures = {
    first_load_kb_gz: kilobytes(Math.max(inEnglish, inGerman)),
    chart_50k_ms: Math.round(median(ours)),
    chart_50k_whole_ms: Math.round(median(whole)),
    lcp_ms: Math.round(median(largest)),
    tick_to_paint_p95_ms: Number(
      (ticks.toSorted((a, b) => a - b)[Math.floor(ticks.length * 0.95)] ?? 0).toFixed(1),
    ),
    heap_mb_after_1h_of_ticks: Number((usedSize / 1_048_576).toFixed(1)),
    chart_vs_bare: Number((median(ours) / median(bare)).toFixed(2)),
    bare_chart_ms: Math.round(median(bare)),
  };
  console.log(
    `first load      ${kilobytes(inEnglish)} kB gzip in English, ${kilobytes(inGerman)} in German (goal 150)`,
  );
  console.log(
    `50,000 candles  ${figures.chart_50k_ms} ms from answer to a screen of them painted, bare chart ${figures.bare_chart_ms} ms`,
  );
  console.log(
    `                ${figures.chart_50k_whole_ms} ms from answer until all of them are in the chart, and painted again`,
  );
  console.log(`largest paint   ${figures.lcp_ms} ms`);
  console.log(`tick to paint   p95 ${figures.tick_to_paint_p95_ms} ms`);
  console.log(`heap            ${figures.heap_mb_after_1h_of_ticks} MB after ${HOUR_OF_TICKS} ticks`);
  console.log(JSON.stringify(figures));
} finally {
  await browser.close();
  await installation.stop();
  installation.remove();
}

async function candlesPainted(page: Page): Promise<number> {
  return page.evaluate('window.watched.candlesPainted()');
}

/** What the first page needs before it can be used, as a server that compresses would send it. */
async function bytesOfFirstLoad(page: Page): Promise<number> {
  let bytes = 0;
  const bodies: Promise<void>[] = [];
  page.on('response', (response) => {
    if (!/\.(?:js|css)$|\/$/u.test(new URL(response.url()).pathname)) return;
    bodies.push(response.body().then((body) => void (bytes += gzipSync(body).length)));
  });
  await page.goto('/');
  await page.getByRole('link', { name: 'Demo DCA BTC' }).waitFor();
  await Promise.all(bodies);
  await page.context().close();
  return bytes;
}

function kilobytes(bytes: number): number {
  return Number((bytes / 1_024).toFixed(1));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
