/** History of real venues: what the exchange package knows of it without its servers. */
export { candleArchives, monthOf, tradeArchives } from './archive-files.ts';
export { downloadCandles } from './candles-download.ts';
export { PUBLIC_ARCHIVE, downloadArchives, type ArchiveResult, type DownloadOptions } from './download.ts';
export { HistoryError } from './history-error.ts';
export { inspectCandles, inspectTrades } from './inspect.ts';
export { unzipSingle } from './zip.ts';
