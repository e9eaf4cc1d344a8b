import { HistoryError } from './history-error.ts';

/** One file of the public archive: a month or a day of candles, or a day of trades. */
export interface ArchiveFile {
  readonly period: string;
  readonly name: string;
  /** Path inside the archive. */
  readonly location: string;
}

/** The archive begins in 2017; a longer range is a slip of the finger. */
const MONTHS_MAX = 1_200;
const DAYS_MAX = 36_500;
const DAY_MS = 86_400_000;
const MONTH_DAYS_MAX = 31;

/** Candles come by the month, `from` and `to` included (`YYYY-MM`); `interval` is one of the archive, such as `1m`. */
export function candleArchives(symbol: string, interval: string, from: string, to: string): ArchiveFile[] {
  return monthsBetween(from, to).map((period) => {
    const name = `${symbol}-${interval}-${period}.zip`;
    return { period, name, location: `data/spot/monthly/klines/${symbol}/${interval}/${name}` };
  });
}

/** The same candles by the day, of the days of a month that are over. */
export function candleDays(symbol: string, interval: string, month: string, nowMs: number): ArchiveFile[] {
  const first = dayIndex(`${month}-01`);
  const today = Math.floor(nowMs / DAY_MS);
  return Array.from({ length: MONTH_DAYS_MAX }, (_, day) => dayText(first + day))
    .filter((period) => period.startsWith(month) && dayIndex(period) < today)
    .map((period) => {
      const name = `${symbol}-${interval}-${period}.zip`;
      return { period, name, location: `data/spot/daily/klines/${symbol}/${interval}/${name}` };
    });
}

/** The month of a time, or one so many months later. */
export function monthOf(ms: number, later: number): string {
  const date = new Date(ms);
  return monthText(date.getUTCFullYear() * 12 + date.getUTCMonth() + later);
}

/** Trades come by the day (`YYYY-MM-DD`), because a month of them is gigabytes. */
export function tradeArchives(symbol: string, from: string, to: string): ArchiveFile[] {
  return daysBetween(from, to).map((period) => {
    const name = `${symbol}-trades-${period}.zip`;
    return { period, name, location: `data/spot/daily/trades/${symbol}/${name}` };
  });
}

/** Every month from one to the other, both included. */
export function monthsBetween(from: string, to: string): string[] {
  const first = monthIndex(from);
  return range(from, to, first, monthIndex(to), MONTHS_MAX).map(monthText);
}

function daysBetween(from: string, to: string): string[] {
  return range(from, to, dayIndex(from), dayIndex(to), DAYS_MAX).map(dayText);
}

function range(from: string, to: string, first: number, last: number, lengthMax: number): number[] {
  if (last < first || last - first >= lengthMax) {
    throw new HistoryError(
      'bad-range',
      `There is nothing from ${from} to ${to}: the first must not be after the last.`,
    );
  }
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
}

function monthText(index: number): string {
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
}

function dayText(index: number): string {
  return new Date(index * DAY_MS).toISOString().slice(0, 10);
}

function monthIndex(text: string): number {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (match === null) throw new HistoryError('bad-range', `${text} is not a month: write it as 2025-03.`);
  return Number(match[1]) * 12 + Number(match[2]) - 1;
}

function dayIndex(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at)) throw new HistoryError('bad-range', `${text} is not a day: write it as 2025-03-31.`);
  return at / DAY_MS;
}
