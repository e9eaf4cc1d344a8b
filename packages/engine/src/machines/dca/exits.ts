import {
  type Amount,
  applyRate,
  ceilToLot,
  checkFilters,
  floorToLot,
  type Market,
  type Price,
  priceFor,
  type Quantity,
  quantityFor,
  type Rate,
} from '@counterfoil/vocabulary';
import { type Account, openQuantity, quoteGain } from '../account.ts';
import { exitSide, exitTick, isGain, stopPrice } from '../direction.ts';
import { greatest, least, minus, plus, zero } from '../units.ts';
import type { DesiredOrder, WorkingOrders } from '../working-orders.ts';
import { RATE_ONE, type TakeProfitOptions } from './options.ts';
import type { DcaDeal } from './state.ts';

/** The price at which everything entered has gained `rate` (of all, or of the base order's money), fees aside. */
export function targetPrice(deal: DcaDeal, market: Market, of: 'total' | 'base', rate: Rate): Price {
  const { direction } = deal.options;
  const gain = applyRate(of === 'total' ? deal.account.enteredAmount : deal.baseAmount, rate, 'ceil');
  const wanted =
    direction === 'long' ? plus(deal.account.enteredAmount, gain) : minus(deal.account.enteredAmount, gain);
  const rounding = direction === 'long' ? 'ceil' : 'floor';
  return exitTick(market, direction, priceFor(market, wanted, deal.account.enteredQuantity, rounding));
}

/** The quote gain that `rate` stands for. */
export function wantedGain(deal: DcaDeal, of: 'total' | 'base', rate: Rate): Amount {
  return applyRate(of === 'total' ? deal.account.enteredAmount : deal.baseAmount, rate, 'ceil');
}

/** What closing everything at `price` would gain in quote, fees of the closing aside. */
export function gainAt(deal: DcaDeal, market: Market, price: Price): Amount {
  const { direction } = deal.options;
  const open = openQuantity(deal.account, direction);
  const worth = valueOf(market, price, open);
  const soFar = quoteGain(deal.account, direction);
  return direction === 'long' ? plus(soFar, worth) : minus(soFar, worth);
}

function valueOf(market: Market, price: Price, quantity: Quantity): Amount {
  const shift = BigInt(market.priceScale + market.quantityScale - market.quoteScale);
  const product = price * quantity;
  return (shift >= 0n ? product / 10n ** shift : product * 10n ** -shift) as Amount;
}

/** Limit orders of the targets not taken yet; the trailed one is a trigger instead. */
export function targetOrders(deal: DcaDeal, market: Market): readonly DesiredOrder[] {
  const { takeProfit, direction } = deal.options;
  if (deal.trailingFrom !== null || takeProfit.steps.length === 0) return [];
  // An averaging order that fills while the last target does leaves a rest: the last target stands for it again.
  const done = Math.min(deal.targetsTaken.length, takeProfit.steps.length - 1);
  const filled = filledIn(deal.orders, 'tp');
  let left = exitable(deal, market, filled);
  let shares = remainingShares(takeProfit, done);
  const orders: DesiredOrder[] = [];
  for (let n = done; n < takeProfit.steps.length; n++) {
    const step = takeProfit.steps[n];
    if (step === undefined) break;
    const isLast = n === takeProfit.steps.length - 1;
    const price = targetPrice(deal, market, takeProfit.of, step.rate);
    const share = isLast ? left : floorToLot(market, (left * step.share) / shares);
    shares -= step.share;
    left = minus(left, share);
    if (isLast && takeProfit.trailing !== null) break;
    const quantity =
      isLast && deal.options.profitCurrency === 'base'
        ? plus(recovering(deal, market, price, minus(share, filled)), filled)
        : share;
    if (checkFilters(market, price, quantity, 'limit') !== null) continue;
    orders.push({ role: `tp${n + 1}`, side: exitSide(direction), type: 'limit', price, quantity });
  }
  return orders;
}

/** The order that leaves the whole position at market, or none when what is left cannot be traded. */
export function closingOrder(deal: DcaDeal, market: Market, price: Price): readonly DesiredOrder[] {
  const all = exitable(deal, market, filledIn(deal.orders, 'close'));
  const quantity =
    deal.options.profitCurrency === 'base' && deal.why !== 'stop-loss'
      ? recovering(deal, market, price, all)
      : all;
  const working = deal.orders.working.find((order) => order.role === 'close');
  // A working market order is left alone while the price moves: its quantity was right when it was sent.
  if (working !== undefined && working.state !== 'ended') {
    return [{ role: 'close', side: working.side, type: 'market', price: null, quantity: working.quantity }];
  }
  if (quantity <= 0n || checkFilters(market, price, quantity, 'market') !== null) return [];
  return [{ role: 'close', side: exitSide(deal.options.direction), type: 'market', price: null, quantity }];
}

/** Nothing that could be traded is left to exit at `price`. */
export function isExited(deal: DcaDeal, market: Market, price: Price): boolean {
  if (deal.account.enteredQuantity === 0n) return true;
  let quantity = exitable(deal, market, zero());
  if (deal.options.profitCurrency === 'base') quantity = recovering(deal, market, price, quantity);
  return quantity <= 0n || checkFilters(market, price, quantity, 'market') !== null;
}

/** The last target's price when it is trailed and not reached yet. */
export function trailedTarget(deal: DcaDeal, market: Market): Price | null {
  const { takeProfit } = deal.options;
  const last = takeProfit.steps.at(-1);
  if (takeProfit.trailing === null || deal.trailingFrom !== null || last === undefined) return null;
  return targetPrice(deal, market, takeProfit.of, last.rate);
}

/** Where the stop stands now: its first place, or the level that targets have earned; null when it trails. */
export function stopLevel(
  deal: DcaDeal,
  market: Market,
): { readonly price: Price; readonly earned: boolean } | null {
  const { stopLoss, direction } = deal.options;
  if (stopLoss === null || deal.basePrice === null) return null;
  const price = stopPrice(market, direction, deal.basePrice, stopLoss.rate);
  const earned = earnedLevel(deal, market);
  if (earned !== null && isGain(direction, earned, price)) return { price: earned, earned: true };
  return { price, earned: false };
}

/** Breakeven: after the first target the average entry, after the next the target before, up to the chosen level. */
function earnedLevel(deal: DcaDeal, market: Market): Price | null {
  const breakeven = deal.options.stopLoss?.breakeven ?? null;
  const taken = deal.targetsTaken.length;
  if (breakeven === null || taken === 0) return null;
  const highest = { average: 0, 'target-1': 1, 'target-2': 2 }[breakeven];
  const level = Math.min(taken - 1, highest);
  if (level > 0) return deal.targetsTaken[level - 1] ?? null;
  const average = priceFor(market, deal.account.enteredAmount, deal.account.enteredQuantity, 'halfEven');
  return exitTick(market, deal.options.direction, average);
}

/** Base to exit in whole lots, counting what working exit orders have filled. */
function exitable(deal: DcaDeal, market: Market, filled: Quantity): Quantity {
  const open = plus(openQuantity(deal.account, deal.options.direction), filled);
  return open <= 0n ? zero() : floorToLot(market, open);
}

/** For profit in base: only so much as brings the quote back (long), or as the quote left buys (short). */
function recovering(deal: DcaDeal, market: Market, price: Price, atMost: Quantity): Quantity {
  const { direction } = deal.options;
  const account: Account = deal.account;
  const quote = quoteGain(account, direction);
  if (direction === 'long') {
    const missing = minus(zero<Amount>(), quote);
    if (missing <= 0n) return zero();
    return least(atMost, ceilToLot(market, quantityFor(market, missing, price, 'ceil')));
  }
  return greatest(
    atMost,
    floorToLot(market, quantityFor(market, greatest(quote, zero<Amount>()), price, 'floor')),
  );
}

function filledIn(orders: WorkingOrders, role: string): Quantity {
  let filled = zero<Quantity>();
  for (const order of orders.working)
    if (order.role.startsWith(role)) filled = plus(filled, order.filledQuantity);
  return filled;
}

function remainingShares(takeProfit: TakeProfitOptions, done: number): bigint {
  let shares = 0n;
  for (const step of takeProfit.steps.slice(done)) shares += step.share;
  return shares === 0n ? RATE_ONE : shares;
}
