import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Rounds before the first that counts: by then both sides run the compiler's best code, as a running server does. */
const WARM_UP_ROUNDS = 4;

/**
 * Orders per second of npm `nodejs-order-book` and of the exchange core on the same orders; of the core also with
 * 100,000 orders on the book before, and with the orders spread over 100 markets.
 *
 * Each is a process that holds nothing else, is given its orders in its own form, and starts each round on a
 * collected heap. The rounds alternate, and each side is taken at its fastest: what else the machine does can only
 * slow a round down.
 */
export async function measureMatching(
  steps: number,
  rounds: number,
): Promise<{ peer: number; core: number; crowded: number; spread: number }> {
  const sides = [
    new Side('peer', steps, 0, 1),
    new Side('core', steps, 0, 1),
    new Side('core', steps, 100_000, 1),
    new Side('core', steps, 0, 100),
  ];
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const side of sides) {
      const speed = await side.run();
      if (round >= 0) side.fastest = Math.max(side.fastest, speed);
    }
  }
  for (const side of sides) side.end();
  const [peer = 0, core = 0, crowded = 0, spread = 0] = sides.map((side) => side.fastest);
  return { peer, core, crowded, spread };
}

class Side {
  fastest = 0;
  readonly #child;

  constructor(side: 'core' | 'peer', steps: number, resting: number, markets: number) {
    const options = [side, steps, resting, markets].map(String);
    this.#child = fork(join(import.meta.dirname, 'side.ts'), options, { execArgv: ['--expose-gc'] });
  }

  async run(): Promise<number> {
    const answer = once(this.#child, 'message');
    this.#child.send('run');
    const [speed] = (await answer) as [number];
    return speed;
  }

  end(): void {
    this.#child.disconnect();
  }
}
