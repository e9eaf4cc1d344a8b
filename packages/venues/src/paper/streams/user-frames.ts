import type { ExchangeEvent } from '../core/state.ts';
import type { Market } from '../core/market.ts';
import { isOpen } from '../core/order.ts';
import { formatUnits } from '../core/units.ts';
import { listView } from '../rest/list-routes.ts';
import { price, quantity, type Json } from '../rest/render.ts';

/** The account an event belongs to; `null` for a public one. */
export function ownerOf(event: ExchangeEvent): number | null {
  switch (event.kind) {
    case 'execution':
      return event.order.account;
    case 'list':
      return event.list.account;
    case 'deposit':
    case 'balances':
      return event.account;
    case 'trade':
      return null;
  }
}

/** An event of an account as its user data stream tells it; `null` for a public one. */
export function userFrame(event: ExchangeEvent, marketOf: (symbol: string) => Market): Json | null {
  switch (event.kind) {
    case 'execution':
      return executionReport(event, marketOf(event.order.symbol));
    case 'balances':
      return {
        e: 'outboundAccountPosition',
        E: event.at,
        u: event.at,
        B: event.balances.map(({ asset, free, locked }) => ({
          a: asset,
          f: formatUnits(free),
          l: formatUnits(locked),
        })),
      };
    case 'deposit':
      return { e: 'balanceUpdate', E: event.at, a: event.asset, d: formatUnits(event.units), T: event.at };
    case 'list':
      return listStatus(event);
    case 'trade':
      return null;
  }
}

function executionReport(event: Extract<ExchangeEvent, { kind: 'execution' }>, market: Market): Json {
  const { order, progress, fill, execution, at } = event;
  const isCancel = execution === 'CANCELED';
  return {
    e: 'executionReport',
    E: at,
    s: order.symbol,
    c: order.clientOrderId,
    S: order.side,
    o: order.type,
    f: order.timeInForce,
    q: quantity(market, progress.lots),
    p: price(market, order.limitTicks),
    P: price(market, progress.stopTicks),
    ...(order.trailingBips > 0 ? { d: order.trailingBips } : {}),
    F: formatUnits(0n),
    g: order.listId,
    C: isCancel ? order.clientOrderId : '',
    x: execution,
    X: progress.status,
    r: 'NONE',
    i: order.id,
    l: quantity(market, fill?.lots ?? 0),
    z: quantity(market, progress.executedLots),
    L: price(market, fill?.ticks ?? 0),
    n: fill === null ? '0' : formatUnits(fill.feeUnits),
    N: fill?.feeAsset ?? null,
    T: at,
    t: fill?.id ?? -1,
    I: order.id,
    w: progress.isWorking && isOpen(progress),
    m: fill?.isMaker ?? false,
    M: false,
    O: order.createdAt,
    Z: formatUnits(progress.executedQuoteUnits),
    Y: formatUnits(fill?.quoteUnits ?? 0n),
    Q: formatUnits(order.quoteOrderUnits),
    ...(progress.isWorking ? { W: progress.workingAt } : {}),
    V: order.selfTradePrevention,
  };
}

function listStatus({ list, at }: Extract<ExchangeEvent, { kind: 'list' }>): Json {
  const view = listView(list);
  return {
    e: 'listStatus',
    E: at,
    s: list.symbol,
    g: list.id,
    c: view['contingencyType'],
    l: view['listStatusType'],
    L: view['listOrderStatus'],
    r: 'NONE',
    C: list.clientListId,
    T: list.updatedAt,
    O: list.orderIds.map((id, index) => ({ s: list.symbol, i: id, c: list.clientOrderIds[index] })),
  };
}
