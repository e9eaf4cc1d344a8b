import type { AccountTrade } from './account.ts';
import { spentAsset } from './close.ts';
import { costUnits, quantityUnits, type Market } from './market.ts';
import type { Order } from './order.ts';
import { FEES_ACCOUNT, type ExchangeState } from './state.ts';

const BIPS_PER_ONE = 10_000n;

/**
 * Exchanges assets for one fill at the maker's price and records it on the tape and with both accounts.
 * Quantities in the queues are the caller's business. Returns the taker's side of the fill.
 */
export function settleFill(
  state: ExchangeState,
  market: Market,
  maker: Order,
  taker: Order,
  ticks: number,
  lots: number,
  at: number,
): AccountTrade {
  const quoteUnits = costUnits(market, ticks, lots);
  const trade = market.tape.record({
    ticks,
    lots,
    quoteUnits,
    at,
    isBuyerMaker: maker.side === 'BUY',
    takerOrderId: taker.id,
  });
  market.lastTicks = ticks;
  const makerFill = settleOne(state, market, maker, trade.id, ticks, lots, quoteUnits, at, true);
  const takerFill = settleOne(state, market, taker, trade.id, ticks, lots, quoteUnits, at, false);
  state.report('TRADE', maker, at, makerFill);
  state.report('TRADE', taker, at, takerFill);
  state.emit({ kind: 'trade', symbol: market.spec.symbol, trade });
  return takerFill;
}

/** One account's half: spend from the order's lock, receive the other asset less commission. */
function settleOne(
  state: ExchangeState,
  market: Market,
  order: Order,
  tradeId: number,
  ticks: number,
  lots: number,
  quoteUnits: bigint,
  at: number,
  isMaker: boolean,
): AccountTrade {
  const { baseAsset, quoteAsset, makerFeeBips, takerFeeBips } = market.spec;
  const account = state.account(order.account);
  const isBuyer = order.side === 'BUY';
  const baseUnits = quantityUnits(market, lots);
  const spentUnits = isBuyer ? quoteUnits : baseUnits;
  const receivedUnits = isBuyer ? baseUnits : quoteUnits;
  const receivedAsset = isBuyer ? baseAsset : quoteAsset;

  // A buyer with a limit has locked the limit price; what the fill was cheaper goes back at once.
  const reservedUnits =
    isBuyer && order.limitTicks > 0 ? costUnits(market, order.limitTicks, lots) : spentUnits;
  const spent = account.balance(spentAsset(market, order.side));
  order.lockedUnits -= reservedUnits;
  spent.locked -= reservedUnits;
  spent.free += reservedUnits - spentUnits;

  // The commission is rounded down to a unit, in the user's favour.
  const feeUnits = (receivedUnits * BigInt(isMaker ? makerFeeBips : takerFeeBips)) / BIPS_PER_ONE;
  account.balance(receivedAsset).free += receivedUnits - feeUnits;
  state.account(FEES_ACCOUNT).balance(receivedAsset).free += feeUnits;

  order.executedLots += lots;
  order.executedQuoteUnits += quoteUnits;
  order.updatedAt = at;
  if (order.quoteOrderUnits > 0n) order.lots = order.executedLots;
  order.status = isComplete(market, order, ticks) ? 'FILLED' : 'PARTIALLY_FILLED';
  account.updatedAt = at;
  const fill: AccountTrade = {
    id: tradeId,
    symbol: order.symbol,
    orderId: order.id,
    listId: order.listId,
    ticks,
    lots,
    quoteUnits,
    feeUnits,
    feeAsset: receivedAsset,
    at,
    isBuyer,
    isMaker,
  };
  if (account.kind === 'user') account.addTrade(fill);
  return fill;
}

/** An order by quote amount is complete when what is left of the amount does not reach one more lot. */
function isComplete(market: Market, order: Order, ticks: number): boolean {
  if (order.quoteOrderUnits === 0n) return order.executedLots === order.lots;
  return order.quoteOrderUnits - order.executedQuoteUnits < costUnits(market, ticks, 1);
}
