import { pow10 } from './decimal.ts';
import type { Market, Price, Quantity } from './market.ts';

/**
 * The same market, counted as before, with the steps of price and quantity that its venue demands `today`. Venues
 * change them while orders rest: what rests stays, and what is placed off the new steps is refused.
 *
 * Smallest and largest orders stay those of `market`: an exit that rests since before would not be asked for any more
 * under new ones, and with it would go the only order that ends its position.
 */
export function withSteps(market: Market, today: Market): Market {
  const tick = stepAt(today.tick, today.priceScale, market.priceScale) as Price;
  const lot = stepAt(today.lot, today.quantityScale, market.quantityScale) as Quantity;
  return tick === market.tick && lot === market.lot ? market : { ...market, tick, lot };
}

/** The smallest step in units of scale `to` that is a multiple of `step`, which is in units of scale `from`. */
function stepAt(step: bigint, from: number, to: number): bigint {
  if (to >= from) return step * pow10(to - from);
  const unit = pow10(from - to);
  return step / commonDivisor(step, unit);
}

function commonDivisor(one: bigint, other: bigint): bigint {
  return other === 0n ? one : commonDivisor(other, one % other);
}
