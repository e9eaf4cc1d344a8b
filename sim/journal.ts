import type { OrderIntent } from '@counterfoil/vocabulary';
import type { MachineEvent } from '@counterfoil/engine';

/** What survives a crash: each event with the intents that followed, committed together before anything is sent. */
export class Journal<Command> {
  readonly entries: { readonly event: MachineEvent<Command>; readonly intents: readonly OrderIntent[] }[] =
    [];

  commit(event: MachineEvent<Command>, intents: readonly OrderIntent[]): void {
    // A copy: what is written to a disk does not change when the writer's memory does.
    this.entries.push(structuredClone({ event, intents }));
  }

  /** Orders that were asked for, by name. */
  get asked(): ReadonlyMap<string, Extract<OrderIntent, { kind: 'place' }>> {
    const asked = new Map<string, Extract<OrderIntent, { kind: 'place' }>>();
    for (const { intents } of this.entries) {
      for (const intent of intents) if (intent.kind === 'place') asked.set(intent.order, intent);
    }
    return asked;
  }
}
