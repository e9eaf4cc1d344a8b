import assert from 'node:assert/strict';
import { Account, type AccountKind, type AccountTrade, type Balance } from './account.ts';
import type { ApiKey } from './api-key.ts';
import type { FlowState } from './flow-state.ts';
import { openMarket, type Market, type MarketRules, type MarketSpec, type MarketStatus } from './market.ts';
import type { OrderList } from './order-list.ts';
import { isOpen, unlinked, type Order } from './order.ts';
import type { PriceLevels } from './price-levels.ts';
import { ExchangeState } from './state.ts';
import { Tape } from './tape.ts';

/** The queues of a market as order ids in the order in which they would be filled. */
interface SavedQueues {
  readonly bids: readonly number[];
  readonly asks: readonly number[];
  readonly armedAbove: readonly number[];
  readonly armedBelow: readonly number[];
  readonly trailing: readonly number[];
}

interface SavedMarket extends SavedQueues {
  readonly spec: MarketSpec;
  readonly rules: MarketRules;
  readonly status: MarketStatus;
  readonly tape: ReturnType<Tape['save']>;
  readonly lastTicks: number;
  readonly feedAccount: number;
  readonly fedUntil: number;
  readonly updateId: number;
  readonly flow: FlowState | null;
}

interface SavedAccount {
  readonly id: number;
  readonly name: string;
  readonly kind: AccountKind;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly balances: ReadonlyMap<string, Balance>;
  readonly orders: readonly Order[];
  readonly trades: readonly AccountTrade[];
  readonly lists: readonly OrderList[];
}

/** The whole exchange as plain data, without the links between orders. */
export interface Snapshot {
  readonly accounts: readonly SavedAccount[];
  readonly keys: readonly ApiKey[];
  readonly markets: readonly SavedMarket[];
  readonly nextAccountId: number;
  readonly nextOrderId: number;
  readonly nextListId: number;
  readonly lastAt: number;
}

export function takeSnapshot(state: ExchangeState): Snapshot {
  return {
    accounts: [...state.accounts.values()].map((account) => ({
      id: account.id,
      name: account.name,
      kind: account.kind,
      createdAt: account.createdAt,
      updatedAt: account.updatedAt,
      balances: account.balances,
      orders: Array.from(account.orders.values(), unlinked),
      trades: account.trades,
      lists: [...account.lists.values()],
    })),
    keys: [...state.keys.values()],
    markets: [...state.markets.values()].map((market) => ({
      spec: market.spec,
      rules: market.rules,
      status: market.status,
      tape: market.tape.save(),
      lastTicks: market.lastTicks,
      feedAccount: market.feedAccount,
      fedUntil: market.fedUntil,
      updateId: market.updateId,
      flow: state.flows.get(market.spec.symbol) ?? null,
      bids: ids(market.bids.orders()),
      asks: ids(market.asks.orders()),
      armedAbove: ids(market.armedAbove.orders()),
      armedBelow: ids(market.armedBelow.orders()),
      trailing: ids(market.trailing),
    })),
    nextAccountId: state.nextAccountId,
    nextOrderId: state.nextOrderId,
    nextListId: state.nextListId,
    lastAt: state.lastAt,
  };
}

/** Rebuilds the exchange. The snapshot's objects become part of it: give it a fresh copy. */
export function restoreSnapshot(snapshot: Snapshot): ExchangeState {
  const state = new ExchangeState();
  state.nextAccountId = snapshot.nextAccountId;
  state.nextOrderId = snapshot.nextOrderId;
  state.nextListId = snapshot.nextListId;
  state.lastAt = snapshot.lastAt;
  for (const key of snapshot.keys) state.keys.set(key.id, key);
  const open = new Map<number, Order>();
  for (const saved of snapshot.accounts) {
    const account = restoreAccount(saved);
    state.accounts.set(account.id, account);
    for (const order of account.open.values()) open.set(order.id, order);
  }
  for (const saved of snapshot.markets) {
    const market = restoreMarket(saved, open);
    state.markets.set(saved.spec.symbol, market);
    if (saved.flow !== null) state.flows.set(saved.spec.symbol, saved.flow);
  }
  return state;
}

function ids(orders: Iterable<Order>): number[] {
  return Array.from(orders, (order) => order.id);
}

function restoreAccount(saved: SavedAccount): Account {
  const account = new Account(saved.id, saved.name, saved.kind, saved.createdAt);
  account.updatedAt = saved.updatedAt;
  for (const [asset, balance] of saved.balances) account.balances.set(asset, balance);
  for (const order of saved.orders) account.restore(order, isOpen(order));
  account.trades.push(...saved.trades);
  for (const list of saved.lists) account.lists.set(list.id, list);
  return account;
}

function restoreMarket(saved: SavedMarket, open: ReadonlyMap<number, Order>): Market {
  const market: Market = { ...openMarket(saved.spec), tape: Tape.restore(saved.tape) };
  market.rules = saved.rules;
  market.status = saved.status;
  market.lastTicks = saved.lastTicks;
  market.feedAccount = saved.feedAccount;
  market.fedUntil = saved.fedUntil;
  market.updateId = saved.updateId;
  const find = (id: number): Order => {
    const order = open.get(id);
    assert(order !== undefined, `order ${id} waits in a queue and so is open`);
    return order;
  };
  const fill = (
    queue: PriceLevels<Order>,
    orderIds: readonly number[],
    ticks: (order: Order) => number,
  ): void => {
    for (const order of orderIds.map(find)) queue.add(order, ticks(order));
  };
  fill(market.bids, saved.bids, (order) => order.limitTicks);
  fill(market.asks, saved.asks, (order) => order.limitTicks);
  fill(market.armedAbove, saved.armedAbove, (order) => order.stopTicks);
  fill(market.armedBelow, saved.armedBelow, (order) => order.stopTicks);
  for (const id of saved.trailing) market.trailing.add(find(id));
  return market;
}
