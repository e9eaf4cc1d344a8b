import { createRequire, registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Processor time of this process: the machine may be shared, and waiting is not work. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** One candle in prices, as the peers take it. */
export interface PlainCandle {
  readonly time: Date;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

const require = createRequire(import.meta.url);
const stand = pathToFileURL(join(import.meta.dirname, 'missing-modules.ts')).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'chai' || specifier.startsWith('.prisma/client')
      ? { url: stand, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});

/** The parts of grademark that the benchmark uses. */
interface Grademark {
  readonly backtest: (strategy: unknown, series: unknown) => readonly unknown[];
}

/** SMA 10/30 cross on grademark (no fees there): milliseconds and trades. */
export function runGradeMark(candles: readonly PlainCandle[]): { ms: number; trades: number } {
  const { backtest } = require('grademark') as Grademark;
  const { DataFrame } = require('data-forge') as { DataFrame: new (rows: unknown) => unknown };
  const begun = cpuMs();
  const rows = withAverages(candles);
  const strategy = {
    entryRule: (enter: () => void, { bar }: { bar: CrossBar }) => {
      if (bar.crossed > 0) enter();
    },
    exitRule: (exit: () => void, { bar }: { bar: CrossBar }) => {
      if (bar.crossed < 0) exit();
    },
  };
  const trades = backtest(strategy, new DataFrame(rows));
  return { ms: cpuMs() - begun, trades: trades.length };
}

interface CrossBar extends PlainCandle {
  readonly crossed: number;
}

/** The averages in a typed loop: faster than the peer's own series, to its advantage. */
function withAverages(candles: readonly PlainCandle[]): CrossBar[] {
  let [fast, slow] = [0, 0];
  let above = false;
  return candles.map((candle, i) => {
    fast += candle.close - (candles[i - 10]?.close ?? 0);
    slow += candle.close - (candles[i - 30]?.close ?? 0);
    const now = i >= 29 && fast / 10 > slow / 30;
    const crossed = i < 30 || now === above ? 0 : now ? 1 : -1;
    above = now;
    return { ...candle, crossed };
  });
}

/** DCA or SMA cross on @backtest/framework with 0.1 % fees; its database is replaced by the candles themselves. */
export async function runFramework(
  candles: readonly PlainCandle[],
  bot: 'dca' | 'sma',
): Promise<{ ms: number; orders: number }> {
  const helpers = join(dirname(require.resolve('@backtest/framework')), 'src/helpers');
  const rows = candles.map((candle) => ({
    symbol: 'BTCUSD',
    interval: '1m',
    openTime: candle.time.getTime(),
    closeTime: candle.time.getTime() + 59_999,
    open: candle.open,
    high: candle.high,
    low: candle.low,
    close: candle.close,
    volume: candle.volume,
    assetVolume: 0,
    numberOfTrades: 0,
  }));
  const history = require(join(helpers, 'prisma-historical-data.js')) as Record<string, unknown>;
  history['getCandles'] = () =>
    Promise.resolve({ candles: rows, metaCandles: [{ symbol: 'BTCUSD', interval: '1m' }] });
  const strategies = require(join(helpers, 'strategies.js')) as Record<string, unknown>;
  strategies['getStrategy'] = () => join(import.meta.dirname, 'framework-strategy.ts');
  const { run } = require(join(helpers, 'run-strategy.js')) as {
    run: (params: unknown) => Promise<{ allOrders: unknown[] }>;
  };
  const begun = cpuMs();
  const { allOrders } = await run({
    strategyName: 'bench',
    historicalData: ['candles'],
    supportHistoricalData: [],
    startingAmount: 10_000,
    startTime: 0,
    endTime: Number.MAX_SAFE_INTEGER,
    params: { bot, steps: 6, deviation: 1, target: 1.2, money: 100 },
    percentFee: 0.1,
    percentSlippage: 0,
  });
  return { ms: cpuMs() - begun, orders: allOrders.length };
}
