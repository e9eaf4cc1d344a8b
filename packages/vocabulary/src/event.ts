/**
 * What a bot's machine is told, in order, and what it answers with. Backtest, paper and live differ only in where
 * these come from.
 */
import type { Amount, Price, Quantity } from './market.ts';
import type { Fill, OrderRequest, OrderState } from './order.ts';

/** A venue's word about an order of ours. */
export interface OrderReport {
  /** The machine's own name of the order, unique within the bot. */
  readonly order: string;
  readonly state: OrderState;
  readonly filledQuantity: Quantity;
  readonly filledAmount: Amount;
  readonly atMs: number;
}

export interface OrderRefusal {
  readonly kind: 'orderRefused';
  readonly order: string;
  readonly reason: string;
  /** The reason passes within seconds by itself (too many orders, a lost answer), unlike a lack of money. */
  readonly passes: boolean;
  readonly atMs: number;
}

/** Facts that every kind of machine may meet. `market` counts into the bot's markets; `price` is that market's. */
export type BotEvent =
  | { readonly kind: 'started'; readonly market: number; readonly atMs: number; readonly price: Price }
  | { readonly kind: 'stopped'; readonly atMs: number }
  /** A trigger that the machine was parked on has fired; `market` is the one that it was parked with. */
  | {
      readonly kind: 'triggerFired';
      readonly trigger: string;
      readonly market: number;
      readonly atMs: number;
      readonly price: Price;
    }
  | { readonly kind: 'orderReported'; readonly report: OrderReport }
  | { readonly kind: 'orderFilled'; readonly order: string; readonly fill: Fill }
  /** The venue refused an order for good; nothing of it happened. */
  | OrderRefusal
  /** Free money of the bot, as the ledger knows it: quote for all its markets, base of this one. */
  | {
      readonly kind: 'fundsChanged';
      readonly market: number;
      readonly quote: Amount;
      readonly base: Quantity;
      readonly atMs: number;
    };

/** What a machine wants done, in order. Each is journalled before it leaves; order names are unique within the bot. */
export type OrderIntent =
  | {
      readonly kind: 'place';
      readonly order: string;
      readonly market: number;
      readonly request: OrderRequest;
    }
  | { readonly kind: 'cancel'; readonly order: string };
