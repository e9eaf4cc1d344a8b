/** What a test runs on: the newest part of a data set that is neither too short to mean something nor slow to run. */
import type { BacktestRequest, DataSet } from '@counterfoil/api';

const DAY_MS = 86_400_000;
/** A quarter: long enough for many deals, and what presets are judged by. */
const DAYS = 90;

export function testData(set: DataSet, quote: string): Omit<BacktestRequest, 'plan'> {
  const until = Date.parse(set.until);
  const from = Math.max(Date.parse(set.from), until - DAYS * DAY_MS);
  return {
    dataSet: set.id,
    from: new Date(from).toISOString(),
    until: set.until,
    fee: '0.1',
    slippage: '0.01',
    quote,
    base: '0',
  };
}
