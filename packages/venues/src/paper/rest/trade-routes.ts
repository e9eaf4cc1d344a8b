import { findOrder } from '../core/cancel.ts';
import type { OrderReference } from '../core/commands.ts';
import type { Order, OrderType } from '../core/order.ts';
import { refusals } from '../core/refusals.ts';
import type { Venue } from '../venue.ts';
import {
  CLIENT_ID_RANGE,
  SYMBOL_RANGE,
  newClientOrderId,
  readOrderRequest,
  readReference,
  readSymbol,
} from './order-request.ts';
import { Refused, type Parameters } from './parameters.ts';
import { canceledView, orderView, placedView, refusalBody, tradeView, type Json } from './render.ts';
import { admitOrders, marketNamed, requestedMarket, valueOf, type Caller, type Routes } from './route.ts';

const CANCEL_REPLACE_MODES = ['STOP_ON_FAILURE', 'ALLOW_FAILURE'] as const;
const DETAILS = ['ACK', 'RESULT', 'FULL'] as const;

/** Orders and what became of them. */
export const tradeRoutes: Routes = {
  'POST /api/v3/order': { weight: 1, security: 'signed', permission: 'spotTrading', answer: placeAnswer },
  'POST /api/v3/order/test': { weight: 1, security: 'signed', permission: 'spotTrading', answer: testAnswer },
  'POST /api/v3/order/cancelReplace': {
    weight: 1,
    security: 'signed',
    permission: 'spotTrading',
    answer: cancelReplaceAnswer,
  },
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
      const open = account.open.values().filter((order) => symbol === undefined || order.symbol === symbol);
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

/** Checks the parameters and nothing that depends on the book or the balance, like the exchange's own test. */
function testAnswer(venue: Venue, parameters: Parameters, { account }: Caller): Json {
  const request = readOrderRequest(parameters, account.id);
  readDetail(parameters, request.type);
  marketNamed(venue, request.symbol);
  return {};
}

function placeAnswer(venue: Venue, parameters: Parameters, { account }: Caller): Json {
  const request = readOrderRequest(parameters, account.id);
  const detail = readDetail(parameters, request.type);
  parameters.finish();
  admitOrders(venue, account.id, 1);
  const { order, fills } = valueOf(venue.run('place', { order: request, ...venue.faults.takeCut() }));
  return placedView(marketNamed(venue, order.symbol), order, fills, detail);
}

/** Market and limit orders answer in full unless asked otherwise, all others with an acknowledgement. */
function readDetail(parameters: Parameters, type: OrderType): (typeof DETAILS)[number] {
  const otherwise = type === 'MARKET' || type === 'LIMIT' ? 'FULL' : 'ACK';
  return (
    parameters.oneOf('newOrderRespType', DETAILS, refusals.badParameter('newOrderRespType')) ?? otherwise
  );
}

/** Cancels one order and places another. Both journal in one write, so a crash keeps both or neither. */
function cancelReplaceAnswer(venue: Venue, parameters: Parameters, { account }: Caller): Json {
  const mode = parameters.oneOf(
    'cancelReplaceMode',
    CANCEL_REPLACE_MODES,
    refusals.badParameter('cancelReplaceMode'),
  );
  if (mode === undefined) throw new Refused(refusals.missing('cancelReplaceMode'));
  const cancelOrderId = parameters.long('cancelOrderId');
  const cancelClientId = parameters.matching('cancelOrigClientOrderId', CLIENT_ID_RANGE);
  const cancelId = parameters.matching('cancelNewClientOrderId', CLIENT_ID_RANGE) ?? newClientOrderId();
  const request = readOrderRequest(parameters, account.id);
  const detail = readDetail(parameters, request.type);
  parameters.finish();
  if (cancelOrderId === undefined && cancelClientId === undefined) {
    throw new Refused(refusals.oneOf('cancelOrigClientOrderId', 'cancelOrderId'));
  }
  admitOrders(venue, account.id, 1);
  const market = marketNamed(venue, request.symbol);
  const reference: OrderReference =
    cancelOrderId === undefined
      ? { kind: 'client', clientOrderId: cancelClientId ?? '' }
      : { kind: 'id', orderId: cancelOrderId };
  const canceled = venue.run('cancel', { account: account.id, symbol: request.symbol, order: reference });
  const cancelResponse = canceled.ok
    ? canceledView(market, canceled.value, cancelId)
    : refusalBody(canceled.refusal);
  if (!canceled.ok && mode === 'STOP_ON_FAILURE') {
    throw new Refused(refusals.cancelReplaceFailed, {
      cancelResult: 'FAILURE',
      newOrderResult: 'NOT_ATTEMPTED',
      cancelResponse,
      newOrderResponse: null,
    });
  }
  const placed = venue.run('place', { order: request, ...venue.faults.takeCut() });
  const results = {
    cancelResult: canceled.ok ? 'SUCCESS' : 'FAILURE',
    newOrderResult: placed.ok ? 'SUCCESS' : 'FAILURE',
    cancelResponse,
    newOrderResponse: placed.ok
      ? placedView(market, placed.value.order, placed.value.fills, detail)
      : refusalBody(placed.refusal),
  };
  if (canceled.ok && placed.ok) return results;
  throw new Refused(
    canceled.ok || placed.ok ? refusals.cancelReplacePartlyFailed : refusals.cancelReplaceFailed,
    results,
  );
}

function cancelAnswer(venue: Venue, parameters: Parameters, { account }: Caller): Json {
  const symbol = readSymbol(parameters);
  const reference = readReference(parameters);
  const cancelId = parameters.matching('newClientOrderId', CLIENT_ID_RANGE) ?? newClientOrderId();
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
