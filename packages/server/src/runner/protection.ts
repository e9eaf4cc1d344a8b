/** Whether a position has its exit: an order that the venue confirmed, or an armed trigger that would sell it. */
import {
  type DcaState,
  isExitTrigger,
  type Parked,
  type SmartTradeState,
  type WorkingOrder,
} from '@counterfoil/engine';
import {
  floorToLot,
  type Market,
  notional,
  parseDecimal,
  type Price,
  type Quantity,
  rescaleUnits,
} from '@counterfoil/vocabulary';
import { type BotPlan, marketsOf } from './plan.ts';
import type { TrackedOrder } from './tracked-order.ts';

/**
 * A refused exit is asked for again within 30 s, and a vault that starts again takes some seconds: a position that has
 * none for longer than two such in a row needs a person.
 */
export const UNPROTECTED_MS_MAX = 90_000;

/** What a position would be sold (or bought back) with. */
interface Position {
  /** Prefix of the names of its triggers. */
  readonly prefix: string;
  readonly market: number;
  readonly exitSide: 'buy' | 'sell';
  readonly open: bigint;
  readonly orders: readonly WorkingOrder[];
}

/**
 * Positions of a bot without an exit, by the prefix of their deal. What in whole lots is worth less than the venue's
 * smallest order of today cannot be sold and needs none; a grid's cells hold what they sell at their own line.
 */
export function nakedPositions(
  plan: BotPlan,
  state: unknown,
  parked: readonly Parked[],
  tracked: ReadonlyMap<string, TrackedOrder>,
  priceOf: (market: Market) => Price | null,
  rulesOf: (market: Market) => Pick<Market, 'notionalMin' | 'lot'>,
): readonly string[] {
  return positionsOf(plan, state)
    .filter(({ prefix, market: index, exitSide, open, orders }) => {
      const market = marketsOf(plan)[index];
      const price = market === undefined ? null : priceOf(market);
      if (market === undefined || price === null) return false;
      // The size of a position, whichever way it stands.
      const size = (open < 0n ? -open : open) as Quantity;
      const rules = rulesOf(market);
      const whole = floorToLot({ ...market, lot: rules.lot }, size);
      if (whole === 0n || notional(market, price, whole, 'floor') < rules.notionalMin) return false;
      const rests = orders.some(
        (order) => order.side === exitSide && tracked.get(order.name)?.state === 'accepted',
      );
      return !rests && !parked.some((one) => one.name.startsWith(prefix) && isExitTrigger(one));
    })
    .map(({ prefix }) => prefix);
}

/**
 * The price that a market order is worth by its venue: its average of some minutes, as decimal text, and never the last
 * one. What the lower of the two makes too small is refused, or is about to be.
 */
export function venueWorth(market: Market, last: Price, average: string): Price {
  const { units, scale } = parseDecimal(average);
  // An average lies between two prices.
  const floored = rescaleUnits(units, scale, market.priceScale, 'floor') as Price;
  return floored < last ? floored : last;
}

function positionsOf(plan: BotPlan, state: unknown): readonly Position[] {
  if (state === null || plan.kind === 'grid') return [];
  const deals =
    plan.kind === 'dca'
      ? // The state of a bot is its own machine's.
        (state as DcaState).deals.map((deal) => ({ ...deal, prefix: `d${deal.number}-` }))
      : (state as SmartTradeState).phase === 'done'
        ? []
        : [{ ...(state as SmartTradeState), market: 0, prefix: '' }];
  // Who leaves keeps the coins, as was asked: they are nobody's position any more.
  const held = deals.filter(({ phase }) => phase !== 'leaving');
  return held.map(({ account, orders, market, prefix }) => ({
    prefix,
    market,
    exitSide: plan.options.direction === 'long' ? 'sell' : 'buy',
    open: account.enteredQuantity - account.exitedQuantity,
    orders: orders.working,
  }));
}
