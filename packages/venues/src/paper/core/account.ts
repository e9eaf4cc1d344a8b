import assert from 'node:assert/strict';
import { KeptOrders } from './kept-orders.ts';
import { OpenOrders } from './open-orders.ts';
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

export interface AssetBalance extends Readonly<Balance> {
  readonly asset: string;
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

/** Number of an account's open orders on one market, and of stops among them. */
interface OpenCounts {
  orders: number;
  algo: number;
}

export class Account {
  readonly id: number;
  readonly name: string;
  readonly kind: AccountKind;
  readonly createdAt: number;
  updatedAt: number;
  readonly balances = new Map<string, Balance>();
  readonly open = new OpenOrders();
  /** Background accounts keep only open ones. */
  readonly orders = new KeptOrders();
  readonly #openCounts = new Map<string, OpenCounts>();
  readonly trades: AccountTrade[] = [];
  /** The assets that the events collected so far may have moved, and how many; behind them is room. */
  readonly #touched: string[] = [];
  #touchedCount = 0;
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

  /** Open orders on a market, and the stops among them. */
  openCounts(symbol: string): Readonly<OpenCounts> {
    return this.#countsOn(symbol);
  }

  /** An open order by its id. */
  openOrder(id: number): Order | undefined {
    const order = this.orders.get(id);
    return order !== undefined && this.open.has(order) ? order : undefined;
  }

  /** Keeps a new open order; `settled` when it becomes final. */
  keep(order: Order): void {
    this.orders.add(order);
    this.open.add(order);
    this.#count(order, 1);
  }

  /** Takes a final order off the open ones. Only users keep a history. */
  settled(order: Order): void {
    if (this.open.delete(order)) this.#count(order, -1);
    if (this.kind !== 'user') this.orders.forget(order);
    else if (this.orders.size > HISTORY_MAX) this.#forgetOldest();
  }

  /** Restores an order from a snapshot; orders arrive oldest first. */
  restore(order: Order, isOpen: boolean): void {
    if (isOpen) this.keep(order);
    else this.orders.add(order);
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

  /** Notes that the balance of this asset may have changed; true for the first since `takeTouched`. */
  touch(asset: string): boolean {
    for (let index = 0; index < this.#touchedCount; index++) {
      if (this.#touched[index] === asset) return false;
    }
    this.#touched[this.#touchedCount++] = asset;
    return this.#touchedCount === 1;
  }

  /** The balances of the touched assets as they are now. */
  takeTouched(): readonly AssetBalance[] {
    const balances: AssetBalance[] = [];
    for (let index = 0; index < this.#touchedCount; index++) {
      const asset = this.#touched[index];
      if (asset === undefined) break;
      const { free, locked } = this.balance(asset);
      balances.push({ asset, free, locked });
    }
    this.#touchedCount = 0;
    return balances;
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

  #countsOn(symbol: string): OpenCounts {
    let counts = this.#openCounts.get(symbol);
    if (counts === undefined) {
      counts = { orders: 0, algo: 0 };
      this.#openCounts.set(symbol, counts);
    }
    return counts;
  }

  #count(order: Order, change: 1 | -1): void {
    const counts = this.#countsOn(order.symbol);
    counts.orders += change;
    if (isAlgo(order.type)) counts.algo += change;
  }

  #forgetOldest(): void {
    for (const order of this.orders.values()) {
      if (this.open.has(order)) continue;
      this.orders.forget(order);
      return;
    }
  }
}
