import type { Candles } from '@counterfoil/engine';

export interface Gap {
  /** The last candle before the hole and the first one after it, in seconds since 1970. */
  readonly fromS: number;
  readonly toS: number;
  readonly missing: number;
}

/** How much of its span the data covers. */
export interface Coverage {
  readonly rows: number;
  readonly fromS: number;
  readonly toS: number;
  readonly expected: number;
  readonly share: number;
  readonly gaps: number;
  readonly missing: number;
  readonly largest: readonly Gap[];
}

/** Holes that a report shows; the rest are counted. */
const LARGEST = 5;

export function coverageOf(candles: Candles): Coverage {
  const stepS = candles.stepMs / 1_000;
  const gaps: Gap[] = [];
  let missing = 0;
  for (let row = 1; row < candles.length; row++) {
    const fromS = candles.openedAtS[row - 1] ?? 0;
    const toS = candles.openedAtS[row] ?? 0;
    const holes = Math.round((toS - fromS) / stepS) - 1;
    if (holes < 1) continue;
    missing += holes;
    gaps.push({ fromS, toS, missing: holes });
  }
  const fromS = candles.openedAtS[0] ?? 0;
  const toS = candles.openedAtS[candles.length - 1] ?? 0;
  const expected = candles.length + missing;
  return {
    rows: candles.length,
    fromS,
    toS,
    expected,
    share: candles.length / expected,
    gaps: gaps.length,
    missing,
    largest: gaps.toSorted((a, b) => b.missing - a.missing).slice(0, LARGEST),
  };
}
