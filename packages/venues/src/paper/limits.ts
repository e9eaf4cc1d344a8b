import { refusals, type Refusal } from './core/refusals.ts';

export interface RequestLimits {
  /** Request weight of one address per minute. */
  readonly weightPerMinute: number;
  /** Orders of one account that were placed and have not traded. */
  readonly ordersPer10Seconds: number;
  readonly ordersPerDay: number;
}

/** The limits the imitated exchange announced in 2026. */
export const USUAL_LIMITS: RequestLimits = {
  weightPerMinute: 6_000,
  ordersPer10Seconds: 100,
  ordersPerDay: 200_000,
};

const MINUTE_MS = 60_000;
const TEN_SECONDS_MS = 10_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Requests after the first 429 until the address is banned, and for how long: the exchange's shortest ban. */
const IGNORED_WARNINGS_MAX = 10;
const BAN_MS = 2 * MINUTE_MS;
/** Addresses and accounts counted at once; all of them are on this machine. */
const COUNTED_MAX = 10_000;

/** Counts in fixed windows, as the exchange does: the count falls to zero when the window turns. */
class Windows<K> {
  readonly #windowMs: number;
  readonly #counts = new Map<K, { window: number; count: number }>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  add(key: K, amount: number, now: number): number {
    const window = Math.floor(now / this.#windowMs);
    let counted = this.#counts.get(key);
    if (counted === undefined || counted.window !== window) {
      if (this.#counts.size >= COUNTED_MAX) this.#counts.clear();
      counted = { window, count: 0 };
      this.#counts.set(key, counted);
    }
    counted.count = Math.max(0, counted.count + amount);
    return counted.count;
  }
}

/** Request weight per address and unfilled orders per account. */
export class Limiter {
  readonly limits: RequestLimits;
  readonly #weight = new Windows<string>(MINUTE_MS);
  readonly #warnings = new Windows<string>(MINUTE_MS);
  readonly #orders10s = new Windows<number>(TEN_SECONDS_MS);
  readonly #ordersDay = new Windows<number>(DAY_MS);
  readonly #bannedUntil = new Map<string, number>();

  constructor(limits: RequestLimits) {
    this.limits = limits;
  }

  /** Counts a request; a refusal says why it may not go on and when to come back. */
  admit(
    ip: string,
    weight: number,
    now: number,
  ): { used: number; refusal: Refusal | null; retryAfterMs: number } {
    const bannedUntil = this.#bannedUntil.get(ip) ?? 0;
    if (bannedUntil > now) {
      return { used: 0, refusal: refusals.banned(bannedUntil), retryAfterMs: bannedUntil - now };
    }
    this.#bannedUntil.delete(ip);
    const used = this.#weight.add(ip, weight, now);
    if (used <= this.limits.weightPerMinute) return { used, refusal: null, retryAfterMs: 0 };
    if (this.#warnings.add(ip, 1, now) > IGNORED_WARNINGS_MAX) this.#bannedUntil.set(ip, now + BAN_MS);
    return {
      used,
      refusal: refusals.tooMuchWeight(this.limits.weightPerMinute),
      retryAfterMs: MINUTE_MS - (now % MINUTE_MS),
    };
  }

  /** Refuses new orders over the limit, before anything is counted. */
  checkOrders(account: number, count: number, now: number): Refusal | null {
    const { ordersPer10Seconds, ordersPerDay } = this.limits;
    if (this.#orders10s.add(account, 0, now) + count > ordersPer10Seconds) {
      return refusals.tooManyOrders(ordersPer10Seconds, '10 SECOND');
    }
    if (this.#ordersDay.add(account, 0, now) + count > ordersPerDay) {
      return refusals.tooManyOrders(ordersPerDay, '1 DAY');
    }
    return null;
  }

  /** Counts placed orders up, and orders that traded for the first time down. */
  countOrders(account: number, change: number, now: number): void {
    this.#orders10s.add(account, change, now);
    this.#ordersDay.add(account, change, now);
  }

  orderCounts(account: number, now: number): { tenSeconds: number; day: number } {
    return { tenSeconds: this.#orders10s.add(account, 0, now), day: this.#ordersDay.add(account, 0, now) };
  }
}
