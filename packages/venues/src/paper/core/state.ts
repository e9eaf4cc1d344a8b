import assert from 'node:assert/strict';
import { Account, type AccountTrade, type AssetBalance } from './account.ts';
import type { ApiKey } from './api-key.ts';
import type { FlowState } from './flow-state.ts';
import type { Market } from './market.ts';
import type { OrderList } from './order-list.ts';
import { progressOf, type Order, type OrderProgress, type OrderTerms } from './order.ts';
import type { Trade } from './tape.ts';

/** What happened to an order, in the words of the user data stream. */
export type Execution = 'NEW' | 'TRADE' | 'CANCELED' | 'EXPIRED' | 'TRADE_PREVENTION';

/** What one command made happen, in order; the streams turn it into frames. */
export type ExchangeEvent =
  | {
      readonly kind: 'execution';
      readonly execution: Execution;
      readonly order: OrderTerms;
      /** How far the order was right after this event. */
      readonly progress: Readonly<OrderProgress>;
      readonly fill: AccountTrade | null;
      readonly at: number;
    }
  | { readonly kind: 'list'; readonly list: Readonly<OrderList>; readonly at: number }
  | { readonly kind: 'trade'; readonly symbol: string; readonly trade: Trade }
  | {
      readonly kind: 'deposit';
      readonly account: number;
      readonly at: number;
      readonly asset: string;
      readonly units: bigint;
    }
  /** Balances that an earlier event of the same command may have changed, as they are after the command. */
  | {
      readonly kind: 'balances';
      readonly account: number;
      readonly at: number;
      readonly balances: readonly AssetBalance[];
    };

/** Assets come from here; its balances are the negative of everyone else's. */
export const OUTSIDE_ACCOUNT = 0;
/** Commissions go here. */
export const FEES_ACCOUNT = 1;

/** The whole exchange. Changed by commands alone, one at a time. */
export class ExchangeState {
  readonly accounts = new Map<number, Account>();
  readonly keys = new Map<string, ApiKey>();
  readonly markets = new Map<string, Market>();
  readonly flows = new Map<string, FlowState>();
  nextAccountId = 2;
  nextOrderId = 1;
  nextListId = 1;
  /** Time of the latest command, in milliseconds; never runs backwards. */
  lastAt = 0;
  #events: ExchangeEvent[] = [];
  /**
   * The accounts that the collected events concern, and how many; each knows the assets they may have moved. What
   * lies behind the count is room for the next command: two new lists for each would be much of its garbage.
   */
  readonly #touched: Account[] = [];
  #touchedCount = 0;

  constructor() {
    this.accounts.set(OUTSIDE_ACCOUNT, new Account(OUTSIDE_ACCOUNT, 'outside', 'outside', 0));
    this.accounts.set(FEES_ACCOUNT, new Account(FEES_ACCOUNT, 'fees', 'fees', 0));
  }

  /** An account that must exist because an order or a key names it. */
  account(id: number): Account {
    const account = this.accounts.get(id);
    // Built only where it is wrong: this is asked several times for every order.
    if (account === undefined) assert.fail(`account ${id} exists`);
    return account;
  }

  /** A market that must exist because an order names it. */
  market(symbol: string): Market {
    const market = this.markets.get(symbol);
    if (market === undefined) assert.fail(`market ${symbol} exists`);
    return market;
  }

  /** Moves free units between accounts. Only `outside` may go below zero. */
  transfer(from: Account, to: Account, asset: string, units: bigint): void {
    const source = from.balance(asset);
    assert(units >= 0n && (from.kind === 'outside' || source.free >= units), 'only free funds can move');
    source.free -= units;
    to.balance(asset).free += units;
  }

  emit(event: ExchangeEvent): void {
    this.#events.push(event);
  }

  /** Reports what happened to an order; background accounts have nobody who listens. */
  report(execution: Execution, order: Order, at: number, fill: AccountTrade | null = null): void {
    const account = this.account(order.account);
    if (account.kind !== 'user') return;
    const { baseAsset, quoteAsset } = this.market(order.symbol).spec;
    this.touch(account, baseAsset);
    this.touch(account, quoteAsset);
    this.emit({ kind: 'execution', execution, order, progress: progressOf(order), fill, at });
  }

  /** Notes that the balance of this asset may have changed, for the balance event that ends the command. */
  touch(account: Account, asset: string): void {
    if (account.touch(asset)) this.#touched[this.#touchedCount++] = account;
  }

  /** The events since the last call, and behind them the balances of the accounts they concern. */
  takeEvents(): readonly ExchangeEvent[] {
    const events = this.#events;
    this.#events = [];
    for (let index = 0; index < this.#touchedCount; index++) {
      const account = this.#touched[index];
      if (account === undefined) break;
      const balances = account.takeTouched();
      events.push({ kind: 'balances', account: account.id, at: this.lastAt, balances });
    }
    this.#touchedCount = 0;
    return events;
  }
}
