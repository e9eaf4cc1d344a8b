import { checkFilters, type Market, type Price } from '@counterfoil/vocabulary';
import { entrySide } from '../direction.ts';
import type { DesiredOrder } from '../working-orders.ts';
import { sizeToQuantity, stepPrice } from './ladder.ts';
import type { DcaDeal } from './state.ts';

/** The price of the next averaging step, or null when all are done or the base order is not complete. */
export function nextStepPrice(deal: DcaDeal, market: Market): Price | null {
  const step = deal.ladder[deal.averagingsDone];
  if (step === undefined || deal.basePrice === null) return null;
  return stepPrice(market, deal.options.direction, deal.basePrice, step);
}

/** The averaging orders that should rest now: the next `activeMax` steps, or the one a condition asked for. */
export function averagingOrders(deal: DcaDeal, market: Market, price: Price): readonly DesiredOrder[] {
  const { averaging, direction } = deal.options;
  if (deal.basePrice === null) return [];
  if (averaging.conditions.length > 0) return deal.averagingNow ? marketAveraging(deal, market, price) : [];
  const orders: DesiredOrder[] = [];
  const end = Math.min(deal.averagingsDone + averaging.activeMax, deal.ladder.length);
  for (let n = deal.averagingsDone; n < end; n++) {
    const step = deal.ladder[n];
    if (step === undefined) break;
    const limit = stepPrice(market, direction, deal.basePrice, step);
    if (limit <= 0n) break;
    const quantity = sizeToQuantity(market, direction, step.size, limit, deal.free);
    if (checkFilters(market, limit, quantity, 'limit') !== null) continue;
    orders.push({ role: `avg${n + 1}`, side: entrySide(direction), type: 'limit', price: limit, quantity });
  }
  return orders;
}

function marketAveraging(deal: DcaDeal, market: Market, price: Price): readonly DesiredOrder[] {
  const step = deal.ladder[deal.averagingsDone];
  if (step === undefined) return [];
  const role = `avg${deal.averagingsDone + 1}`;
  const { direction } = deal.options;
  // The size was fixed when the order was sent; the price has moved since.
  const working = deal.orders.working.find((order) => order.role === role);
  const quantity = working?.quantity ?? sizeToQuantity(market, direction, step.size, price, deal.free);
  if (checkFilters(market, price, quantity, 'market') !== null) return [];
  return [{ role, side: entrySide(direction), type: 'market', price: null, quantity }];
}
