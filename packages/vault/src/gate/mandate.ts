/**
 * What the owner allows. The paper exchange runs under this unsigned demo mandate, which says so in its own bytes;
 * its hash is in every sign leaf.
 */
import { createHash } from 'node:crypto';
import type { IntentOf } from '@counterfoil/vocabulary/protocol';

export interface Mandate {
  readonly label: string;
  readonly symbols: readonly string[];
  readonly types: readonly string[];
  readonly ordersPerMinuteMax: number;
}

export const demoMandate: Mandate = {
  label: 'demo mandate, unsigned, paper only',
  symbols: ['BTCUSDT'],
  types: ['limit', 'market'],
  ordersPerMinuteMax: 6_000,
};

/** SHA-256 of the mandate's JSON, cut to 16 bytes, as leaves carry it. */
export function mandateHash(mandate: Mandate): Uint8Array {
  return createHash('sha256').update(JSON.stringify(mandate)).digest().subarray(0, 16);
}

/** The orders of one connection that count against its mandate: every one that it allowed, whatever came of it. */
export class MandateCounter {
  readonly #mandate: Mandate;
  /** Times of the last orders, oldest first, at most `ordersPerMinuteMax` of them. */
  #orders: number[] = [];

  constructor(mandate: Mandate) {
    this.#mandate = mandate;
  }

  /** Why the mandate does not allow this order now, or null. */
  refusal(order: IntentOf<'orderCreate'>, atMs: number): string | null {
    if (!this.#mandate.symbols.includes(order.symbol)) return `market ${order.symbol} is not in the mandate`;
    if (!this.#mandate.types.includes(order.type)) return `order type ${order.type} is not in the mandate`;
    this.#orders = this.#orders.filter((time) => time > atMs - 60_000);
    if (this.#orders.length >= this.#mandate.ordersPerMinuteMax) {
      return `${this.#mandate.ordersPerMinuteMax} orders in this minute, the mandate allows no more`;
    }
    return null;
  }

  count(atMs: number): void {
    this.#orders.push(atMs);
  }
}
