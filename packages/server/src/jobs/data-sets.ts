/** What tests can run on: candle files in the data folder, and a made-up quarter of every market. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type DataSet, timeframe, type Timeframe } from '@counterfoil/api';
import {
  candlesAtScales,
  commonScales,
  type ImportedCandles,
  LabError,
  marketAtScales,
  readCandleFile,
  readCandleHead,
  readOpen,
  SYNTHETIC_FROM_S,
  SYNTHETIC_ROWS,
  syntheticCandles,
} from '@counterfoil/lab';
import type { Market, Price } from '@counterfoil/vocabulary';
import { notFound } from '../http/problem.ts';

/** Files of one folder that a list shows: more than a person looks through. */
const FILES_MAX = 200;
/** Ten years of one-minute candles; a test holds all of it in memory, beside what trades. */
const FILE_BYTES_MAX = 250_000_000;
const MINUTE_MS = 60_000;

const stepsMs: Readonly<Record<Timeframe, number>> = {
  '1m': MINUTE_MS,
  '3m': 3 * MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': 60 * MINUTE_MS,
  '2h': 120 * MINUTE_MS,
  '4h': 240 * MINUTE_MS,
  '8h': 480 * MINUTE_MS,
  '1d': 1_440 * MINUTE_MS,
};

/**
 * Names the candles of a test completely, so that a test that goes on after a restart goes on over the same ones.
 * `market` counts as the candles do.
 */
export type Source =
  | { readonly kind: 'synthetic'; readonly market: Market; readonly price: bigint }
  | { readonly kind: 'file'; readonly market: Market; readonly path: string };

/** Where the candles of a set open, their market, and the price that the first one after a time opens at. */
export interface FoundSet {
  readonly source: Source;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly openAfter: (fromMs: number) => Promise<Price>;
}

interface Markets {
  readonly markets: () => Promise<readonly Market[]>;
  readonly price: (market: Market) => Promise<Price>;
}

interface Listed {
  readonly view: DataSet;
  readonly find: (market: Market) => Promise<FoundSet>;
}

export class DataSets {
  readonly #folder: string;
  readonly #markets: Markets;
  /** What was read of a file, while it is the same file. */
  readonly #heads = new Map<string, { readonly version: string; readonly listed: Listed }>();

  /** `folder`: where `counterfoil data download --folder` and `import --out` put candles for the server. */
  constructor(folder: string, markets: Markets) {
    this.#folder = folder;
    this.#markets = markets;
  }

  /** Newest first. */
  async list(): Promise<readonly DataSet[]> {
    return (await this.#all()).map(({ view }) => view).toSorted((a, b) => b.until.localeCompare(a.until));
  }

  async find(id: string): Promise<FoundSet> {
    const listed = (await this.#all()).find(({ view }) => view.id === id);
    const market = (await this.#markets.markets()).find(({ symbol }) => symbol === listed?.view.symbol);
    if (listed === undefined || market === undefined) throw notFound('data set');
    return listed.find(market);
  }

  async #all(): Promise<readonly Listed[]> {
    const markets = await this.#markets.markets();
    const symbols = new Set<string>(markets.map(({ symbol }) => symbol));
    const files = await readdir(this.#folder).catch(() => []); // not there: nothing was imported yet
    const recorded = await Promise.all(
      files
        .filter((file) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.candles$/.test(file))
        .slice(0, FILES_MAX)
        // A file that is no whole candle file is not shown; `data inspect` says what is wrong with it.
        .map((file) => this.#file(join(this.#folder, file)).catch(() => null)),
    );
    return [
      ...recorded.filter((one) => one !== null && symbols.has(one.view.symbol)),
      ...markets.map((market) => this.#synthetic(market)),
    ].filter((one) => one !== null);
  }

  async #file(path: string): Promise<Listed | null> {
    const { size, mtimeMs } = await stat(path);
    if (size > FILE_BYTES_MAX) return null;
    const version = `${size} ${mtimeMs}`;
    const known = this.#heads.get(path);
    if (known?.version === version) return known.listed;
    const { openedAtS, ...head } = await readCandleHead(path);
    const name = basename(path, '.candles');
    const step = timeframe.options.find((one) => stepsMs[one] === head.stepMs);
    const [fromS, lastS] = [openedAtS[0], openedAtS.at(-1)];
    if (step === undefined || fromS === undefined || lastS === undefined) return null;
    const [fromMs, untilMs] = [fromS * 1_000, lastS * 1_000 + head.stepMs];
    const listed: Listed = {
      view: {
        id: name,
        symbol: (/^[A-Za-z0-9]+/.exec(name)?.[0] ?? '').toUpperCase(),
        timeframe: step,
        from: new Date(fromMs).toISOString(),
        until: new Date(untilMs).toISOString(),
        rows: openedAtS.length,
        origin: 'recorded',
        gaps: gapsIn(openedAtS, head.stepMs / 1_000),
      },
      find: async (market) => {
        const scales = commonScales(market, head);
        const source: Source = { kind: 'file', market: marketAtScales(market, scales), path };
        const openAfter = async (ms: number): Promise<Price> => {
          const row = openedAtS.findIndex((openS) => openS * 1_000 >= ms);
          const open = await readOpen(path, openedAtS.length, Math.max(0, row));
          // Whole units of the market at the common scales.
          return (BigInt(open) * 10n ** BigInt(scales.priceScale - head.priceScale)) as Price;
        };
        return { source, fromMs, untilMs, openAfter };
      },
    };
    this.#heads.set(path, { version, listed });
    return listed;
  }

  #synthetic(market: Market): Listed {
    const fromMs = SYNTHETIC_FROM_S * 1_000;
    const untilMs = fromMs + SYNTHETIC_ROWS * MINUTE_MS;
    return {
      view: {
        id: `synthetic:${market.symbol}`,
        symbol: market.symbol,
        timeframe: '1m',
        from: new Date(fromMs).toISOString(),
        until: new Date(untilMs).toISOString(),
        rows: SYNTHETIC_ROWS,
        origin: 'synthetic',
        gaps: 0,
      },
      // It begins at the price of today, so that a plan made for today fits it.
      find: async () => {
        const price = await this.#markets.price(market);
        return {
          source: { kind: 'synthetic', market, price },
          fromMs,
          untilMs,
          openAfter: async () => price,
        };
      },
    };
  }
}

/** The candles of a source; a hundred megabytes and a second at worst, so not on the thread that answers. */
export async function readSource(source: Source): Promise<ImportedCandles> {
  if (source.kind === 'synthetic') return syntheticCandles(source.market, source.price);
  const { path, market } = source;
  const data = await readCandleFile(path).catch((error: unknown) => {
    if (error instanceof LabError) throw error;
    const name = basename(path);
    throw new LabError('bad-file', `The recording ${name} cannot be read any more; put it back and resume.`);
  });
  return candlesAtScales(data, market);
}

function gapsIn(openedAtS: Uint32Array, stepS: number): number {
  let gaps = 0;
  for (let row = 1; row < openedAtS.length; row++)
    if ((openedAtS[row] ?? 0) - (openedAtS[row - 1] ?? 0) > stepS) gaps += 1;
  return gaps;
}
