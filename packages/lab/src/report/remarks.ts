/** What a report says besides its figures: by code, and in English. */
import type { Assumption, FillModel, PathRule } from '@counterfoil/engine/fills';
import { count } from './words.ts';

/** What a reader must know before the figures of a run. */
export type Warning =
  | {
      readonly code: 'candles-missing';
      readonly values: { readonly missing: number; readonly expected: number };
    }
  | { readonly code: 'volumes-rounded'; readonly values: { readonly volumes: number } }
  | { readonly code: 'deals-few'; readonly values: { readonly deals: number } }
  | {
      readonly code: 'path-matters' | 'candles-coarse' | 'holding-better';
      readonly values: Readonly<Record<never, never>>;
    };

type Remark = Assumption | Warning;
type ValuesOf<Code, One = Remark> = One extends { readonly code: infer Codes; readonly values: infer Values }
  ? Code extends Codes
    ? Values
    : never
  : never;

const paths: Readonly<Record<PathRule, string>> = {
  adaptive: 'Inside a candle the extreme nearer to the open comes first.',
  'low-first': 'Inside a candle the low comes before the high.',
  'high-first': 'Inside a candle the high comes before the low.',
  'close-only': 'Only closing prices are seen.',
};

const fees: Readonly<Record<FillModel['feeIn'], string>> = {
  quote: 'Fees are taken in quote.',
  received: 'Fees are taken from what a trade brings in.',
  third: 'Fees are taken in a third asset and are not part of the profit.',
};

/** English for every code. */
export const remarkWords: {
  readonly [Code in Remark['code']]: (values: ValuesOf<Code>) => string;
} = {
  'path-matters': () =>
    'The result depends on the order of prices inside a candle by more than half of the profit: use finer data before trusting it.',
  'candles-coarse': () => 'The candles are longer than a minute: stops and trails inside them are guesses.',
  'candles-missing': ({ missing, expected }) =>
    `The data lacks ${count(missing)} of ${count(expected)} candles; orders across a hole fill at the price after it.`,
  'volumes-rounded': ({ volumes }) =>
    `${count(volumes)} volumes had more than eight decimals and were rounded.`,
  'deals-few': ({ deals }) =>
    deals === 1
      ? 'Only one deal closed: too few to tell skill from luck.'
      : `Only ${deals} deals closed: too few to tell skill from luck.`,
  'holding-better': () => 'Buying at the start and holding would have ended with more.',

  'assumes-trades': () =>
    'Trades are replayed one by one, in their order and to the second; nothing is assumed between them.',
  'assumes-path': ({ path }) => paths[path],
  'assumes-limit-beyond': () =>
    'A resting limit order fills at its price, and only when the price goes at least one tick beyond it.',
  'assumes-gap': () => 'A stop or market order across a gap fills at the price after the gap.',
  'assumes-takers-pay': ({ spread, slippage }) =>
    `Takers pay half the spread (${spread} %) and slippage (${slippage} %).`,
  'assumes-whole': () => 'Orders fill whole, whatever the volume.',
  'assumes-share': ({ share, rows }) =>
    `Orders take at most ${share} % of a ${rows === 'trades' ? 'trade' : 'candle'}'s volume; the rest waits.`,
  'assumes-fees': ({ feeIn }) => fees[feeIn],
  'assumes-filters': () => 'Orders that break a filter of the venue or lack funds are refused.',
  'assumes-at-once': () =>
    'Orders reach the venue at once; depth beyond the recording, queues and latency are not modelled.',
};

export function inWords({ code, values }: Remark): string {
  // The code picks the function that takes its values; the compiler cannot see that they belong together.
  return (remarkWords[code] as (given: typeof values) => string)(values);
}
