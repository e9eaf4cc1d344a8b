interface Planned {
  readonly atMs: number;
  readonly order: number;
  readonly act: () => void;
}

/** Simulated time: actions run in the order of their moments, those of one moment in the order they were planned. */
export class Timeline {
  #nowMs = 0;
  #planned = 0;
  #actions: Planned[] = [];

  get nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, act: () => void): void {
    this.#actions.push({ atMs: this.#nowMs + delayMs, order: this.#planned++, act });
  }

  /** Moves to `atMs`, running what was planned up to then, including what that plans in turn. */
  moveTo(atMs: number): void {
    for (;;) {
      const next = this.#earliest(atMs);
      if (next === undefined) break;
      this.#actions = this.#actions.filter((one) => one !== next);
      this.#nowMs = next.atMs;
      next.act();
    }
    this.#nowMs = atMs;
  }

  #earliest(untilMs: number): Planned | undefined {
    let best: Planned | undefined;
    for (const one of this.#actions) {
      if (one.atMs > untilMs) continue;
      if (best === undefined || one.atMs < best.atMs || (one.atMs === best.atMs && one.order < best.order))
        best = one;
    }
    return best;
  }
}
