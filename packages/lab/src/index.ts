export { runBacktestCommand } from './commands/backtest.ts';
export { runDataCommand } from './commands/data.ts';
export type { CommandIo } from './commands/io.ts';
export { runOptimiseCommand } from './commands/optimise.ts';
export { readCandleFile, writeCandleFile } from './data/candle-file.ts';
export { coverageOf } from './data/coverage.ts';
export { type ImportedCandles, parseCandleCsv } from './data/csv.ts';
export { loadCandles } from './data/load.ts';
export { LabError, type LabErrorCode } from './errors.ts';
