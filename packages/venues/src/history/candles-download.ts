import { candleArchives, candleDays, monthOf } from './archive-files.ts';
import { type ArchiveResult, type DownloadOptions, downloadArchives } from './download.ts';

export interface CandlesDownload extends Omit<DownloadOptions, 'files'> {
  readonly symbol: string;
  /** One of the archive, such as `1m`. */
  readonly interval: string;
  /** Months, `YYYY-MM`, both included. */
  readonly from: string;
  readonly to: string;
  readonly nowMs: number;
}

/**
 * Fetches candles by the month, and by the day where the archive cannot have a month yet: the running one, and the
 * one before, whose file appears some days after its end. Results are in the order of time.
 */
export async function downloadCandles(options: CandlesDownload): Promise<readonly ArchiveResult[]> {
  const { symbol, interval, from, to, nowMs } = options;
  const months = await downloadArchives({ ...options, files: candleArchives(symbol, interval, from, to) });
  const results: ArchiveResult[] = [];
  for (const month of months) {
    const isRecent = month.period === monthOf(nowMs, 0) || month.period === monthOf(nowMs, -1);
    const days =
      month.state === 'absent' && isRecent ? candleDays(symbol, interval, month.period, nowMs) : [];
    if (days.length === 0) results.push(month);
    else results.push(...(await downloadArchives({ ...options, files: days })));
  }
  return results;
}
