/**
 * How much a venue still wants to hear from this address: the pause that it demands, and how much of its minute is
 * used. Whoever goes on asking is banned, and then no exit of any position can be placed.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { nowMs } from './clock.ts';
import type { WeightRule } from './manifest.ts';

/** "Too many requests", and Binance's "banned". */
const PAUSES = new Set([429, 418]);
/** A venue that demands a pause and does not say how long. */
const PAUSE_MS_MIN = 1_000;
/** The longest ban that Binance announces. */
const PAUSE_MS_MAX = 3 * 24 * 3_600_000;
const MINUTE_MS = 60_000;

export class Patience {
  readonly #rule: WeightRule | null;
  #pausedUntilMs = 0;
  #used = { minute: 0, weight: 0 };

  constructor(rule: WeightRule | null) {
    this.#rule = rule;
  }

  /** Takes what an answer says. */
  hear(status: number, headers: IncomingHttpHeaders): void {
    if (PAUSES.has(status)) {
      const asked = Number(headers['retry-after'] ?? 0) * 1_000;
      const pauseMs = Math.min(Math.max(Number.isFinite(asked) ? asked : 0, PAUSE_MS_MIN), PAUSE_MS_MAX);
      this.#pausedUntilMs = Math.max(this.#pausedUntilMs, nowMs() + pauseMs);
    }
    const used = Number(this.#rule === null ? undefined : headers[this.#rule.header]);
    if (Number.isFinite(used)) this.#used = { minute: minuteNow(), weight: used };
  }

  /** Nothing may be sent. */
  get isOver(): boolean {
    return nowMs() < this.#pausedUntilMs;
  }

  /** What is left of this minute is for orders and cancels. */
  get isShort(): boolean {
    if (this.#rule === null || this.#used.minute !== minuteNow()) return false;
    return this.#used.weight >= this.#rule.readsMax;
  }
}

function minuteNow(): number {
  return Math.floor(nowMs() / MINUTE_MS);
}
