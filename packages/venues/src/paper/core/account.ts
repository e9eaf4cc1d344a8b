import assert from 'node:assert/strict';
import type { OrderList } from './order-list.ts';
import { isAlgo, type Order } from './order.ts';

/**
 * `user`: someone's paper account. `background`: seeded makers and takers. `outside`: where assets come from,
 * so that the sum over all accounts is always zero. `fees`: what the exchange earned.
 */
export type AccountKind = 'user' | 'background' | 'outside' | 'fees';

export interface Balance {
  free: bigint;
  locked: bigint;
}

/** One fill as the account sees it. */
export interface AccountTrade {
  readonly id: number;
  readonly symbol: string;
  readonly orderId: number;
  readonly listId: number;
  readonly ticks: number;
  readonly lots: number;
  readonly quoteUnits: bigint;
  readonly feeUnits: bigint;
  readonly feeAsset: string;
  readonly at: number;
  readonly isBuyer: boolean;
  readonly isMaker: boolean;
}

/** Orders and trades kept per account; the oldest final ones go first, as the imitated exchange archives them. */
const HISTORY_MAX = 20_000;

/** An account on one market. */
interface OnMarket {
  /** Number of open orders, and of stops among them. */
  readonly open: { orders: number; algo: number };
  /** The latest kept order of each client order id. */
  readonly byClientId: Map<string, Order>;
}

export class Account {
  readonly id: number;
  readonly name: string;
  readonly kind: AccountKind;
  readonly createdAt: number;
  updatedAt: number;
  readonly balances = new Map<string, Balance>();
  /** Open orders by id, oldest first. */
  readonly open = new Map<number, Order>();
  /** Every kept order by id, oldest first. Background accounts keep only open ones. */
  readonly orders = new Map<number, Order>();
  readonly #markets = new Map<string, OnMarket>();
  readonly trades: AccountTrade[] = [];
  /** Every kept order list by id, oldest first. */
  readonly lists = new Map<number, OrderList>();

  constructor(id: number, name: string, kind: AccountKind, createdAt: number) {
    this.id = id;
    this.name = name;
    this.kind = kind;
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
  }

  balance(asset: string): Balance {
    let balance = this.balances.get(asset);
    if (balance === undefined) {
      balance = { free: 0n, locked: 0n };
      this.balances.set(asset, balance);
    }
    return balance;
  }

  byClientId(symbol: string, clientOrderId: string): Order | undefined {
    return this.#markets.get(symbol)?.byClientId.get(clientOrderId);
  }

  /** Open orders on a market, and the stops among them. */
  openCounts(symbol: string): { readonly orders: number; readonly algo: number } {
    return this.#on(symbol).open;
  }

  /** Keeps a new open order; `settled` when it becomes final. */
  keep(order: Order): void {
    this.open.set(order.id, order);
    this.orders.set(order.id, order);
    const on = this.#on(order.symbol);
    count(on, order, 1);
    on.byClientId.set(order.clientOrderId, order);
  }

  /** Takes a final order off the open ones. Only users keep a history. */
  settled(order: Order): void {
    if (this.open.delete(order.id)) count(this.#on(order.symbol), order, -1);
    if (this.kind !== 'user') this.#forget(order);
    else if (this.orders.size > HISTORY_MAX) this.#forgetOldest();
  }

  /** Restores an order from a snapshot; orders arrive oldest first. */
  restore(order: Order, isOpen: boolean): void {
    this.orders.set(order.id, order);
    const on = this.#on(order.symbol);
    on.byClientId.set(order.clientOrderId, order);
    if (!isOpen) return;
    this.open.set(order.id, order);
    count(on, order, 1);
  }

  keepList(list: OrderList): void {
    this.lists.set(list.id, list);
    if (this.lists.size <= HISTORY_MAX) return;
    for (const old of this.lists.values()) {
      if (!old.isDone) continue;
      this.lists.delete(old.id);
      return;
    }
  }

  addTrade(trade: AccountTrade): void {
    this.trades.push(trade);
    if (this.trades.length > 2 * HISTORY_MAX) this.trades.splice(0, HISTORY_MAX);
  }

  /** Moves free funds into the lock of an order. The caller has checked that they are there. */
  lock(asset: string, units: bigint): void {
    const balance = this.balance(asset);
    assert(units >= 0n && balance.free >= units, 'only free funds can be locked');
    balance.free -= units;
    balance.locked += units;
  }

  unlock(asset: string, units: bigint): void {
    const balance = this.balance(asset);
    assert(units >= 0n && balance.locked >= units, 'no more can be released than is locked');
    balance.locked -= units;
    balance.free += units;
  }

  #on(symbol: string): OnMarket {
    let on = this.#markets.get(symbol);
    if (on === undefined) {
      on = { open: { orders: 0, algo: 0 }, byClientId: new Map() };
      this.#markets.set(symbol, on);
    }
    return on;
  }

  #forget(order: Order): void {
    this.orders.delete(order.id);
    const { byClientId } = this.#on(order.symbol);
    if (byClientId.get(order.clientOrderId) === order) byClientId.delete(order.clientOrderId);
  }

  #forgetOldest(): void {
    for (const order of this.orders.values()) {
      if (this.open.has(order.id)) continue;
      this.#forget(order);
      return;
    }
  }
}

function count({ open }: OnMarket, order: Order, change: 1 | -1): void {
  open.orders += change;
  if (isAlgo(order.type)) open.algo += change;
}
