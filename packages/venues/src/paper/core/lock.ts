import { costUnits, oppositeSide, quantityUnits, type Market } from './market.ts';
import { isUnpriced, type Order } from './order.ts';

/**
 * What an order locks when it is placed: everything it can spend at its limit. A stop without a limit locks
 * for its stop price and takes what is missing from the free balance when it fires. A market order locks as
 * it is filled.
 */
export function initialLock(market: Market, order: Order): bigint {
  if (order.type === 'MARKET') return 0n;
  if (order.side === 'SELL') return quantityUnits(market, order.lots);
  const ticks = isUnpriced(order.type) ? order.stopTicks || market.lastTicks : order.limitTicks;
  return costUnits(market, ticks, order.lots);
}

/** What a market order would spend on the book as it stands. */
export function marketEstimate(market: Market, order: Order): bigint {
  const isBuy = order.side === 'BUY';
  if (isBuy && order.quoteOrderUnits > 0n) return order.quoteOrderUnits;
  if (!isBuy && order.quoteOrderUnits === 0n) return quantityUnits(market, order.lots);
  let restLots = order.lots;
  let restUnits = order.quoteOrderUnits;
  let spent = 0n;
  for (const level of oppositeSide(market, order.side).fromBest()) {
    if (isBuy) {
      const lots = Math.min(restLots, level.lots);
      spent += costUnits(market, level.ticks, lots);
      restLots -= lots;
      if (restLots === 0) break;
    } else {
      const affordable = Number(restUnits / costUnits(market, level.ticks, 1));
      const lots = Math.min(affordable, level.lots);
      spent += quantityUnits(market, lots);
      restUnits -= costUnits(market, level.ticks, lots);
      if (lots < level.lots) break;
    }
  }
  return spent;
}
