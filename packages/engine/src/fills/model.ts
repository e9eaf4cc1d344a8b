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

/** The assumptions in sentences, for reports; `rows`: what is replayed. */
export function assumptionsOf(model: FillModel, rows: 'candles' | 'trades' = 'candles'): readonly string[] {
  const paths: Record<PathRule, string> = {
    adaptive: 'Inside a candle the extreme nearer to the open comes first.',
    'low-first': 'Inside a candle the low comes before the high.',
    'high-first': 'Inside a candle the high comes before the low.',
    'close-only': 'Only closing prices are seen.',
  };
  const fees = {
    quote: 'Fees are taken in quote.',
    received: 'Fees are taken from what a trade brings in.',
    third: 'Fees are taken in a third asset and are not part of the profit.',
  };
  return [
    rows === 'trades'
      ? 'Trades are replayed one by one, in their order and to the second; nothing is assumed between them.'
      : paths[model.path],
    'A resting limit order fills at its price, and only when the price goes at least one tick beyond it.',
    'A stop or market order across a gap fills at the price after the gap.',
    `Takers pay half the spread (${model.halfSpreadPpm / 10_000} %) and slippage (${model.slippagePpm / 10_000} %).`,
    model.volumeSharePpm === null
      ? 'Orders fill whole, whatever the volume.'
      : `Orders take at most ${model.volumeSharePpm / 10_000} % of a ${rows === 'trades' ? 'trade' : 'candle'}'s volume; the rest waits.`,
    fees[model.feeIn],
    'Orders that break a filter of the venue or lack funds are refused.',
    'Orders reach the venue at once; depth beyond the recording, queues and latency are not modelled.',
  ];
}
