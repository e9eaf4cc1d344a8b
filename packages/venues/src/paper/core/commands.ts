import type { ApiKey } from './api-key.ts';
import type { MarketRules, MarketSpec, MarketStatus } from './market.ts';
import type { Order, OrderTerms } from './order.ts';
import type { OrderList } from './order-list.ts';
import type { Placed } from './place.ts';
import type { Scenario } from './scenario.ts';

/** A new order as it left the edge: parsed, in units of 0.00000001, 0 or 0n where a field was not sent. */
export interface OrderRequest extends Omit<OrderTerms, 'id' | 'limitTicks' | 'listId' | 'createdAt'> {
  readonly quantityUnits: bigint;
  readonly priceUnits: bigint;
  readonly stopPriceUnits: bigint;
}

/** How an order is named in a cancel: by the exchange's id or by the client's. */
export type OrderReference =
  | { readonly kind: 'id'; readonly orderId: number }
  | { readonly kind: 'client'; readonly clientOrderId: string };

export type FedLevel = readonly [ticks: number, lots: number];

/**
 * Everything that can change the exchange. A command carries its time and every choice made outside, so that
 * replaying the accepted commands in order rebuilds the same exchange to the last unit.
 */
interface CommandBodies {
  readonly 'open-market': { readonly spec: MarketSpec; readonly seed: number };
  readonly 'set-market-status': { readonly symbol: string; readonly status: MarketStatus };
  readonly 'change-rules': {
    readonly symbol: string;
    /** Steps only to multiples of those of the market's specification, in which its book is counted. */
    readonly rules: Partial<MarketRules>;
  };
  readonly 'open-account': { readonly name: string };
  readonly deposit: { readonly account: number; readonly asset: string; readonly units: bigint };
  /** Registers a key, or replaces what a registered one may do. */
  readonly 'put-key': { readonly key: ApiKey };
  /** `isCutShort`: a fault, see `takeAndRest`. */
  readonly place: { readonly order: OrderRequest; readonly isCutShort?: true };
  /** One-cancels-the-other: the order above the market and the one below it. */
  readonly 'place-list': {
    readonly account: number;
    readonly symbol: string;
    readonly clientListId: string;
    readonly above: OrderRequest;
    readonly below: OrderRequest;
  };
  readonly cancel: { readonly account: number; readonly symbol: string; readonly order: OrderReference };
  readonly 'cancel-all': { readonly account: number; readonly symbol: string };
  /** A trade of the market outside, for recorded and live markets. */
  readonly 'feed-trade': {
    readonly symbol: string;
    /** When it happened outside, in milliseconds: a restarted exchange goes on behind it. */
    readonly recordedAt: number;
    readonly ticks: number;
    readonly lots: number;
    readonly isBuyerMaker: boolean;
    /** How much of it resting orders of ours may take. */
    readonly fillableLots: number;
    /** What the market outside quotes around the price; 0 where `feed-book` brings its quotes. */
    readonly quotedLots: number;
  };
  /** What the market outside offers, best first: all levels, or with `isWhole` false only the new best ones. */
  readonly 'feed-book': {
    readonly symbol: string;
    readonly recordedAt: number;
    readonly bids: readonly FedLevel[];
    readonly asks: readonly FedLevel[];
    readonly isWhole: boolean;
  };
  /** Tells a synthetic market what to do from its next step on. */
  readonly 'start-scenario': { readonly symbol: string; readonly scenario: Scenario };
  /** One step of the seeded background flow of a synthetic market. */
  readonly 'flow-step': { readonly symbol: string };
}

/** What an accepted command answers. */
export interface Results {
  readonly 'open-market': null;
  readonly 'set-market-status': null;
  readonly 'change-rules': null;
  /** Id of the account. */
  readonly 'open-account': number;
  readonly deposit: null;
  readonly 'put-key': null;
  readonly place: Placed;
  readonly 'place-list': OrderList;
  readonly cancel: Readonly<Order>;
  readonly 'cancel-all': readonly Readonly<Order>[];
  readonly 'feed-trade': null;
  readonly 'feed-book': null;
  readonly 'start-scenario': null;
  readonly 'flow-step': null;
}

export type CommandKind = keyof CommandBodies;
export type CommandOf<K extends CommandKind> = {
  readonly [P in K]: { readonly kind: P; readonly at: number } & CommandBodies[P];
}[K];
export type Command = CommandOf<CommandKind>;
