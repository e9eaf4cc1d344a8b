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

/** Facts that every kind of machine may meet. */
export type BotEvent =
  | { readonly kind: 'started'; readonly atMs: number; readonly price: Price }
  | { readonly kind: 'stopped'; readonly atMs: number }
  /** A trigger that the machine was parked on has fired; `price` is the market's at that moment. */
  | { readonly kind: 'triggerFired'; readonly trigger: string; readonly atMs: number; readonly price: Price }
  | { readonly kind: 'orderReported'; readonly report: OrderReport }
  | { readonly kind: 'orderFilled'; readonly order: string; readonly fill: Fill }
  /** The venue refused an order for good; nothing of it happened. */
  | { readonly kind: 'orderRefused'; readonly order: string; readonly reason: string; readonly atMs: number }
  /** Free money of the bot, as the ledger knows it. */
  | { readonly kind: 'fundsChanged'; readonly quote: Amount; readonly base: Quantity; readonly atMs: number };

/** What a machine wants done, in order. Each is journalled before it leaves. */
export type OrderIntent =
  | { readonly kind: 'place'; readonly order: string; readonly request: OrderRequest }
  | { readonly kind: 'cancel'; readonly order: string };
