import { checkFilters, floorToTick, type Price, type Rate, shiftByRate } from '@counterfoil/vocabulary';
import { emptyAccount } from '../account.ts';
import { entrySide } from '../direction.ts';
import type { Note } from '../notes.ts';
import { zero } from '../units.ts';
import { noOrders } from '../working-orders.ts';
import { type LadderStep, ladderSteps, scaleSize, sizeToQuantity } from './ladder.ts';
import type { DcaOptions, OrderSize } from './options.ts';
import type { DcaDeal, DcaState, MarketWatch } from './state.ts';

/** The range in which deals may start, as prices; null for no range. */
export function rangeOf(
  options: DcaOptions,
  watch: MarketWatch,
): { readonly min: Price | null; readonly max: Price | null } | null {
  const range = options.start.priceRange;
  if (range === null) return null;
  if (range.by === 'price') return range;
  const { reference } = watch;
  const at = (rate: Rate | null): Price | null =>
    rate === null || reference === null ? null : shiftByRate(reference, rate, 'halfEven');
  return { min: at(range.min), max: at(range.max) };
}

export function isInRange(options: DcaOptions, watch: MarketWatch, price: Price): boolean {
  const range = rangeOf(options, watch);
  if (range === null) return true;
  return (range.min === null || price >= range.min) && (range.max === null || price <= range.max);
}

/**
 * A new deal at `price`, or the reason why its base order cannot exist. Its sizes are the options' times what was
 * earned or lost before.
 */
export function openDeal(
  options: DcaOptions,
  state: DcaState,
  index: number,
  price: Price,
  atMs: number,
): { readonly deal: DcaDeal } | { readonly refused: Note } {
  const market = options.markets[index];
  if (market === undefined)
    return { refused: { code: 'ignored', what: 'deal start', why: 'no-such-market', detail: String(index) } };
  const sizes = grownSizes(options, state);
  // A limit base order waits one tick inside the market: at the price itself it would cross the spread.
  const limit = options.baseOrderType === 'limit' ? floorToTick(market, price) : null;
  const quantity = sizeToQuantity(market, options.direction, sizes.base, limit ?? price, state.free);
  const broken = checkFilters(market, limit ?? floorToTick(market, price), quantity, options.baseOrderType);
  if (broken !== null || quantity === 0n) {
    const { reason, limit: least } = broken ?? { reason: 'quantityTooSmall', limit: '0' };
    return { refused: { code: 'order-too-small', market: index, reason, limit: least } };
  }
  const number = state.dealsStarted + 1;
  return {
    deal: {
      number,
      market: index,
      startedAtMs: atMs,
      phase: 'opening',
      why: null,
      base: {
        role: 'base',
        side: entrySide(options.direction),
        type: options.baseOrderType,
        price: limit,
        quantity,
      },
      orders: noOrders(`d${number}`, index),
      account: emptyAccount,
      basePrice: null,
      partlyOpenSinceMs: null,
      baseAmount: zero(),
      ladder: sizes.ladder,
      free: state.free,
      averagingsDone: 0,
      averagingNow: false,
      extras: [],
      extrasMade: 0,
      targetsTaken: [],
      trailingFrom: null,
      stopCountdownUntilMs: null,
      closeAfterMs: null,
      averageAfterMs: null,
      options,
    },
  };
}

/** Base order and ladder, grown by reinvested profits or shrunk after losses in proportion to the planned money. */
function grownSizes(
  options: DcaOptions,
  state: DcaState,
): { readonly base: OrderSize; readonly ladder: readonly LadderStep[] } {
  const ladder = plannedLadder(options);
  const planned = plannedMoney(options.baseOrder, ladder);
  if (state.carried === 0n || planned === null) return { base: options.baseOrder, ladder };
  const grown = planned + state.carried;
  // After losses beyond the plan the orders fall below the market's minimum, which is then said; never negative.
  const money = grown > 0n ? grown : 0n;
  return {
    base: scaleSize(options.baseOrder, money, planned),
    ladder: ladder.map((step) => ({ ...step, size: scaleSize(step.size, money, planned) })),
  };
}

/** The money of a whole deal in quote, or null when sizes are not all in quote. */
export function plannedMoney(base: OrderSize, ladder: readonly LadderStep[]): bigint | null {
  if (base.by !== 'quote') return null;
  let money: bigint = base.amount;
  for (const { size } of ladder) {
    if (size.by !== 'quote') return null;
    money += size.amount;
  }
  return money;
}

/** Options are immutable, so their ladder is computed once. */
const ladders = new WeakMap<DcaOptions, readonly LadderStep[]>();

function plannedLadder(options: DcaOptions): readonly LadderStep[] {
  let ladder = ladders.get(options);
  if (ladder === undefined) {
    ladder = ladderSteps(options);
    ladders.set(options, ladder);
  }
  return ladder;
}

/** First look at a market: the price that percent ranges count from. */
export function lookedAt(watch: MarketWatch, price: Price): MarketWatch {
  if (watch.lastPrice === price && watch.reference !== null) return watch;
  return { ...watch, reference: watch.reference ?? price, lastPrice: price };
}
