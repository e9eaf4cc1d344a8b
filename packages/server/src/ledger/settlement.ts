import type { IntentState } from '../database/tables.ts';

/** What became of an intent. A client order id or a receipt that is known is never replaced by nothing. */
export interface Settlement {
  readonly owner: string;
  readonly bot: string;
  readonly seq: number;
  readonly shard: number;
  readonly epoch: number;
  readonly state: Exclude<IntentState, 'journalled'>;
  readonly clientOrderId: string | null;
  readonly outcome: Readonly<Record<string, string | number | null>>;
  readonly receipt: string | null;
}
