/** History of real venues: what the exchange package knows of it without its servers. */
export { candleArchives, tradeArchives } from './archive-files.ts';
export { PUBLIC_ARCHIVE, downloadArchives, type ArchiveResult } from './download.ts';
export { HistoryError } from './history-error.ts';
export { inspectCandles, inspectTrades } from './inspect.ts';
export { unzipSingle } from './zip.ts';
