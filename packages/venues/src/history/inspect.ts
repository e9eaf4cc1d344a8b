import { candleRows, type CandleRow } from './candle-rows.ts';
import { tradeRows } from './trade-rows.ts';

/** Consecutive candles that are missing. */
export interface Gap {
  /** Open time of the first missing candle. */
  readonly from: number;
  /** Open time of the last missing candle. */
  readonly to: number;
  readonly missing: number;
}

export interface Inspection {
  readonly rows: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly gaps: readonly Gap[];
  /** Candles in all gaps together. */
  readonly missing: number;
  /** Rows with the open time of the row before. */
  readonly duplicates: number;
  /** Rows older than the row before; they and what follows cannot be used as they are. */
  readonly outOfOrder: number;
  /** Rows whose high is below, or whose low is above, one of its other prices. */
  readonly impossible: number;
}

/** Reads candle files in order and reports what is there and what is not. Nothing is ever filled in. */
export async function inspectCandles(paths: readonly string[], intervalMs: number): Promise<Inspection> {
  const gaps: Gap[] = [];
  let first: number | null = null;
  let last: number | null = null;
  const counts = { rows: 0, missing: 0, duplicates: 0, outOfOrder: 0, impossible: 0 };
  for (const path of paths) {
    for await (const row of candleRows(path)) {
      counts.rows += 1;
      if (isImpossible(row)) counts.impossible += 1;
      first ??= row.openAt;
      if (last !== null) {
        if (row.openAt === last) counts.duplicates += 1;
        else if (row.openAt < last) counts.outOfOrder += 1;
        else if (row.openAt > last + intervalMs) {
          const missing = Math.ceil((row.openAt - last) / intervalMs) - 1;
          counts.missing += missing;
          gaps.push({ from: last + intervalMs, to: row.openAt - intervalMs, missing });
        }
      }
      last = Math.max(last ?? 0, row.openAt);
    }
  }
  return { ...counts, from: first, to: last, gaps };
}

/** Consecutive trades that are missing: the exchange numbers them without holes. */
export interface TradeGap {
  readonly afterId: number;
  readonly missing: number;
}

export interface TradeInspection {
  readonly rows: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly gaps: readonly TradeGap[];
  readonly missing: number;
  /** Rows whose id is not above that of the row before. */
  readonly outOfOrder: number;
}

/** The same for files of trades. */
export async function inspectTrades(paths: readonly string[]): Promise<TradeInspection> {
  const gaps: TradeGap[] = [];
  const counts = { rows: 0, missing: 0, outOfOrder: 0 };
  let [first, last]: (number | null)[] = [null, null];
  let lastId: number | null = null;
  for (const path of paths) {
    for await (const { id, at } of tradeRows(path)) {
      counts.rows += 1;
      first ??= at;
      last = at;
      if (lastId !== null && id <= lastId) counts.outOfOrder += 1;
      else if (lastId !== null && id > lastId + 1) {
        counts.missing += id - lastId - 1;
        gaps.push({ afterId: lastId, missing: id - lastId - 1 });
      }
      lastId = Math.max(lastId ?? 0, id);
    }
  }
  return { ...counts, from: first ?? null, to: last ?? null, gaps };
}

/** Compares without rounding: the texts are padded to the same number of digits on both sides of the point. */
function isImpossible(row: CandleRow): boolean {
  const prices = [row.open, row.high, row.low, row.close].map(comparable);
  const [open = '', high = '', low = '', close = ''] = prices;
  return high < open || high < close || low > open || low > close || high < low;
}

function comparable(decimal: string): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  return `${whole.padStart(20, '0')}.${fraction.padEnd(20, '0')}`;
}
