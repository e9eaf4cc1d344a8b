/**
 * Reads of an account run under one leaf that says how many of which kind may follow, and end with one that says how
 * many did and what was asked: polling does not flood the log, and nothing goes unlogged.
 */
import { type Hash, createHash } from 'node:crypto';
import { useMethodNumbers } from '@counterfoil/vocabulary/protocol';
import type { Chain } from './chain.ts';
import type { Logbook } from './logbook.ts';

/** Leaves say at most this; reconciling a start asks for a few hundred orders. */
const WINDOW_MS = 60_000;
const READS_MAX = 1_000;

/** The methods that run under such a leaf; the rest of the numbers are uses with leaves of their own. */
const METHODS = [
  'orderGet',
  'permissions',
  'balances',
  'ordersOpen',
  'ordersHistory',
  'tradesHistory',
  'streamOpen',
] as const;
type ReadMethod = (typeof METHODS)[number];
const METHOD_BITS = METHODS.reduce((bits, method) => bits + 2 ** useMethodNumbers[method], 0);

interface Open {
  readonly seq: number;
  readonly ready: Promise<unknown>;
  readonly timer: NodeJS.Timeout;
  readonly asked: Hash;
  count: number;
}

export class ReadWindow {
  readonly #chain: Chain;
  readonly #logbook: Logbook;
  #open: Open | null = null;

  constructor(chain: Chain, logbook: Logbook) {
    this.#chain = chain;
    this.#logbook = logbook;
  }

  /** Resolves when the read is covered by a proven leaf. */
  async enter(method: ReadMethod, argument: string): Promise<void> {
    if (this.#open !== null && this.#open.count >= READS_MAX) this.end();
    const open = (this.#open ??= this.#begin());
    open.count += 1;
    open.asked.update(`${useMethodNumbers[method]}\0${argument}\n`);
    await open.ready;
  }

  #begin(): Open {
    const { seq, receipt } = this.#chain.write(this.#logbook, {
      kind: 'readOpen',
      windowMs: WINDOW_MS,
      countMax: READS_MAX,
      methods: METHOD_BITS,
    });
    const timer = setTimeout(() => this.end(), WINDOW_MS);
    return { seq, ready: receipt, timer, asked: createHash('sha256'), count: 0 };
  }

  /** Writes the closing leaf of an open window. */
  end(): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    clearTimeout(open.timer);
    const { receipt } = this.#chain.write(this.#logbook, {
      kind: 'readClose',
      of: open.seq,
      count: open.count,
      askedHash: open.asked.digest(),
    });
    void receipt;
  }
}
