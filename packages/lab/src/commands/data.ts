import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { candlesOf } from '@counterfoil/engine';
import {
  type ArchiveResult,
  type DownloadOptions,
  downloadArchives,
  downloadCandles,
  HistoryError,
  inspectCandles,
  inspectTrades,
  monthOf,
  PUBLIC_ARCHIVE,
  tradeArchives,
} from '@counterfoil/venues/history';
import { writeCandleFile } from '../data/candle-file.ts';
import { type Coverage, coverageOf } from '../data/coverage.ts';
import type { ImportedCandles } from '../data/csv.ts';
import { joinCandles, loadCandles } from '../data/load.ts';
import { LabError } from '../errors.ts';
import { Flags } from './flags.ts';
import type { CommandIo } from './io.ts';
import { Progress } from './progress.ts';

const MINUTE_MS = 60_000;
/** Holes that are printed; the rest are counted. */
const GAPS_SHOWN = 10;

/**
 * `counterfoil data download|import|inspect …`. Returns 0, or 1 where the data has holes, missing or corrupt files;
 * throws `LabError` for what the user can mend.
 */
export async function runDataCommand([verb, ...args]: readonly string[], io: CommandIo): Promise<number> {
  try {
    if (verb === 'download') return await download(new Flags(args), io);
    if (verb === 'import') return await importFiles(...filesAndFlags(args), io);
    if (verb === 'inspect') return await inspect(...filesAndFlags(args), io);
  } catch (error) {
    if (error instanceof HistoryError) throw new LabError('bad-file', error.message);
    if (io.signal.aborted) throw new LabError('cancelled', 'Stopped; the same command goes on from here.');
    throw error;
  }
  throw new LabError(
    'bad-flag',
    `data ${verb ?? ''} is not known; write data download, data import or data inspect.`,
  );
}

async function download(flags: Flags, io: CommandIo): Promise<number> {
  const what = flags.choice('what', ['candles', 'trades']);
  const symbol = flags.required('symbol', 'BTCUSDT');
  const interval = flags.text('interval') ?? '1m';
  const [from, to] = [flags.required('from', '2025-01'), flags.required('to', '2025-03')];
  const folder = flags.text('folder') ?? 'history';
  const baseUrl = flags.text('archive') ?? PUBLIC_ARCHIVE;
  flags.finish();
  const nowMs = io.nowMs();
  const progress = new Progress(io);
  const options: Omit<DownloadOptions, 'files'> = {
    baseUrl,
    folder,
    signal: io.signal,
    onProgress: ({ file, filesDone, filesTotal, bytesDone, bytesTotal }) =>
      progress.show((filesDone + (bytesTotal === null ? 0 : bytesDone / bytesTotal)) / filesTotal, file),
  };
  const results =
    what === 'candles'
      ? await downloadCandles({ ...options, symbol, interval, from, to, nowMs })
      : await downloadArchives({ ...options, files: tradeArchives(symbol, from, to) });
  progress.clear();
  for (const result of results) io.write(`${result.period}  ${WORDS[result.state]}\n`);
  const whole = results
    .filter(({ state }) => state === 'fetched' || state === 'kept')
    .map(({ path }) => path);
  const isAll = whole.length === results.length;
  if (whole.length === 0) return 1;
  if (what === 'trades') return (await inspectTradeFiles(whole, io)) && isAll ? 0 : 1;
  const stored = await store(whole, join(folder, `${symbol}-${interval}.candles`), io);
  // Months are texts of one length, so their order is that of time.
  const isUpToNow = to < monthOf(nowMs, 0) || writeRestUntil(nowMs, stored.data, io);
  return stored.isWhole && isAll && isUpToNow ? 0 : 1;
}

const WORDS: Record<ArchiveResult['state'], string> = {
  fetched: 'fetched, matches its checksum',
  kept: 'was here, matches its checksum',
  absent: 'missing: the archive does not have it',
  corrupt: 'corrupt: it does not match the checksum of the archive and was removed; try again later',
};

async function importFiles(files: readonly string[], flags: Flags, io: CommandIo): Promise<number> {
  const out = flags.required('out', 'btcusdt.candles');
  flags.finish();
  return (await store(files, out, io)).isWhole ? 0 : 1;
}

interface Stored {
  readonly data: ImportedCandles;
  /** False where the candles have holes. */
  readonly isWhole: boolean;
}

/** Writes the columns of some text files, in order. */
async function store(files: readonly string[], out: string, io: CommandIo): Promise<Stored> {
  const progress = new Progress(io);
  const data = await joinCandles(files, (share) => progress.show(share, 'reading the candles'));
  await mkdir(dirname(out), { recursive: true });
  await writeCandleFile(out, data);
  progress.clear();
  io.write(`${out}: for --data of backtest and optimise\n`);
  return { data, isWhole: writeCoverage(data, io) };
}

/** Tells of the candles that were complete by now and that the archive does not have yet; true where there are none. */
function writeRestUntil(nowMs: number, { columns, stepMs }: ImportedCandles, io: CommandIo): boolean {
  const { toS } = coverageOf(candlesOf(columns, stepMs));
  const missing = Math.floor(nowMs / stepMs) - (toS * 1_000) / stepMs - 1;
  if (missing <= 0) return true;
  io.write(`  not in the archive yet: ${missing} candles after ${time(toS * 1_000)} up to now\n`);
  return false;
}

async function inspect(files: readonly string[], flags: Flags, io: CommandIo): Promise<number> {
  flags.finish();
  if (files.every((file) => file.includes('-trades-'))) return (await inspectTradeFiles(files, io)) ? 0 : 1;
  if (files.every((file) => file.endsWith('.candles'))) {
    let isWhole = true;
    for (const file of files) isWhole = writeCoverage(await loadCandles(file), io) && isWhole;
    return isWhole ? 0 : 1;
  }
  const found = await inspectCandles(files, MINUTE_MS);
  const { rows, duplicates, outOfOrder, impossible, missing } = found;
  io.write(
    `${rows} one-minute candles from ${time(found.from)} to ${time(found.to)}\n` +
      `${missing} missing in ${found.gaps.length} holes, ${duplicates} twice, ${outOfOrder} out of order, ` +
      `${impossible} impossible\n`,
  );
  for (const gap of largest(found.gaps))
    io.write(`  hole of ${gap.missing}: ${time(gap.from)} to ${time(gap.to)}\n`);
  return missing + duplicates + outOfOrder + impossible === 0 ? 0 : 1;
}

/** False where the candles have holes. They are told of and never filled. */
function writeCoverage({ columns, stepMs }: ImportedCandles, io: CommandIo): boolean {
  const coverage: Coverage = coverageOf(candlesOf(columns, stepMs));
  const { rows, fromS, toS, missing, gaps } = coverage;
  io.write(
    `${rows} candles of ${stepMs / 1_000} s from ${time(fromS * 1_000)} to ${time(toS * 1_000)}, ` +
      `${missing} missing in ${gaps} holes\n`,
  );
  for (const gap of coverage.largest)
    io.write(`  hole of ${gap.missing}: after ${time(gap.fromS * 1_000)}, before ${time(gap.toS * 1_000)}\n`);
  return missing === 0;
}

async function inspectTradeFiles(files: readonly string[], io: CommandIo): Promise<boolean> {
  const found = await inspectTrades(files);
  io.write(
    `${found.rows} trades from ${time(found.from)} to ${time(found.to)}, ${found.missing} missing in ` +
      `${found.gaps.length} holes, ${found.outOfOrder} out of order\n`,
  );
  for (const gap of largest(found.gaps)) io.write(`  hole of ${gap.missing}: after trade ${gap.afterId}\n`);
  return found.missing + found.outOfOrder === 0;
}

function largest<Gap extends { readonly missing: number }>(gaps: readonly Gap[]): readonly Gap[] {
  return gaps.toSorted((a, b) => b.missing - a.missing).slice(0, GAPS_SHOWN);
}

function time(ms: number | null): string {
  return ms === null ? 'nothing' : new Date(ms).toISOString().replace('.000', '');
}

/** The file names before the first flag, and the flags. */
function filesAndFlags(args: readonly string[]): [files: readonly string[], flags: Flags] {
  const first = args.findIndex((arg) => arg.startsWith('--'));
  const files = first < 0 ? args : args.slice(0, first);
  if (files.length === 0) throw new LabError('bad-flag', 'Name one or more files.');
  return [files, new Flags(first < 0 ? [] : args.slice(first))];
}
