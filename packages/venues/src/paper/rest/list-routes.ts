import type { OrderRequest } from '../core/commands.ts';
import type { OrderList } from '../core/order-list.ts';
import {
  ORDER_TYPES,
  SELF_TRADE_PREVENTION,
  SIDES,
  TIMES_IN_FORCE,
  isUnpriced,
  type Order,
} from '../core/order.ts';
import { refusals } from '../core/refusals.ts';
import type { Venue } from '../venue.ts';
import { CLIENT_ID_RANGE, demand, newClientOrderId, readSymbol } from './order-request.ts';
import { Refused, type Parameters } from './parameters.ts';
import { canceledView, placedView, type Json } from './render.ts';
import { admitOrders, marketNamed, valueOf, type Caller, type Routes } from './route.ts';

/** Order lists of two: one cancels the other. */
export const listRoutes: Routes = {
  'POST /api/v3/orderList/oco': {
    weight: 1,
    security: 'signed',
    permission: 'spotTrading',
    answer: placeOco,
  },
  'POST /api/v3/order/oco': {
    weight: 1,
    security: 'signed',
    permission: 'spotTrading',
    answer: placeLegacyOco,
  },
  'DELETE /api/v3/orderList': {
    weight: 1,
    security: 'signed',
    permission: 'spotTrading',
    answer: cancelList,
  },
  'GET /api/v3/orderList': {
    weight: 4,
    security: 'signed',
    permission: 'reading',
    answer: (_venue, parameters, caller) => {
      const id = parameters.long('orderListId');
      const clientId = parameters.matching('origClientOrderId', CLIENT_ID_RANGE);
      if (id === undefined && clientId === undefined) {
        throw new Refused(refusals.oneOf('origClientOrderId', 'orderListId'));
      }
      const list = findList(caller, id, clientId);
      if (list === undefined) throw new Refused(refusals.noSuchList);
      return listView(list);
    },
  },
  'GET /api/v3/allOrderList': {
    weight: 20,
    security: 'signed',
    permission: 'reading',
    answer: (_venue, parameters, { account }) => {
      const limit = parameters.bounded('limit', 1, 1_000, 500);
      return [...account.lists.values()].slice(-limit).map(listView);
    },
  },
  'GET /api/v3/openOrderList': {
    weight: 6,
    security: 'signed',
    permission: 'reading',
    answer: (_venue, _parameters, { account }) =>
      [...account.lists.values()].filter((list) => !list.isDone).map(listView),
  },
};

function placeOco(venue: Venue, parameters: Parameters, caller: Caller): Json {
  const shared = readShared(parameters, caller);
  const leg = (place: 'above' | 'below'): OrderRequest => {
    const type = parameters.oneOf(`${place}Type`, ORDER_TYPES, refusals.listTypeNotSupported);
    if (type === undefined) throw new Refused(refusals.missing(`${place}Type`));
    if (type === 'MARKET' || type === 'LIMIT') throw new Refused(refusals.listTypeNotSupported);
    const isTimed = type === 'STOP_LOSS_LIMIT' || type === 'TAKE_PROFIT_LIMIT';
    demand(parameters, `${place}Price`, !isUnpriced(type));
    if (type === 'LIMIT_MAKER') demand(parameters, `${place}StopPrice`, false);
    else if (!parameters.has(`${place}TrailingDelta`)) demand(parameters, `${place}StopPrice`, true);
    demand(parameters, `${place}TimeInForce`, isTimed);
    return {
      ...shared.order,
      type,
      clientOrderId: parameters.matching(`${place}ClientOrderId`, CLIENT_ID_RANGE) ?? newClientOrderId(),
      timeInForce: parameters.oneOf(`${place}TimeInForce`, TIMES_IN_FORCE, refusals.badTimeInForce) ?? 'GTC',
      priceUnits: parameters.units(`${place}Price`) ?? 0n,
      stopPriceUnits: parameters.units(`${place}StopPrice`) ?? 0n,
      trailingBips: parameters.bounded(`${place}TrailingDelta`, 0, 1_000_000, 0),
    };
  };
  return submit(venue, parameters, caller, shared.clientListId, leg('above'), leg('below'));
}

/** The older form: a maker order and a stop, which of them is above follows from the side. */
function placeLegacyOco(venue: Venue, parameters: Parameters, caller: Caller): Json {
  const shared = readShared(parameters, caller);
  demand(parameters, 'price', true);
  demand(parameters, 'stopPrice', true);
  demand(parameters, 'stopLimitTimeInForce', parameters.has('stopLimitPrice'));
  const maker: OrderRequest = {
    ...shared.order,
    type: 'LIMIT_MAKER',
    clientOrderId: parameters.matching('limitClientOrderId', CLIENT_ID_RANGE) ?? newClientOrderId(),
    priceUnits: parameters.units('price') ?? 0n,
  };
  const stop: OrderRequest = {
    ...shared.order,
    type: parameters.has('stopLimitPrice') ? 'STOP_LOSS_LIMIT' : 'STOP_LOSS',
    clientOrderId: parameters.matching('stopClientOrderId', CLIENT_ID_RANGE) ?? newClientOrderId(),
    timeInForce: parameters.oneOf('stopLimitTimeInForce', TIMES_IN_FORCE, refusals.badTimeInForce) ?? 'GTC',
    priceUnits: parameters.units('stopLimitPrice') ?? 0n,
    stopPriceUnits: parameters.units('stopPrice') ?? 0n,
  };
  const [above, below] = maker.side === 'SELL' ? [maker, stop] : [stop, maker];
  return submit(venue, parameters, caller, shared.clientListId, above, below);
}

/** What both legs have in common, as an order that is nothing yet. */
function readShared(parameters: Parameters, caller: Caller): { order: OrderRequest; clientListId: string } {
  const side = parameters.oneOf('side', SIDES, refusals.badSide);
  if (side === undefined) throw new Refused(refusals.missing('side'));
  demand(parameters, 'quantity', true);
  const prevention =
    parameters.oneOf(
      'selfTradePreventionMode',
      SELF_TRADE_PREVENTION,
      refusals.badParameter('selfTradePreventionMode'),
    ) ?? 'EXPIRE_MAKER';
  const order: OrderRequest = {
    account: caller.account.id,
    symbol: readSymbol(parameters),
    clientOrderId: '',
    side,
    type: 'LIMIT_MAKER',
    timeInForce: 'GTC',
    quantityUnits: parameters.units('quantity') ?? 0n,
    quoteOrderUnits: 0n,
    priceUnits: 0n,
    stopPriceUnits: 0n,
    trailingBips: 0,
    selfTradePrevention: prevention,
  };
  return {
    order,
    clientListId: parameters.matching('listClientOrderId', CLIENT_ID_RANGE) ?? newClientOrderId(),
  };
}

function submit(
  venue: Venue,
  parameters: Parameters,
  { account }: Caller,
  clientListId: string,
  above: OrderRequest,
  below: OrderRequest,
): Json {
  parameters.oneOf('newOrderRespType', ['ACK', 'RESULT', 'FULL'], refusals.badParameter('newOrderRespType'));
  parameters.finish();
  admitOrders(venue, account.id, 2);
  const { symbol } = above;
  const list = valueOf(venue.run('place-list', { account: account.id, symbol, clientListId, above, below }));
  return withReports(venue, list, (order) => placedView(marketNamed(venue, symbol), order, [], 'RESULT'));
}

function cancelList(venue: Venue, parameters: Parameters, caller: Caller): Json {
  const symbol = readSymbol(parameters);
  const id = parameters.long('orderListId');
  const clientId = parameters.matching('listClientOrderId', CLIENT_ID_RANGE);
  const cancelId = parameters.matching('newClientOrderId', CLIENT_ID_RANGE) ?? newClientOrderId();
  if (id === undefined && clientId === undefined) {
    throw new Refused(refusals.oneOf('orderListId', 'listClientOrderId'));
  }
  parameters.finish();
  const list = findList(caller, id, clientId);
  const open = list?.orderIds.find((orderId) => caller.account.openOrder(orderId) !== undefined);
  if (list === undefined || list.symbol !== symbol || open === undefined)
    throw new Refused(refusals.unknownOrder);
  valueOf(venue.run('cancel', { account: caller.account.id, symbol, order: { kind: 'id', orderId: open } }));
  return withReports(venue, list, (order) => canceledView(marketNamed(venue, symbol), order, cancelId));
}

function findList(
  { account }: Caller,
  id: number | undefined,
  clientId: string | undefined,
): OrderList | undefined {
  if (id !== undefined) return account.lists.get(id);
  return [...account.lists.values()].findLast((list) => list.clientListId === clientId);
}

/** A list as every answer shows it. */
export function listView(list: Readonly<OrderList>): Json {
  const orders = list.orderIds.map((orderId, index) => ({
    symbol: list.symbol,
    orderId,
    clientOrderId: list.clientOrderIds[index],
  }));
  return {
    orderListId: list.id,
    contingencyType: 'OCO',
    listStatusType: list.isDone ? 'ALL_DONE' : 'EXEC_STARTED',
    listOrderStatus: list.isDone ? 'ALL_DONE' : 'EXECUTING',
    listClientOrderId: list.clientListId,
    transactionTime: list.updatedAt,
    symbol: list.symbol,
    orders,
  };
}

function withReports(venue: Venue, list: OrderList, view: (order: Readonly<Order>) => Json): Json {
  const { orders } = venue.state.account(list.account);
  const reports = list.orderIds.flatMap((id) => {
    const order = orders.get(id);
    return order === undefined ? [] : [view(order)];
  });
  return { ...listView(list), orderReports: reports };
}
