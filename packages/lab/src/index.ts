export { runBacktestCommand } from './commands/backtest.ts';
export { runDataCommand } from './commands/data.ts';
export type { CommandIo } from './commands/io.ts';
export { runOptimiseCommand } from './commands/optimise.ts';
export {
  type CandleFileHead,
  readCandleFile,
  readCandleHead,
  readOpen,
  writeCandleFile,
} from './data/candle-file.ts';
export { coverageOf } from './data/coverage.ts';
export { type ImportedCandles, parseCandleCsv } from './data/csv.ts';
export { candlesAtScales, commonScales, marketAtScales } from './data/market-scales.ts';
export { loadCandles } from './data/load.ts';
export { SYNTHETIC_FROM_S, SYNTHETIC_ROWS, syntheticCandles } from './data/synthetic.ts';
export { closedDeals, type Measures, measure } from './report/measure.ts';
export { remarkWords, type Warning } from './report/remarks.ts';
export { PATH_RULES, warningsOf } from './report/report.ts';
export { type Axis, planOf, settingsOf, sizeOf } from './sweep/space.ts';
export { LabError, type LabErrorCode } from './errors.ts';
