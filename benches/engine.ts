// The backtester beside a hand-written loop over typed arrays and beside what npm offers, on the same candles.
// Times are processor times, the medians of several runs. Run: node benches/engine.ts [--quick]
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Candles,
  candlesOf,
  ConditionSeries,
  type DcaOptions,
  dcaMachine,
  type GridOptions,
  gridMachine,
  type Machine,
  runBacktest,
  runDcaShortcuts,
  slice,
} from '@counterfoil/engine';
import { defaultFillModel } from '@counterfoil/engine/fills';
import { loadCandles } from '@counterfoil/lab';
import {
  type Amount,
  assetCode,
  type Market,
  type Price,
  type Quantity,
  type Rate,
  venueId,
  venueSymbol,
} from '@counterfoil/vocabulary';
import { firstProgressMs, type TimedCommand } from './engine/first-progress.ts';
import { dcaLoop } from './engine/loop.ts';
import { cpuMs, type PlainCandle, runFramework, runGradeMark } from './engine/peers.ts';

const quick = process.argv.includes('--quick');
const REPEATS = quick ? 9 : 25;
const PEER_ROWS = quick ? 50_000 : 200_000;
/** As many as a worker of a sweep gets at once, at most. */
const TOGETHER = 64;
const data = join(
  import.meta.dirname,
  '../../shared/data/market/bitfinex-1m/BTC_USD_1m_2020-03_2021-02.csv.gz',
);

const candles = existsSync(data) ? await realCandles() : walk(500_000);
const market = btcMarket();
const conditions = new ConditionSeries(candles, market);
const model = { ...defaultFillModel, volumeSharePpm: null, halfSpreadPpm: 0, slippagePpm: 0 };
const money = { quote: usd(10_000), base: 0n as Quantity };
const n = candles.length;
console.log(
  `${n} candles of one minute${existsSync(data) ? '' : ' (a random walk: the data folder is absent)'}\n`,
);

const dca = dcaOptions('1', '1.2');
const loop = (): void => void dcaLoop(candles, loopSettings(1, 1.2));
const limit = rate('hand-written loop, DCA with equity and drawdown', n, loop);
const { perSecond: shortcut, ofLimit: shortcutOfLimit } = rateBesideLoop(
  'DCA, shortcut, equity and drawdown',
  n,
  () => void runDcaShortcuts({ market, candles, model, conditions, ...money }, [dca]),
);
const machine = rate('DCA, machine, equity, drawdown, every note', n, () => run(dcaMachine, dca, 'jump'));
const plain = rate('DCA, machine, every candle walked', n, () => run(dcaMachine, dca, 'every-candle'), 3);
const grid = rate('grid of 20 lines, machine', n, () => run(gridMachine, gridOptions(), 'jump'), 5);
const cross = smaOptions();
const smaMachine = rate('SMA 10/30 cross, machine', n, () => run(dcaMachine, cross, 'jump'), 3);
// The peers compute their averages within their time, so both are computed afresh here too.
const sma = rate('SMA 10/30 cross, shortcut, averages included', n, () => {
  const fresh = new ConditionSeries(candles, market);
  const [result = null] = runDcaShortcuts({ market, candles, model, conditions: fresh, ...money }, [cross]);
  if (result === null) throw new Error('declined');
});

// Twenty distances by ten targets; the quick run takes every second of each row, so that both cover the same ranges.
const configurations = Array.from({ length: 200 }, (_, i) =>
  dcaOptions(String(0.6 + (i % 20) * 0.12), String(0.8 + Math.floor(i / 20) * 0.2)),
).filter((_, i) => !quick || i % 2 === 0);
const { perSecond: sweep, ofLimit: sweepOfLimit } = rateBesideLoop(
  `sweep of ${configurations.length} DCA configurations, one thread`,
  n * configurations.length,
  () => {
    for (let from = 0; from < configurations.length; from += TOGETHER) {
      const bots = configurations.slice(from, from + TOGETHER);
      const results = runDcaShortcuts({ market, candles, model, conditions, ...money }, bots);
      if (results.includes(null)) throw new Error('declined');
    }
  },
  quick ? 7 : 15,
);

const peerCandles = plainCandles(slice(candles, 0, PEER_ROWS));
const gradeMarkRate = (PEER_ROWS / median(3, () => runGradeMark(peerCandles).ms)) * 1_000;
show('grademark 0.3.0, SMA cross, no fees', gradeMarkRate);
const frameworkSma = (PEER_ROWS / (await runFramework(peerCandles, 'sma')).ms) * 1_000;
show('@backtest/framework 1.1.18, SMA cross', frameworkSma);
const frameworkDca = (PEER_ROWS / (await runFramework(peerCandles, 'dca')).ms) * 1_000;
show('@backtest/framework 1.1.18, DCA', frameworkDca);
const firstMs = existsSync(data) ? await firstProgress() : null;

const bytesPerCandle =
  (candles.openedAtS.byteLength + 5 * candles.open.byteLength + candles.pyramid.bytes) / n;
console.log(`\n${bytesPerCandle.toFixed(1)} bytes per candle with the pyramid`);

const vsPeers = {
  dca: shortcut / frameworkDca,
  dca_machine: machine / frameworkDca,
  sma: sma / Math.max(gradeMarkRate, frameworkSma),
};
console.log(
  JSON.stringify({
    candles_per_s: Math.round(shortcut),
    candles_equity_per_s: Math.round(shortcut),
    machine_candles_per_s: Math.round(machine),
    walked_candles_per_s: Math.round(plain),
    grid_candles_per_s: Math.round(grid),
    sma_candles_per_s: Math.round(sma),
    sma_machine_candles_per_s: Math.round(smaMachine),
    limit_candles_per_s: Math.round(limit),
    sweep_candle_configs_per_s: Math.round(sweep),
    bytes_per_candle: round(bytesPerCandle),
    vs_best_js_peer: round(Math.min(vsPeers.dca, vsPeers.sma)),
    vs_best_js_peer_dca: round(vsPeers.dca),
    vs_best_js_peer_dca_machine: round(vsPeers.dca_machine),
    vs_best_js_peer_sma: round(vsPeers.sma),
    vs_limit: round(shortcutOfLimit),
    machine_vs_limit: round(machine / limit),
    sweep_vs_limit: round(sweepOfLimit),
    first_progress_ms: firstMs,
    peers: {
      grademark_sma: Math.round(gradeMarkRate),
      framework_sma: Math.round(frameworkSma),
      framework_dca: Math.round(frameworkDca),
    },
  }),
);

function run<Options, State, Command>(
  bot: Machine<Options, State, Command>,
  options: Options,
  pace: 'jump' | 'every-candle',
): void {
  runBacktest({ machine: bot, options, market, candles, conditions, model, ...money, pace });
}

function rate(what: string, rows: number, work: () => void, repeats = REPEATS): number {
  // Warm: a sweep or a page with a live preview runs the same code thousands of times.
  for (let i = 0; i < repeats; i++) work();
  const ms = median(repeats, () => cpuMsOf(work));
  const perSecond = (rows / ms) * 1_000;
  show(what, perSecond);
  return perSecond;
}

/**
 * The same, and how many times the loop's rate it is: both take turns, so that whatever else the machine does meanwhile
 * slows both.
 */
function rateBesideLoop(
  what: string,
  rows: number,
  work: () => void,
  repeats = REPEATS,
): { perSecond: number; ofLimit: number } {
  for (let i = 0; i < repeats; i++) work();
  const [ours, loops]: [number[], number[]] = [[], []];
  for (let i = 0; i < repeats; i++) {
    loops.push(cpuMsOf(loop));
    ours.push(cpuMsOf(work));
  }
  const perSecond = (rows / middle(ours)) * 1_000;
  show(what, perSecond);
  return { perSecond, ofLimit: rows / middle(ours) / (n / middle(loops)) };
}

function cpuMsOf(work: () => void): number {
  const begun = cpuMs();
  work();
  return cpuMs() - begun;
}

/** The median of several processes each, in milliseconds. */
async function firstProgress(): Promise<Record<TimedCommand, number>> {
  const result = { backtest: 0, optimise: 0 };
  for (const command of ['backtest', 'optimise'] as const) {
    const times: number[] = [];
    for (let i = 0; i < 5; i++) times.push(await firstProgressMs(command, data));
    result[command] = round(times.toSorted((a, b) => a - b)[2] ?? Number.NaN);
    const what = `first progress of ${command}, with the start of Node`;
    console.log(`${what.padEnd(56)} ${result[command].toFixed(0).padStart(10)} ms`);
  }
  return result;
}

function show(what: string, perSecond: number): void {
  console.log(`${what.padEnd(56)} ${(perSecond / 1e6).toFixed(2).padStart(10)} M/s`);
}

function median(repeats: number, measure: () => number): number {
  return middle(Array.from({ length: repeats }, measure));
}

function middle(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

/** Rounded to cents, the market's price step: eight decimals would not leave room for exact doubles. */
async function realCandles(): Promise<Candles> {
  const { columns, priceScale, stepMs } = await loadCandles(data);
  const cents = (column: Float64Array): Float64Array =>
    column.map((units) => Math.round(units / 10 ** (priceScale - 2)));
  return candlesOf(
    {
      ...columns,
      open: cents(columns.open),
      high: cents(columns.high),
      low: cents(columns.low),
      close: cents(columns.close),
    },
    stepMs,
  );
}

function walk(rows: number): Candles {
  const column = () => new Float64Array(rows);
  const columns = {
    openedAtS: new Uint32Array(rows),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column().fill(1e9),
  };
  let x = 12_345;
  const next = (): number => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 4_294_967_296;
  };
  let price = 1_000_000;
  for (let row = 0; row < rows; row++) {
    columns.openedAtS[row] = 1_600_000_020 + row * 60;
    columns.open[row] = price;
    const close = Math.max(10_000, Math.round(price * (1 + (next() - 0.5) * 0.002)));
    columns.high[row] = Math.max(price, close) + Math.floor(next() * 300);
    columns.low[row] = Math.min(price, close) - Math.floor(next() * 300);
    columns.close[row] = close;
    price = close;
  }
  return candlesOf(columns, 60_000);
}

function plainCandles(from: Candles): PlainCandle[] {
  return Array.from({ length: from.length }, (_, row) => ({
    time: new Date((from.openedAtS[row] ?? 0) * 1_000),
    open: (from.open[row] ?? 0) / 100,
    high: (from.high[row] ?? 0) / 100,
    low: (from.low[row] ?? 0) / 100,
    close: (from.close[row] ?? 0) / 100,
    volume: (from.volume[row] ?? 0) / 1e8,
  }));
}

function percent(text: string): Rate {
  return BigInt(Math.round(Number(text) * 1_000_000)) as Rate;
}

function usd(value: number): Amount {
  return (BigInt(value) * 100_000_000n) as Amount;
}

function loopSettings(deviation: number, target: number) {
  return {
    money: 100,
    steps: 6,
    deviation: deviation / 100,
    target: target / 100,
    fee: 0.001,
    quote: 10_000,
  };
}

function dcaOptions(deviation: string, target: string): DcaOptions {
  return {
    markets: [btcMarket()],
    direction: 'long',
    start: { conditions: [], delayMs: 0, cooldownMs: 0, priceRange: null, turnoverMin: null },
    baseOrder: { by: 'quote', amount: usd(100) },
    baseOrderType: 'market',
    averaging: {
      ladder: {
        kind: 'scaled',
        size: { by: 'quote', amount: usd(100) },
        steps: 6,
        deviation: percent(deviation),
        stepScale: percent('100'),
        volumeScale: percent('100'),
      },
      activeMax: 6,
      conditions: [],
    },
    takeProfit: { of: 'total', steps: [{ rate: percent(target), share: percent('100') }], trailing: null },
    stopLoss: null,
    closing: { conditions: [], profitMin: null, timeoutMs: null },
    dealsAtOnce: 1,
    dealsPerMarket: 1,
    dealsMax: null,
    profitCurrency: 'quote',
    reinvestRate: percent('0'),
    riskReductionRate: percent('0'),
  };
}

function smaOptions(): DcaOptions {
  const cross = {
    kind: 'indicator',
    indicator: { kind: 'sma-cross', fast: 10, slow: 30 },
    timeframe: '1m',
    level: 0,
  } as const;
  const plainDca = dcaOptions('1', '1.2');
  return {
    ...plainDca,
    start: { ...plainDca.start, conditions: [{ ...cross, compare: 'crossing-up' }] },
    averaging: { ladder: { kind: 'custom', steps: [] }, activeMax: 0, conditions: [] },
    takeProfit: { of: 'total', steps: [], trailing: null },
    closing: { conditions: [{ ...cross, compare: 'crossing-down' }], profitMin: null, timeoutMs: null },
  };
}

function gridOptions(): GridOptions {
  const open = candles.open[0] ?? 0;
  const at = (factor: number): Price => BigInt(Math.round(open * factor)) as Price;
  return {
    market: btcMarket(),
    lower: at(0.6),
    upper: at(1.6),
    lines: 20,
    spacing: 'geometric',
    size: { by: 'quote', amount: usd(100) },
    profitCurrency: 'quote',
    balanceAtStart: true,
    activeBuysMax: null,
    activeSellsMax: null,
    trailingUp: true,
    trailingDown: false,
    expandUpTo: null,
    expandDownTo: null,
    upperStop: null,
    lowerStop: null,
  };
}

function btcMarket(): Market {
  return {
    venue: venueId.parse('paper'),
    symbol: venueSymbol.parse('BTCUSD'),
    base: assetCode.parse('BTC'),
    quote: assetCode.parse('USD'),
    kind: 'spot',
    status: 'trading',
    priceScale: 2,
    quantityScale: 8,
    quoteScale: 8,
    tick: 1n as Price,
    priceMin: 1n as Price,
    priceMax: null,
    lot: 1_000n as Quantity,
    quantityMin: 1_000n as Quantity,
    quantityMax: null,
    marketQuantityMax: null,
    notionalMin: usd(10),
    notionalMax: null,
    makerFee: 100_000n as Rate,
    takerFee: 100_000n as Rate,
    contractSize: null,
    leverageMax: 1,
    quoteSized: false,
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
