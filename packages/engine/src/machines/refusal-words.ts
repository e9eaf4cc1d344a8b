/** Why options cannot work, by code: what happens and what to change, in English. */
import type { FilterRefusal } from '@counterfoil/vocabulary';

/** Prices, amounts and quantities as decimal text; rates as `1.5 %`; fields as the options name them. */
interface Values {
  'number-out-of-range': Record<'field' | 'given' | 'min' | 'max', string>;
  'scale-out-of-range': Record<'field' | 'given', string>;
  'rate-out-of-range': Record<'field' | 'given', string>;
  'market-missing': Nothing;
  'market-of-other-quote': Record<'symbol' | 'quote', string>;
  'market-not-spot': Record<'symbol' | 'contract', string>;
  'trade-not-spot': Record<'symbol' | 'contract', string>;
  'range-for-one-market': Nothing;
  'percent-of-base': Nothing;
  'indicator-impossible': Record<'quoted', string>;
  'conditions-mixed': Record<'field', string>;
  'ladder-without-distance': Nothing;
  'targets-not-rising': Record<'given' | 'before', string>;
  'target-without-share': Nothing;
  'shares-not-whole': Record<'given', string>;
  'shares-whole': Nothing;
  'nothing-closes': Nothing;
  'trail-without-target': Nothing;
  'trail-not-possible': Record<'given', string>;
  'trail-distance': Nothing;
  'stop-not-possible': Record<'given', string>;
  'stop-before-averaging': Record<'given' | 'deepest', string>;
  'reinvest-in-quote': Nothing;
  'averaging-on-same-price': { step: number } & Record<'symbol' | 'price' | 'tick', string>;
  'averaging-below-zero': { step: number } & Record<'symbol', string>;
  'base-breaks-rule': BrokenRule;
  'averaging-breaks-rule': BrokenRule & { step: number };
  'position-breaks-rule': BrokenRule;
  'line-breaks-rule': BrokenRule & { line: number };
  'money-short': { covered: number; orders: number } & Record<'held' | 'needed' | 'asset', string>;
  'bounds-crossed': Record<'lower' | 'upper', string>;
  'upper-stop-inside': Nothing;
  'lower-stop-inside': Nothing;
  'lines-on-same-price': TwoLines & Record<'symbol' | 'price' | 'tick', string>;
  'lines-eaten-by-fees': TwoLines & Record<'lower' | 'upper', string>;
  'grid-quote-short': Record<'needed' | 'held' | 'quote', string>;
  'grid-base-short': Record<'needed' | 'held' | 'base', string>;
  'entry-trails-to-market': Nothing;
  'held-without-exit': Nothing;
  'trade-without-end': Nothing;
  'target-without-gain': Record<'price', string>;
  'stop-without-loss': Record<'price', string>;
}

type Nothing = Record<never, never>;
type BrokenRule = { rule: FilterRefusal['reason'] } & Record<
  'symbol' | 'least' | 'smallest' | 'quote',
  string
>;
interface TwoLines {
  line: number;
  next: number;
}

export type RefusalCode = keyof Values;
export type RefusalValues<Code extends RefusalCode> = Readonly<Values[Code]>;

export const refusalWords: {
  readonly [Code in RefusalCode]: (values: RefusalValues<Code>) => string;
} = {
  'number-out-of-range': ({ field, given, min, max }) =>
    `${field} is ${given}; choose a whole number from ${min} to ${max}.`,
  'scale-out-of-range': ({ field, given }) => `${field} is ${given}; choose 0.1 to 10.`,
  'rate-out-of-range': ({ field, given }) => `${field} is ${given}; choose 0 % to 100 %.`,
  'market-missing': () => 'A bot needs a market to trade on.',
  'market-of-other-quote': ({ symbol, quote }) =>
    `${symbol} is not quoted in ${quote}; the order sizes of one bot count one quote asset.`,
  'market-not-spot': ({ symbol, contract }) =>
    `${symbol} is a ${contract} contract; this bot trades spot markets.`,
  'trade-not-spot': ({ symbol, contract }) =>
    `${symbol} is a ${contract} contract; SmartTrades here trade spot markets.`,
  'range-for-one-market': () => 'A price range in quote fits one market only; give it in percent.',
  'percent-of-base': () =>
    'Percent of free base is not defined over several markets; give the size in quote or base.',
  'indicator-impossible': ({ quoted }) => quoted,
  'conditions-mixed': ({ field }) =>
    `${field} mixes candle conditions and outside signals; only the start of a deal can wait for both.`,
  'ladder-without-distance': () => 'Averaging orders need a distance from the base order.',
  'targets-not-rising': ({ given, before }) =>
    `Each target must be beyond the one before: ${given} is not above ${before}.`,
  'target-without-share': () => 'Each target needs a share of the position.',
  'shares-not-whole': ({ given }) => `The shares of the targets sum to ${given}; they must sum to 100 %.`,
  'shares-whole': () => 'The shares of the targets must sum to 100 %.',
  'nothing-closes': () =>
    'Nothing would ever close a deal with a profit: add a target, closing conditions or a time-out.',
  'trail-without-target': () => 'A trail begins at a target; add one.',
  'trail-not-possible': ({ given }) =>
    `A trailing distance of ${given} must be between 0.0001 % and 99.9999 % in steps of 0.0001 %.`,
  'trail-distance': () => 'A trailing distance must be between 0.0001 % and 99.9999 % in steps of 0.0001 %.',
  'stop-not-possible': ({ given }) => `A stop at ${given} cannot be reached or is reached at once.`,
  'stop-before-averaging': ({ given, deepest }) =>
    `The stop at ${given} would close the deal before its last averaging order at ${deepest}; move the stop beyond it or use fewer averaging orders.`,
  'reinvest-in-quote': () =>
    'Reinvesting counts profits in quote against order sizes in quote: set both to quote.',
  'averaging-on-same-price': ({ step, symbol, price, tick }) =>
    `Averaging order ${step} on ${symbol} would stand at the price of the one before (${price}); the market's price step is ${tick}: use a larger deviation or fewer orders.`,
  'averaging-below-zero': ({ step, symbol }) =>
    `Averaging order ${step} on ${symbol} would stand at or below a price of zero; use a smaller deviation, step scale or fewer orders.`,
  'base-breaks-rule': ({ symbol, rule, least, smallest, quote }) =>
    `baseOrder on ${symbol} breaks ${rule} (limit ${least}): the smallest order there is ${smallest} ${quote}; use a larger size.`,
  'averaging-breaks-rule': ({ step, symbol, rule, least, smallest, quote }) =>
    `averaging order ${step} on ${symbol} breaks ${rule} (limit ${least}): the smallest order there is ${smallest} ${quote}; use a larger size.`,
  'position-breaks-rule': ({ symbol, rule, least, smallest, quote }) =>
    `The position breaks ${rule} (limit ${least}): the smallest order on ${symbol} is ${smallest} ${quote}.`,
  'line-breaks-rule': ({ line, symbol, rule, least, smallest, quote }) =>
    `The order at line ${line} breaks ${rule} (limit ${least}): the smallest order on ${symbol} is ${smallest} ${quote}; use a larger size.`,
  'money-short': ({ held, needed, asset, covered, orders }) =>
    `The free ${held} ${asset} covers ${covered} of ${orders} orders of a deal, which needs ${needed} ${asset}; use smaller or fewer orders.`,
  'bounds-crossed': ({ lower, upper }) =>
    `The lower bound ${lower} must be above zero and below the upper bound ${upper}.`,
  'upper-stop-inside': () =>
    'The upper stop must lie above the grid, or it would stop before the last line can sell.',
  'lower-stop-inside': () =>
    'The lower stop must lie below the grid, or it would stop before the last line can buy.',
  'lines-on-same-price': ({ line, next, symbol, price, tick }) =>
    `Lines ${line} and ${next} fall on the same price ${price}: the price step of ${symbol} is ${tick}; use fewer lines or a wider range.`,
  'lines-eaten-by-fees': ({ line, next, lower, upper }) =>
    `Between lines ${line} and ${next} (${lower} and ${upper}) the fees of buying and selling eat the whole gain; use fewer lines or a wider range.`,
  'grid-quote-short': ({ needed, held, quote }) =>
    `The grid needs ${needed} ${quote} and ${held} are free; use a smaller size or fewer lines.`,
  'grid-base-short': ({ needed, held, base }) =>
    `The lines above the price sell ${needed} ${base} and ${held} are free; let the bot buy the rest at the start.`,
  'entry-trails-to-market': () => 'A trailing entry goes to market; give no limit price.',
  'held-without-exit': () => 'A held position needs a target or a stop, or there is nothing to do.',
  'trade-without-end': () => 'The trade would never end: add a target or a stop.',
  'target-without-gain': ({ price }) =>
    `Each target must be a gain over the entry at ${price}; use the stop for losses.`,
  'stop-without-loss': ({ price }) => `The stop must lie on the losing side of the entry at ${price}.`,
};
