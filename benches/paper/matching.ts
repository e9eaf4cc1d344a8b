import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Round {
  /** Orders per second of the main thread's processor time. */
  readonly perSecond: number;
  /** As in `Prepared`. */
  readonly book: readonly number[];
}

/** Rounds before the first that counts: by then both sides run the compiler's best code, as a running server does. */
const WARM_UP_ROUNDS = 4;

/**
 * Orders per second of npm `nodejs-order-book` and of the exchange core on the same orders; of the core also with
 * 100,000 orders on the book before, and with the orders spread over 100 markets.
 *
 * Each is a process that holds nothing else, is given its orders in its own form, and starts each round on a
 * collected heap. Seconds are of the main thread's processor time, and each side is taken at its fastest: what else
 * the machine does can only slow a round down. The collector's other threads are on nobody's bill; counting them
 * would favour the core, which leaves less to collect.
 */
export async function measureMatching(
  steps: number,
  rounds: number,
): Promise<{ peer: number; core: number; crowded: number; spread: number }> {
  const peer = new Side('peer', steps, 0, 1);
  const core = new Side('core', steps, 0, 1);
  const crowded = new Side('core', steps, 100_000, 1);
  const spread = new Side('core', steps, 0, 100);
  const sides = [peer, core, crowded, spread];
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const side of sides) {
      const { perSecond, book } = await side.run();
      side.book = book;
      if (round >= 0) side.fastest = Math.max(side.fastest, perSecond);
    }
    assert.deepEqual(core.book, peer.book, 'both did the same work: they left the same book');
  }
  for (const side of sides) side.end();
  return {
    peer: peer.fastest,
    core: core.fastest,
    crowded: crowded.fastest,
    spread: spread.fastest,
  };
}

class Side {
  fastest = 0;
  book: readonly number[] = [];
  readonly #child;

  constructor(side: 'core' | 'peer', steps: number, resting: number, markets: number) {
    const options = [side, steps, resting, markets].map(String);
    this.#child = fork(join(import.meta.dirname, 'side.ts'), options, { execArgv: ['--expose-gc'] });
  }

  async run(): Promise<Round> {
    const answer = once(this.#child, 'message');
    this.#child.send('run');
    const [round] = (await answer) as [Round];
    return round;
  }

  end(): void {
    this.#child.disconnect();
  }
}
