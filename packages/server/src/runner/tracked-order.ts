import type { Price } from '@counterfoil/vocabulary';
import type { OrderBody } from '../worker/order-body.ts';

/** An order that its machine waits for, as the runner follows it. */
export interface TrackedOrder {
  /** The machine's name of it. */
  readonly name: string;
  /** Sequence of the intent that places it. */
  readonly seq: number;
  readonly market: number;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  /** Null for market orders. */
  readonly price: Price | null;
  readonly body: OrderBody;
  readonly journalledAtMs: number;
  /** `sent` until the vault has answered; then as the answer says. */
  state: 'sent' | 'unknown' | 'accepted';
  clientOrderId: string | null;
  venueOrderId: string | null;
  /** The newest intent that cancels it. */
  cancelSeq: number | null;
  /** A question about it is under way. */
  isAsked: boolean;
}
