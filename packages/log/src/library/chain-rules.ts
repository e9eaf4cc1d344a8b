/** Which sequences of payloads a connection's chain may have: the state machine of one key's life. */
import type { LeafPayload } from '@counterfoil/vocabulary/protocol';
import { equalBytes, hexOf } from './primitives.ts';

interface State {
  readonly mandateHash: Uint8Array;
  readonly frozen: 'no' | 'noNewPositions' | 'everything';
  readonly destroyed: boolean;
  readonly atMs: number;
}

/** Follows a chain leaf by leaf and says what is against the rules. */
export class ChainRules {
  #state: State | undefined;
  /** Sign leaves whose outcome is not known, or was that the venue took it; read windows that are open; by sequence. */
  readonly #openSigns = new Map<number, 'unknown' | 'accepted'>();
  readonly #openWindows = new Map<number, number>();

  /** The faults of the next payload. */
  next(payload: LeafPayload): string[] {
    const faults: string[] = [];
    const at = `leaf ${payload.seq} (${payload.kind})`;
    const state = this.#state;
    if (payload.kind === 'seal') {
      if (state !== undefined) faults.push(`${at}: a second seal`);
      this.#state = { mandateHash: payload.mandateHash, frozen: 'no', destroyed: false, atMs: payload.atMs };
      return faults;
    }
    if (state === undefined) return [`${at}: before the seal`];
    if (state.destroyed) faults.push(`${at}: after the key was destroyed`);
    if (payload.atMs < state.atMs)
      faults.push(`${at}: ${state.atMs - payload.atMs} ms before the leaf before it`);
    this.#state = this.#after(state, payload, at, faults);
    return faults;
  }

  #after(state: State, payload: Exclude<LeafPayload, { kind: 'seal' }>, at: string, faults: string[]): State {
    const next = { ...state, atMs: Math.max(state.atMs, payload.atMs) };
    switch (payload.kind) {
      case 'sign':
        this.#sign(state, payload, at, faults);
        return next;
      case 'result':
        this.#result(payload, at, faults);
        return next;
      case 'readOpen':
        if (state.frozen === 'everything') faults.push(`${at}: while everything is frozen`);
        this.#openWindows.set(payload.seq, payload.countMax);
        return next;
      case 'readClose':
        this.#closeWindow(payload.of, payload.count, at, faults);
        return next;
      case 'heartbeat':
      case 'rotate':
        return next;
      case 'mandate':
        return { ...next, mandateHash: payload.mandateHash };
      case 'freeze':
        return { ...next, frozen: payload.depth };
      case 'thaw':
        if (state.frozen === 'no') faults.push(`${at}: nothing was frozen`);
        return { ...next, frozen: 'no' };
      case 'destroy':
        return { ...next, destroyed: true };
    }
  }

  #sign(state: State, payload: Extract<LeafPayload, { kind: 'sign' }>, at: string, faults: string[]): void {
    // Cancels stay allowed at every depth: they only ever take risk away. On a spot market a sale opens nothing.
    if (state.frozen !== 'no' && payload.method === 'orderCreate' && payload.side !== 'sell')
      faults.push(`${at}: an order while frozen`);
    if (state.frozen === 'everything' && payload.method !== 'orderCancel')
      faults.push(`${at}: a use while everything is frozen`);
    if (!equalBytes(payload.mandateHash, state.mandateHash)) {
      faults.push(
        `${at}: under mandate ${hexOf(payload.mandateHash)}, in force is ${hexOf(state.mandateHash)}`,
      );
    }
    this.#openSigns.set(payload.seq, 'unknown');
  }

  /** An unknown outcome may be settled by a further result, and an order that was taken may fill; no more than that. */
  #result({ of, outcome }: Extract<LeafPayload, { kind: 'result' }>, at: string, faults: string[]): void {
    const open = this.#openSigns.get(of);
    if (open === undefined || (open === 'accepted' && outcome !== 'accepted'))
      faults.push(`${at}: closes leaf ${of}, which is no open sign leaf`);
    else if (outcome === 'accepted') this.#openSigns.set(of, 'accepted');
    else if (outcome !== 'unknown') this.#openSigns.delete(of);
  }

  #closeWindow(of: number, count: number, at: string, faults: string[]): void {
    const countMax = this.#openWindows.get(of);
    this.#openWindows.delete(of);
    if (countMax === undefined) faults.push(`${at}: closes leaf ${of}, which is no open read window`);
    else if (count > countMax) faults.push(`${at}: ${count} reads, the window allowed ${countMax}`);
  }
}
