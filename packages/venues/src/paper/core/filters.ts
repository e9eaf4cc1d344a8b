import type { Account } from './account.ts';
import type { OrderRequest } from './commands.ts';
import { firesAbove } from './close.ts';
import { priceUnits, type Market, type MarketRules } from './market.ts';
import { isAlgo, isUnpriced } from './order.ts';
import { priceBands } from './price-bands.ts';
import type { FilterName } from './refusals.ts';
import { UNITS_PER_ONE } from './units.ts';

/** Minutes over which the average price of the filters is taken. */
export const AVERAGE_PRICE_MINUTES = 5;

/** The first filter of the market that an order fails, in the order of the imitated exchange's `filters.md`. */
export function failedFilter(
  market: Market,
  account: Account,
  order: OrderRequest,
  at: number,
): FilterName | null {
  // An account of the market outside places what is there, on whatever steps.
  const rules = account.kind === 'user' ? market.rules : market.spec.rules;
  if (!priceFits(rules, order.priceUnits) || !priceFits(rules, order.stopPriceUnits)) return 'PRICE_FILTER';
  if (!percentPriceFits(market, order, at)) return 'PERCENT_PRICE_BY_SIDE';
  if (!lotFits(rules, order)) return 'LOT_SIZE';
  if (isUnpriced(order.type) && order.quantityUnits > rules.marketMaxQuantityUnits) return 'MARKET_LOT_SIZE';
  // What is left of an order outside may be small; its level is quoted as it stands.
  if (account.kind === 'user' && !notionalFits(market, order, at)) return 'NOTIONAL';
  if (!trailingFits(rules, order)) return 'TRAILING_DELTA';
  return failedCount(rules, account, order);
}

/** Average price in quote units; the last price while nothing has traded. */
export function averagePriceUnits(market: Market, at: number): bigint {
  const ticks = market.tape.averageTicks(at, AVERAGE_PRICE_MINUTES, market.unitsPerTickLot);
  return priceUnits(market, ticks ?? market.lastTicks);
}

function priceFits(rules: MarketRules, units: bigint): boolean {
  if (units === 0n) return true;
  return units >= rules.minPriceUnits && units <= rules.maxPriceUnits && units % rules.tickUnits === 0n;
}

function percentPriceFits(market: Market, order: OrderRequest, at: number): boolean {
  if (order.priceUnits === 0n) return true;
  const { leastUnits, greatestUnits } = priceBands(market, averagePriceUnits(market, at))[order.side];
  return order.priceUnits >= leastUnits && order.priceUnits <= greatestUnits;
}

/** Orders by quote amount have no quantity of their own and never break this filter. */
function lotFits(rules: MarketRules, order: OrderRequest): boolean {
  if (order.quoteOrderUnits > 0n) return true;
  const units = order.quantityUnits;
  return units >= rules.minQuantityUnits && units <= rules.maxQuantityUnits && units % rules.lotUnits === 0n;
}

/** The least notional holds for market orders too, at the average price; the greatest for priced orders only. */
function notionalFits(market: Market, order: OrderRequest, at: number): boolean {
  const { rules } = market;
  const priced = order.priceUnits > 0n;
  const price = priced ? order.priceUnits : averagePriceUnits(market, at);
  const notional =
    order.quoteOrderUnits > 0n ? order.quoteOrderUnits : (price * order.quantityUnits) / UNITS_PER_ONE;
  return notional >= rules.minNotionalUnits && (!priced || notional <= rules.maxNotionalUnits);
}

function trailingFits(rules: MarketRules, order: OrderRequest): boolean {
  if (order.trailingBips === 0) return true;
  // Falling by 100 % is no price; rising may go as far as the rules say.
  const greatest = firesAbove(order) ? rules.maxTrailingBips : Math.min(rules.maxTrailingBips, 9_999);
  return order.trailingBips >= rules.minTrailingBips && order.trailingBips <= greatest;
}

function failedCount(rules: MarketRules, account: Account, order: OrderRequest): FilterName | null {
  // Background accounts bound their own quotes.
  if (account.kind !== 'user') return null;
  const open = account.openCounts(order.symbol);
  if (open.orders >= rules.maxOpenOrders) return 'MAX_NUM_ORDERS';
  return isAlgo(order.type) && open.algo >= rules.maxOpenAlgoOrders ? 'MAX_NUM_ALGO_ORDERS' : null;
}
