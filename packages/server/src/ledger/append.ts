import type { OrderBody } from '../worker/order-body.ts';
import type { ExactJson } from './exact-json.ts';

export type BotStatus = 'created' | 'running' | 'stopped' | 'ended';

/** Where a bot is: what it was told last, and what follows from it. */
export interface BotPosition {
  /** Number of the last event. */
  readonly seq: number;
  readonly intentSeq: number;
  readonly status: BotStatus;
  readonly state: ExactJson;
  readonly parked: ExactJson;
}

/** One commit of one bot: some events in a row, and everything that follows from them. All of it or nothing. */
export interface Append {
  readonly owner: string;
  readonly bot: string;
  readonly shard: number;
  readonly epoch: number;
  /** The event before the first of these: another writer's event there makes the append stale. */
  readonly after: number;
  readonly position: BotPosition;
  /** Set where the owner changed them. */
  readonly options: ExactJson | null;
  readonly events: readonly AppendedEvent[];
  readonly intents: readonly AppendedIntent[];
  readonly fills: readonly AppendedFill[];
  readonly deals: readonly AppendedDeal[];
  readonly commands: readonly DoneCommand[];
  readonly outbox: readonly OutboxEntry[];
}

export interface AppendedEvent {
  readonly event: ExactJson;
  readonly notes: ExactJson;
}

/** What is to be asked of the vault; the body of a cancel names the intent whose order it cancels. */
export interface AppendedIntent {
  readonly seq: number;
  readonly connection: string;
  readonly order: string;
  readonly body:
    | { readonly method: 'create'; readonly order: OrderBody }
    | { readonly method: 'cancel'; readonly of: number };
}

/** Amounts are decimal text. */
export interface AppendedFill {
  readonly connection: string;
  readonly symbol: string;
  readonly tradeId: string;
  readonly order: string | null;
  readonly intentSeq: number | null;
  readonly venueOrderId: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly quantity: string;
  readonly amount: string;
  readonly fee: string;
  readonly feeAsset: string;
  readonly maker: boolean;
  readonly atMs: number;
}

export interface AppendedDeal {
  readonly number: number;
  readonly symbol: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly body: ExactJson;
}

export interface DoneCommand {
  readonly id: number;
  readonly outcome: ExactJson;
}

export interface OutboxEntry {
  readonly kind: string;
  readonly body: ExactJson;
}

/** `stale`: somebody else has the bot's shard, or has moved the bot. Nothing was written. */
export type AppendResult = 'committed' | 'stale';
