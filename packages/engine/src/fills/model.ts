/**
 * How orders meet recorded prices: the one fill model of backtests and of the paper exchange on recorded or live
 * markets. Every field is printed in a report as an assumption.
 */
export interface FillModel {
  readonly path: PathRule;
  /** Half the spread and the slippage that takers pay, in parts per million of the price. */
  readonly halfSpreadPpm: number;
  readonly slippagePpm: number;
  /** Largest share of a candle's volume that our orders may take, in ppm; null for no limit. */
  readonly volumeSharePpm: number | null;
  /** What the fee is taken in: quote, what the trade brings in, or a third asset that the market does not see. */
  readonly feeIn: 'quote' | 'received' | 'third';
}

/**
 * The order in which a candle's prices are assumed. `adaptive`: the extreme nearer to the open came first. The
 * others give the sensitivity band.
 */
export type PathRule = 'adaptive' | 'low-first' | 'high-first' | 'close-only';

/** Makers are filled only when the price goes through their limit; takers pay spread and slippage. */
export const defaultFillModel: FillModel = {
  path: 'adaptive',
  halfSpreadPpm: 50,
  slippagePpm: 100,
  volumeSharePpm: 50_000,
  feeIn: 'quote',
};

/** One assumption of a model, by its code and the numbers that it has. */
export type Assumption =
  | { readonly code: 'assumes-path'; readonly values: { readonly path: PathRule } }
  | {
      readonly code: 'assumes-takers-pay';
      /** In percent. */
      readonly values: { readonly spread: string; readonly slippage: string };
    }
  | {
      readonly code: 'assumes-share';
      /** `share` of a row's volume in percent. */
      readonly values: { readonly share: string; readonly rows: 'candles' | 'trades' };
    }
  | { readonly code: 'assumes-fees'; readonly values: { readonly feeIn: FillModel['feeIn'] } }
  | {
      readonly code:
        | 'assumes-trades'
        | 'assumes-limit-beyond'
        | 'assumes-gap'
        | 'assumes-whole'
        | 'assumes-filters'
        | 'assumes-at-once';
      readonly values: Readonly<Record<never, never>>;
    };

/** What a model assumes, for reports; `rows`: what is replayed. */
export function assumptionsOf(
  model: FillModel,
  rows: 'candles' | 'trades' = 'candles',
): readonly Assumption[] {
  const { path, halfSpreadPpm, slippagePpm, volumeSharePpm, feeIn } = model;
  return [
    rows === 'trades' ? { code: 'assumes-trades', values: {} } : { code: 'assumes-path', values: { path } },
    { code: 'assumes-limit-beyond', values: {} },
    { code: 'assumes-gap', values: {} },
    {
      code: 'assumes-takers-pay',
      values: { spread: percentOf(halfSpreadPpm), slippage: percentOf(slippagePpm) },
    },
    volumeSharePpm === null
      ? { code: 'assumes-whole', values: {} }
      : { code: 'assumes-share', values: { share: percentOf(volumeSharePpm), rows } },
    { code: 'assumes-fees', values: { feeIn } },
    { code: 'assumes-filters', values: {} },
    { code: 'assumes-at-once', values: {} },
  ];
}

function percentOf(ppm: number): string {
  return String(ppm / 10_000);
}
