import type { Refusal } from './core/refusals.ts';

/**
 * What can go wrong with one request.
 * `lost-answer`: carried out, then the connection closes without an answer. `late-arrival`: waits before it is
 * carried out. `slow-answer`: carried out at once, answered late. `refuse`: answered with the given error and
 * not carried out. `unknown-outcome`: answered with the given error although it was carried out.
 */
export type RequestFault =
  | { readonly kind: 'lost-answer' }
  | { readonly kind: 'late-arrival'; readonly delayMs: number }
  | { readonly kind: 'slow-answer'; readonly delayMs: number }
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  | { readonly kind: 'unknown-outcome'; readonly refusal: Refusal };

/** What can go wrong with one frame of a user data stream. */
export type EventFault =
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'lose' }
  /** Held back until the next frame has gone. */
  | { readonly kind: 'reorder' }
  | { readonly kind: 'late'; readonly delayMs: number };

/** Which requests a fault hits: the next `times` whose method and path match (`*` for any). */
export interface FaultRule {
  readonly method: string;
  readonly path: string;
  readonly times: number;
  readonly fault: RequestFault;
}

/** More rules than any scenario needs; an admin client in a loop must not fill the memory. */
const RULES_MAX = 1_000;

/** The faults switched on by the admin port. Not journalled: a restarted exchange is well again. */
export class Faults {
  clockSkewMs = 0;
  /** So many of the next orders are cut short. */
  partialFills = 0;
  #rules: FaultRule[] = [];
  #eventFaults: { readonly fault: EventFault; times: number }[] = [];

  /** False when there are too many rules already. */
  add(rule: FaultRule): boolean {
    if (this.#rules.length >= RULES_MAX) return false;
    this.#rules.push(rule);
    return true;
  }

  get rules(): readonly FaultRule[] {
    return this.#rules;
  }

  clear(): void {
    this.#rules = [];
    this.#eventFaults = [];
    this.clockSkewMs = 0;
    this.partialFills = 0;
  }

  /** The fault for this request, used up by one. */
  take(method: string, path: string): RequestFault | null {
    const index = this.#rules.findIndex(
      (rule) => (rule.method === '*' || rule.method === method) && (rule.path === '*' || rule.path === path),
    );
    const rule = this.#rules[index];
    if (rule === undefined) return null;
    if (rule.times <= 1) this.#rules.splice(index, 1);
    else this.#rules[index] = { ...rule, times: rule.times - 1 };
    return rule.fault;
  }

  /** What a new order is placed with beside its own terms; used up by one. */
  takeCut(): { readonly isCutShort?: true } {
    if (this.partialFills === 0) return {};
    this.partialFills -= 1;
    return { isCutShort: true };
  }

  /** False when there are too many already. */
  addEvent(fault: EventFault, times: number): boolean {
    if (this.#eventFaults.length >= RULES_MAX) return false;
    this.#eventFaults.push({ fault, times });
    return true;
  }

  /** The fault for the next user data frame, used up by one. */
  takeEvent(): EventFault | null {
    const next = this.#eventFaults[0];
    if (next === undefined) return null;
    next.times -= 1;
    if (next.times <= 0) this.#eventFaults.shift();
    return next.fault;
  }
}
