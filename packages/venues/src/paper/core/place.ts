import type { Account, AccountTrade } from './account.ts';
import { firesAbove, spentAsset } from './close.ts';
import type { OrderRequest } from './commands.ts';
import { failedFilter } from './filters.ts';
import { initialLock, marketEstimate } from './lock.ts';
import { oppositeSide, type Market } from './market.ts';
import { isAlgo, isOpen, type Order } from './order.ts';
import { accepted, refusals, refused, type Outcome, type Refusal } from './refusals.ts';
import type { ExchangeState } from './state.ts';
import { takeAndRest } from './take.ts';
import { armStop, fireStops } from './stops.ts';

export interface Placed {
  readonly order: Readonly<Order>;
  readonly fills: readonly AccountTrade[];
}

/** Life of a new order: checked, locked, then armed as a stop or let into the book. A refusal changes nothing. */
export function placeOrder(
  state: ExchangeState,
  request: OrderRequest,
  at: number,
  isCutShort = false,
): Outcome<Placed> {
  const market = state.markets.get(request.symbol);
  if (market === undefined) return refused(refusals.badSymbol);
  const account = state.account(request.account);
  const refusal = checkOrder(market, account, request, at);
  if (refusal !== null) return refused(refusal);

  const order = makeOrder(state.nextOrderId, -1, market, request, at);
  const lockUnits = initialLock(market, order);
  const asset = spentAsset(market, order.side);
  const estimateUnits = order.type === 'MARKET' ? marketEstimate(market, order) : lockUnits;
  if (account.balance(asset).free < estimateUnits) return refused(refusals.insufficientBalance);

  state.nextOrderId += 1;
  account.lock(asset, lockUnits);
  order.lockedUnits = lockUnits;
  account.updatedAt = at;
  account.keep(order);
  state.report('NEW', order, at);
  if (!order.isWorking) {
    armStop(market, order);
    return accepted({ order, fills: [] });
  }
  const fills = takeAndRest(state, market, order, at, isCutShort);
  fireStops(state, market, fills, at);
  return accepted({ order, fills });
}

/** The first reason against an order that has nothing to do with the account's funds. */
export function checkOrder(
  market: Market,
  account: Account,
  request: OrderRequest,
  at: number,
): Refusal | null {
  if (market.status !== 'TRADING') return refusals.marketClosed;
  const filter = failedFilter(market, account, request, at);
  if (filter !== null) return refusals.filter(filter);
  const namesake = account.orders.byClientId(request.symbol, request.clientOrderId);
  if (namesake !== undefined && isOpen(namesake)) return refusals.duplicateOrder;
  if (request.type === 'LIMIT_MAKER' && wouldTake(market, request)) return refusals.wouldTake;
  if (isAlgo(request.type) && wouldTrigger(market, request)) return refusals.wouldTrigger;
  return null;
}

function wouldTake(market: Market, request: OrderRequest): boolean {
  const side = oppositeSide(market, request.side);
  const best = side.best();
  return best !== undefined && side.reaches(best.ticks, toTicks(market, request.priceUnits));
}

/** A trailing order without a stop price starts trailing at once and cannot be too late. */
function wouldTrigger(market: Market, request: OrderRequest): boolean {
  if (request.stopPriceUnits === 0n) return false;
  const stop = toTicks(market, request.stopPriceUnits);
  if (request.trailingBips > 0) return false;
  return firesAbove(request) ? market.lastTicks >= stop : market.lastTicks <= stop;
}

function toTicks(market: Market, units: bigint): number {
  return Number(units / market.spec.rules.tickUnits);
}

/** The order of a checked request, not yet locked, kept or working. `listId` is -1 outside a list. */
export function makeOrder(
  id: number,
  listId: number,
  market: Market,
  request: OrderRequest,
  at: number,
): Order {
  const lots = Number(request.quantityUnits / market.spec.rules.lotUnits);
  const isWorking = !isAlgo(request.type);
  return {
    id,
    account: request.account,
    symbol: request.symbol,
    clientOrderId: request.clientOrderId,
    side: request.side,
    type: request.type,
    timeInForce: request.timeInForce,
    limitTicks: toTicks(market, request.priceUnits),
    lots,
    openLots: lots,
    quoteOrderUnits: request.quoteOrderUnits,
    stopTicks: toTicks(market, request.stopPriceUnits),
    trailingBips: request.trailingBips,
    trailingExtremeTicks: 0,
    selfTradePrevention: request.selfTradePrevention,
    listId,
    createdAt: at,
    status: 'NEW',
    isWorking,
    workingAt: isWorking ? at : -1,
    updatedAt: at,
    executedLots: 0,
    executedQuoteUnits: 0n,
    lockedUnits: 0n,
    level: null,
    previous: null,
    next: null,
    olderOpen: null,
    newerOpen: null,
  };
}
