import type { Command, CommandKind, CommandOf, Results } from './core/commands.ts';
import { apply } from './core/exchange.ts';
import type { Outcome } from './core/refusals.ts';
import type { ExchangeEvent, ExchangeState } from './core/state.ts';
import { Faults } from './faults.ts';
import type { FeedStatus } from './feeds/play.ts';
import type { Limiter } from './limits.ts';
import type { Journal } from './store/journal.ts';

/** A command as its caller knows it: the venue adds the time. */
export type Timeless<K extends CommandKind> = Omit<CommandOf<K>, 'at' | 'kind'>;

export type EventListener = (events: readonly ExchangeEvent[]) => void;

/**
 * The exchange behind its doors: applies commands, journals the accepted ones and hands their events on.
 * Every door (REST, WebSocket API, streams, admin, background flow) goes through here.
 */
export class Venue {
  readonly state: ExchangeState;
  readonly faults = new Faults();
  /** How to ask each market's feed how far it is. */
  readonly feeds = new Map<string, () => FeedStatus>();
  readonly limiter: Limiter;
  readonly #journal: Journal;
  readonly #clock: () => number;
  readonly #listeners = new Set<EventListener>();

  constructor(state: ExchangeState, journal: Journal, limiter: Limiter, clock: () => number) {
    this.state = state;
    this.limiter = limiter;
    this.#journal = journal;
    this.#clock = clock;
  }

  /** The exchange's own clock in milliseconds, with the skew that a fault may have given it. */
  now(): number {
    return this.#clock() + this.faults.clockSkewMs;
  }

  /** Applies one command. Its effects may leave the process only after `durable`. */
  run<K extends CommandKind>(kind: K, body: Timeless<K>): Outcome<Results[K]> {
    // The two halves make a whole command by the definition of Timeless; TypeScript cannot follow the Omit.
    const command = { ...body, kind, at: Math.max(this.now(), this.state.lastAt) } as unknown as CommandOf<K>;
    const outcome = apply(this.state, command);
    if (!outcome.ok) return outcome;
    // Widening, which inference does not do through the mapped type.
    this.#journal.append(command as Command);
    const events = this.state.takeEvents();
    for (const event of events) this.#countFirstFill(event);
    if (this.#listeners.size > 0) this.#announce(events);
    return outcome;
  }

  /** Resolves when everything that this process has decided so far would survive its death. */
  async durable(): Promise<void> {
    await this.#journal.durable();
  }

  /**
   * Calls `listener` with the events of each command once they are durable, also when there are none: the book
   * may have changed. Returns how to stop.
   */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#journal.close();
  }

  /** An order that trades for the first time no longer counts against its account's order limits. */
  #countFirstFill(event: ExchangeEvent): void {
    if (event.kind !== 'execution' || event.fill === null || event.progress.executedLots !== event.fill.lots)
      return;
    this.limiter.countOrders(event.order.account, -1, event.at);
  }

  /** Waiters of the journal resolve in the order in which they came, so events keep their order. */
  #announce(events: readonly ExchangeEvent[]): void {
    void this.durable().then(() => {
      for (const listener of this.#listeners) listener(events);
    });
  }
}
