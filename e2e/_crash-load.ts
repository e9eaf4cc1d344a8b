/** Orders that keep coming while programs are killed, some at once. */
import type { Installation } from './_installation.ts';

/** Far under what a venue lets one address ask in a minute, the questions about unknown orders included. */
const LANES = 8;
/** After an answer that did not come; the server needs some time to be there again. */
const PAUSE_MS = 100;

export class Load {
  readonly #installation: Installation;
  readonly #lanes: Promise<void>[];
  #isOver = false;
  #used = 0;

  constructor(installation: Installation) {
    this.#installation = installation;
    this.#lanes = Array.from({ length: LANES }, () => this.#lane());
  }

  /** Answers that spoke of a use of the key; those that a dead server owes are not counted. */
  get used(): number {
    return this.#used;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#lanes);
  }

  async #lane(): Promise<void> {
    for (let n = 0; !this.#isOver; n++) {
      // A sale of what the last purchase left after its fee, so that the account neither runs dry nor fills up.
      const side = n % 2 === 0 ? { side: 'buy', amount: '0.001' } : { side: 'sell', amount: '0.00099' };
      const placed = await this.#installation.place(side);
      if (placed !== null && placed.clientOrderId !== null) this.#used += 1;
      else await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
