import { findOrder } from '../core/cancel.ts';
import type { Order } from '../core/order.ts';
import { refusals } from '../core/refusals.ts';
import type { Venue } from '../venue.ts';
import {
  SYMBOL_RANGE,
  newClientOrderId,
  readOrderRequest,
  readReference,
  readSymbol,
} from './order-request.ts';
import { Refused, type Parameters } from './parameters.ts';
import { canceledView, orderView, placedView, tradeView, type Json } from './render.ts';
import { marketNamed, requestedMarket, valueOf, type Caller, type Routes } from './route.ts';

const DETAILS = ['ACK', 'RESULT', 'FULL'] as const;
const CANCEL_ID_RANGE = '^[a-zA-Z0-9-_]{1,36}$';

/** Orders and what became of them. */
export const tradeRoutes: Routes = {
  'POST /api/v3/order': { weight: 1, security: 'signed', permission: 'spotTrading', answer: placeAnswer },
  'DELETE /api/v3/order': { weight: 1, security: 'signed', permission: 'spotTrading', answer: cancelAnswer },
  'GET /api/v3/order': {
    weight: 4,
    security: 'signed',
    permission: 'reading',
    answer: (venue, parameters, { account }) => {
      const market = requestedMarket(venue, parameters);
      const order = findOrder(account, market.spec.symbol, readReference(parameters));
      if (order === undefined) throw new Refused(refusals.noSuchOrder);
      return orderView(market, order);
    },
  },
  'GET /api/v3/openOrders': {
    weight: 6,
    security: 'signed',
    permission: 'reading',
    answer: (venue, parameters, { account }) => {
      const symbol = parameters.matching('symbol', SYMBOL_RANGE);
      if (symbol !== undefined) marketNamed(venue, symbol);
      const open = [...account.open.values()].filter(
        (order) => symbol === undefined || order.symbol === symbol,
      );
      return open.map((order) => viewOf(venue, order));
    },
  },
  'DELETE /api/v3/openOrders': {
    weight: 1,
    security: 'signed',
    permission: 'spotTrading',
    answer: (venue, parameters, { account }) => {
      const symbol = readSymbol(parameters);
      parameters.finish();
      const canceled = valueOf(venue.run('cancel-all', { account: account.id, symbol }));
      return canceled.map((order) => canceledView(marketNamed(venue, symbol), order, newClientOrderId()));
    },
  },
  'GET /api/v3/allOrders': {
    weight: 20,
    security: 'signed',
    permission: 'reading',
    answer: (venue, parameters, { account }) => {
      const market = requestedMarket(venue, parameters);
      const { fromId, start, end, limit } = readHistoryPage(parameters, 'orderId');
      const matching = [...account.orders.values()].filter(
        (order) =>
          order.symbol === market.spec.symbol &&
          order.id >= fromId &&
          order.createdAt >= start &&
          order.createdAt <= end,
      );
      return page(matching, fromId > 0 || start > 0, limit).map((order) => orderView(market, order));
    },
  },
  'GET /api/v3/myTrades': {
    weight: 20,
    security: 'signed',
    permission: 'reading',
    answer: (venue, parameters, { account }) => {
      const market = requestedMarket(venue, parameters);
      const orderId = parameters.long('orderId');
      const { fromId, start, end, limit } = readHistoryPage(parameters, 'fromId');
      const matching = account.trades.filter(
        (trade) =>
          trade.symbol === market.spec.symbol &&
          (orderId === undefined || trade.orderId === orderId) &&
          trade.id >= fromId &&
          trade.at >= start &&
          trade.at <= end,
      );
      return page(matching, fromId > 0 || start > 0, limit).map((trade) => tradeView(market, trade));
    },
  },
};

function placeAnswer(venue: Venue, parameters: Parameters, { account }: Caller): Json {
  const request = readOrderRequest(parameters, account.id);
  // Market and limit orders answer in full unless asked otherwise, all others with an acknowledgement.
  const otherwise = request.type === 'MARKET' || request.type === 'LIMIT' ? 'FULL' : 'ACK';
  const detail =
    parameters.oneOf('newOrderRespType', DETAILS, refusals.badParameter('newOrderRespType')) ?? otherwise;
  parameters.finish();
  const { order, fills } = valueOf(venue.run('place', { order: request }));
  return placedView(marketNamed(venue, order.symbol), order, fills, detail);
}

function cancelAnswer(venue: Venue, parameters: Parameters, { account }: Caller): Json {
  const symbol = readSymbol(parameters);
  const reference = readReference(parameters);
  const cancelId = parameters.matching('newClientOrderId', CANCEL_ID_RANGE) ?? newClientOrderId();
  parameters.finish();
  const order = valueOf(venue.run('cancel', { account: account.id, symbol, order: reference }));
  return canceledView(marketNamed(venue, symbol), order, cancelId);
}

function viewOf(venue: Venue, order: Order): Json {
  return orderView(marketNamed(venue, order.symbol), order);
}

interface HistoryPage {
  readonly fromId: number;
  readonly start: number;
  readonly end: number;
  readonly limit: number;
}

function readHistoryPage(parameters: Parameters, idName: string): HistoryPage {
  return {
    fromId: parameters.long(idName) ?? 0,
    start: parameters.long('startTime') ?? 0,
    end: parameters.long('endTime') ?? Number.MAX_SAFE_INTEGER,
    limit: parameters.bounded('limit', 1, 1_000, 500),
  };
}

/** The first rows from a stated start, the latest rows otherwise. */
function page<T>(rows: readonly T[], hasStart: boolean, limit: number): readonly T[] {
  return hasStart ? rows.slice(0, limit) : rows.slice(-limit);
}
