import type { AccountTrade } from './account.ts';
import { firesAbove, leaveQueue } from './close.ts';
import { initialLock } from './lock.ts';
import type { Market } from './market.ts';
import type { Order } from './order.ts';
import type { ExchangeState } from './state.ts';
import { takeAndRest } from './take.ts';
import { winList } from './win-list.ts';

const BIPS_PER_ONE = 10_000;

/** Lets an order wait for its stop price, or follow the market when it trails. */
export function armStop(market: Market, order: Order): void {
  if (order.trailingBips > 0) {
    market.trailing.add(order);
    if (order.stopTicks === 0) order.trailingExtremeTicks = market.lastTicks;
    return;
  }
  (firesAbove(order) ? market.armedAbove : market.armedBelow).add(order, order.stopTicks);
}

/**
 * Fires every stop that the prices of these fills reached, and those that the fired ones reach in turn: each
 * round takes at least one stop away, so it ends.
 */
export function fireStops(
  state: ExchangeState,
  market: Market,
  fills: readonly AccountTrade[],
  at: number,
): void {
  if (fills.length === 0) return;
  const prices = fills.map((fill) => fill.ticks);
  fireStopsAt(state, market, prices, at);
}

/** The same for prices that come from outside; the prices of the fills they cause are added to the list. */
export function fireStopsAt(state: ExchangeState, market: Market, prices: number[], at: number): void {
  for (let index = 0; index < prices.length; index++) {
    const ticks = prices[index];
    if (ticks === undefined) break;
    followTrails(market, ticks);
    for (let stop = reachedStop(market, ticks); stop !== undefined; stop = reachedStop(market, ticks)) {
      leaveQueue(market, stop);
      winList(state, market, stop, initialLock(market, stop), at);
      stop.isWorking = true;
      stop.workingAt = at;
      stop.updatedAt = at;
      state.report('NEW', stop, at);
      for (const fill of takeAndRest(state, market, stop, at)) prices.push(fill.ticks);
    }
  }
}

function reachedStop(market: Market, ticks: number): Order | undefined {
  const above = market.armedAbove.best();
  if (above !== undefined && above.ticks <= ticks && above.first !== null) return above.first;
  const below = market.armedBelow.best();
  if (below !== undefined && below.ticks >= ticks && below.first !== null) return below.first;
  for (const order of market.trailing) {
    if (order.trailingExtremeTicks === 0) continue;
    if (firesAbove(order) ? ticks >= order.stopTicks : ticks <= order.stopTicks) return order;
  }
  return undefined;
}

/**
 * Moves the extremes of trailing orders. One that fires above follows the lowest price down and fires when the
 * market rises from it by its distance; one that fires below is the mirror image. With a stop price it starts
 * to follow only once the market has reached that price.
 */
function followTrails(market: Market, ticks: number): void {
  for (const order of market.trailing) {
    const above = firesAbove(order);
    if (order.trailingExtremeTicks === 0) {
      if (above ? ticks < order.stopTicks : ticks > order.stopTicks) continue;
      order.trailingExtremeTicks = ticks;
    }
    const extreme = order.trailingExtremeTicks;
    order.trailingExtremeTicks = above ? Math.min(extreme, ticks) : Math.max(extreme, ticks);
    order.stopTicks = trailedStop(order.trailingExtremeTicks, order.trailingBips, above);
  }
}

/** The stop price in whole ticks, on the far side of the exact value. */
function trailedStop(extremeTicks: number, bips: number, above: boolean): number {
  return above
    ? Math.ceil((extremeTicks * (BIPS_PER_ONE + bips)) / BIPS_PER_ONE)
    : Math.floor((extremeTicks * (BIPS_PER_ONE - bips)) / BIPS_PER_ONE);
}
