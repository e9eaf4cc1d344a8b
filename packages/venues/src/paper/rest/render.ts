import { isAlgo } from '../core/order.ts';
import type { AccountTrade } from '../core/account.ts';
import { priceUnits, quantityUnits, type Market } from '../core/market.ts';
import type { Order } from '../core/order.ts';
import type { Refusal } from '../core/refusals.ts';
import { formatUnits } from '../core/units.ts';

/** JSON as the imitated exchange spells it. */
export type Json = Readonly<Record<string, unknown>>;

export function price(market: Market, ticks: number): string {
  return formatUnits(priceUnits(market, ticks));
}

export function quantity(market: Market, lots: number): string {
  return formatUnits(quantityUnits(market, lots));
}

/** An error as every door of the exchange writes it. */
export function refusalBody(refusal: Refusal): Json {
  return { code: refusal.code, msg: refusal.message };
}

/** The fields that every answer about an order shares. */
function orderCore(market: Market, order: Readonly<Order>): Json {
  return {
    price: price(market, order.limitTicks),
    origQty: quantity(market, order.lots),
    executedQty: quantity(market, order.executedLots),
    origQuoteOrderQty: formatUnits(order.quoteOrderUnits),
    cummulativeQuoteQty: formatUnits(order.executedQuoteUnits),
    status: order.status,
    timeInForce: order.timeInForce,
    type: order.type,
    side: order.side,
    ...(isAlgo(order.type) ? { stopPrice: price(market, order.stopTicks) } : {}),
    ...(order.trailingBips > 0 ? { trailingDelta: order.trailingBips } : {}),
    selfTradePreventionMode: order.selfTradePrevention,
  };
}

/** An order in a query. */
export function orderView(market: Market, order: Readonly<Order>): Json {
  return {
    symbol: order.symbol,
    orderId: order.id,
    orderListId: order.listId,
    clientOrderId: order.clientOrderId,
    ...orderCore(market, order),
    stopPrice: price(market, order.stopTicks),
    icebergQty: formatUnits(0n),
    time: order.createdAt,
    updateTime: order.updatedAt,
    isWorking: order.isWorking,
    workingTime: order.workingAt,
  };
}

/** The answer to a new order at the detail the client asked for. */
export function placedView(
  market: Market,
  order: Readonly<Order>,
  fills: readonly AccountTrade[],
  detail: 'ACK' | 'RESULT' | 'FULL',
): Json {
  const acknowledgement = {
    symbol: order.symbol,
    orderId: order.id,
    orderListId: order.listId,
    clientOrderId: order.clientOrderId,
    transactTime: order.createdAt,
  };
  if (detail === 'ACK') return acknowledgement;
  const result = { ...acknowledgement, ...orderCore(market, order), workingTime: order.workingAt };
  return detail === 'RESULT' ? result : { ...result, fills: fills.map((fill) => fillView(market, fill)) };
}

/** The answer to a cancel: the order's own client id moves to `origClientOrderId`. */
export function canceledView(market: Market, order: Readonly<Order>, cancelId: string): Json {
  return {
    symbol: order.symbol,
    origClientOrderId: order.clientOrderId,
    orderId: order.id,
    orderListId: order.listId,
    clientOrderId: cancelId,
    transactTime: order.updatedAt,
    ...orderCore(market, order),
  };
}

/** One row of `myTrades`. */
export function tradeView(market: Market, trade: AccountTrade): Json {
  return {
    symbol: trade.symbol,
    id: trade.id,
    orderId: trade.orderId,
    orderListId: trade.listId,
    price: price(market, trade.ticks),
    qty: quantity(market, trade.lots),
    quoteQty: formatUnits(trade.quoteUnits),
    commission: formatUnits(trade.feeUnits),
    commissionAsset: trade.feeAsset,
    time: trade.at,
    isBuyer: trade.isBuyer,
    isMaker: trade.isMaker,
    isBestMatch: true,
  };
}

function fillView(market: Market, fill: AccountTrade): Json {
  return {
    price: price(market, fill.ticks),
    qty: quantity(market, fill.lots),
    commission: formatUnits(fill.feeUnits),
    commissionAsset: fill.feeAsset,
    tradeId: fill.id,
  };
}
