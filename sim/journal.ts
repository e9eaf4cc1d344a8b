import type { Market, OrderIntent } from '@counterfoil/vocabulary';
import type { MachineEvent } from '@counterfoil/engine';

/** A worker whose epoch is over tried to write: another has taken its bot. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}

export type JournalEntry<Command> =
  | {
      readonly kind: 'step';
      readonly epoch: number;
      readonly event: MachineEvent<Command>;
      readonly intents: readonly OrderIntent[];
    }
  /** From here on the bot runs with these filters. */
  | { readonly kind: 'market'; readonly epoch: number; readonly market: Market };

/** What survives a crash: each event with the intents that followed, committed together before anything is sent. */
export class Journal<Command> {
  readonly entries: JournalEntry<Command>[] = [];
  readonly #isFenced: boolean;
  #epoch = 0;

  constructor(isFenced: boolean) {
    this.#isFenced = isFenced;
  }

  /** Takes the bot over; who wrote before cannot write any more. */
  attach(): number {
    return ++this.#epoch;
  }

  /** Throws `Fenced` when a later worker has attached. */
  commit(entry: JournalEntry<Command>): void {
    if (this.#isFenced && entry.epoch < this.#epoch) throw new Fenced();
    // A copy: what is written to a disk does not change when the writer's memory does.
    this.entries.push(structuredClone(entry));
  }

  /** Orders that were asked for, by name. */
  get asked(): ReadonlyMap<string, Extract<OrderIntent, { kind: 'place' }>> {
    const asked = new Map<string, Extract<OrderIntent, { kind: 'place' }>>();
    for (const entry of this.entries) {
      if (entry.kind !== 'step') continue;
      for (const intent of entry.intents) if (intent.kind === 'place') asked.set(intent.order, intent);
    }
    return asked;
  }
}
