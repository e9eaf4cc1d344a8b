import {
  checkFilters,
  floorToLot,
  type Price,
  type Quantity,
  type Rate,
  shiftByRate,
} from '@counterfoil/vocabulary';
import { averageEntry, openQuantity } from '../account.ts';
import { exitSide, exitTick, isGain, stopPrice } from '../direction.ts';
import { minus, opposite, plus, zero } from '../units.ts';
import type { DesiredOrder } from '../working-orders.ts';
import type { ExitPrice, SmartTradeOptions } from './options.ts';
import type { SmartTradeState } from './state.ts';

/** Where a target stands: its price, or its gain over the average entry. */
export function targetAt(options: SmartTradeOptions, state: SmartTradeState, at: ExitPrice): Price {
  const { market, direction } = options;
  if (at.by === 'price') return exitTick(market, direction, at.price);
  const average = averageEntry(state.account, market);
  const rate = direction === 'long' ? at.rate : opposite(at.rate);
  return exitTick(market, direction, shiftByRate(average, rate, direction === 'long' ? 'ceil' : 'floor'));
}

/** Where the stop stands now: its first place, or the average entry once a target has earned that. */
export function stopAt(
  options: SmartTradeOptions,
  state: SmartTradeState,
): { readonly price: Price; readonly earned: boolean } | null {
  const stop = state.exit?.stop ?? null;
  if (stop === null) return null;
  const { market, direction } = options;
  const average = averageEntry(state.account, market);
  const price = stop.at.by === 'price' ? stop.at.price : stopPrice(market, direction, average, stop.at.rate);
  const earned = exitTick(market, direction, average);
  if (stop.breakeven && state.targetsTaken > 0 && isGain(direction, earned, price))
    return { price: earned, earned: true };
  return { price, earned: false };
}

/** Limit targets rest; a market target appears when its price is reached; a trailed last one not at all. */
export function targetOrders(options: SmartTradeOptions, state: SmartTradeState): readonly DesiredOrder[] {
  const { exit } = state;
  if (exit === null || exit.targets.length === 0 || state.trailingFrom !== null) return [];
  // Funds added while the last target fills leave a rest: the last target stands for it again.
  const taken = Math.min(state.targetsTaken, exit.targets.length - 1);
  const { market, direction } = options;
  let left = exitable(options, state, 'tp');
  let shares = exit.targets.slice(taken).reduce((sum, target) => sum + target.share, 0n);
  const orders: DesiredOrder[] = [];
  for (let n = taken; n < exit.targets.length; n++) {
    const target = exit.targets[n];
    if (target === undefined) break;
    const isLast = n === exit.targets.length - 1;
    const quantity = isLast ? left : floorToLot(market, (left * target.share) / shares);
    shares -= target.share;
    left = minus(left, quantity);
    if (isLast && exit.trailing !== null) break;
    const price = targetAt(options, state, target.at);
    if (target.type === 'market' && !(state.targetNow && n === taken)) continue;
    if (checkFilters(market, price, quantity, target.type) !== null) continue;
    const limit = target.type === 'limit' ? price : null;
    orders.push({ role: `tp${n + 1}`, side: exitSide(direction), type: target.type, price: limit, quantity });
  }
  return orders;
}

/** Leaves the position: at market, or at the limit that the stop names. */
export function closingOrder(options: SmartTradeOptions, state: SmartTradeState): readonly DesiredOrder[] {
  const working = state.orders.working.find((order) => order.role === 'close');
  const { market, direction } = options;
  const asked = state.why === 'stop-loss' ? (state.exit?.stop?.limit ?? null) : null;
  const limit = asked === null ? null : exitTick(market, direction, asked);
  const type = limit === null ? 'market' : 'limit';
  if (working !== undefined)
    return [
      {
        role: 'close',
        side: working.side,
        type: working.type,
        price: working.price,
        quantity: working.quantity,
      },
    ];
  const quantity = exitable(options, state, 'close');
  const at = limit ?? state.price;
  if (at === null || quantity <= 0n || checkFilters(market, at, quantity, type) !== null) return [];
  return [{ role: 'close', side: exitSide(direction), type, price: limit, quantity }];
}

/** Nothing that could be traded is left. */
export function isExited(options: SmartTradeOptions, state: SmartTradeState): boolean {
  const quantity = floorOpen(options, openQuantity(state.account, options.direction));
  return (
    quantity <= 0n ||
    (state.price !== null && checkFilters(options.market, state.price, quantity, 'market') !== null)
  );
}

function exitable(options: SmartTradeOptions, state: SmartTradeState, role: string): Quantity {
  let open = openQuantity(state.account, options.direction);
  for (const order of state.orders.working)
    if (order.role.startsWith(role)) open = plus(open, order.filledQuantity);
  return floorOpen(options, open);
}

function floorOpen(options: SmartTradeOptions, open: Quantity): Quantity {
  return open > 0n ? floorToLot(options.market, open) : zero();
}

/** The distance that a trailing stop keeps: its rate, or that of its price from the entry. */
export function stopDistance(options: SmartTradeOptions, state: SmartTradeState): Rate {
  const at = state.exit?.stop?.at;
  if (at === undefined) return zero();
  if (at.by === 'rate') return at.rate;
  const average = averageEntry(state.account, options.market);
  const distance = at.price > average ? at.price - average : average - at.price;
  // Whole parts per million, as trails are; never zero.
  const ppm = (distance * 1_000_000n) / average;
  return ((ppm > 0n ? ppm : 1n) * 100n) as Rate;
}
