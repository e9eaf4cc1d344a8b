import { isDeepStrictEqual } from 'node:util';
import { type MachineEvent, type Parked, type Trigger, TriggerBook } from '@counterfoil/engine';
import {
  type Amount,
  finalStates,
  type Market,
  type OrderIntent,
  type Price,
  type Quantity,
} from '@counterfoil/vocabulary';
import type { SimBot } from './bots.ts';
import type { Door, DoorAnswer } from './door.ts';
import { Fenced, type Journal, type JournalEntry } from './journal.ts';
import { DELAY_MAX_MS, type Network } from './network.ts';
import type { Timeline } from './timeline.ts';
import type { OrderStatus } from './venue.ts';

/** Thrown at a crash point; the world restarts the runner from its journal. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export interface RunnerParts {
  readonly bot: SimBot;
  readonly journal: Journal<never>;
  readonly door: Door;
  readonly network: Network;
  readonly timeline: Timeline;
  /** May throw `Crash` or pause the runner; `where` names the step of the protocol. */
  readonly crashPoint: (where: string) => void;
  readonly bug: RunnerBug | null;
}

interface OpenOrder {
  readonly intent: Extract<OrderIntent, { kind: 'place' }>;
  /** A runner that stood still between commit and send sent later than it committed. */
  sentAtMs: number;
  /** Quantity that no journalled fill accounts for yet. */
  left: bigint;
}

/** Defects that the invariants must find; planted by tests only. */
export type RunnerBug = 'send-before-journal' | 'new-id-on-retry' | 'forget-unknown';

const ANSWER_WITHIN_MS = 3_000;
const RECONCILE_EVERY_MS = 15_000;

/**
 * The runner's protocol in its simplest form: event → step → commit → send. Client order ids are the machine's order
 * names, so that sending again after a crash cannot make a second order; what was sent without an answer is unknown
 * until the venue has been asked.
 */
export class Runner {
  readonly #parts: RunnerParts;
  /** Which attachment to the bot this is: a later one fences this one out, in the journal and at the door. */
  readonly #epoch: number;
  readonly #book = new TriggerBook();
  readonly #armed = new Map<string, { readonly parked: Parked; readonly handle: number | null }>();
  /** Orders asked for whose end is not journalled, with the moment they were last sent. */
  readonly #open = new Map<string, OpenOrder>();
  readonly #booked = new Set<string>();
  /** Orders whose cancel is journalled: it is sent again until the venue says that the order has ended. */
  readonly #cancelled = new Set<string>();
  #options: unknown;
  #market: Market | null = null;
  #state: unknown;
  #alive = true;
  /** What waits while the runner is paused; null while it runs. */
  #held: (() => void)[] | null = null;
  #lastReconcileMs: number;

  /** Start and recovery are one path: the journal is replayed, then every open order is asked about. */
  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#epoch = parts.journal.attach();
    this.#options = parts.bot.options;
    this.#state = parts.bot.machine.begin(this.#options);
    this.#lastReconcileMs = parts.timeline.nowMs;
    let parked: readonly Parked[] = [];
    for (const entry of parts.journal.entries) {
      if (entry.kind === 'market') {
        this.#useMarket(entry.market);
        continue;
      }
      const step = parts.bot.machine.step(this.#options, this.#state, entry.event);
      this.#state = step.state;
      parked = step.triggers;
      this.#follow(entry.event);
      for (const intent of entry.intents) this.#remember(intent);
    }
    this.#park(parked);
    for (const name of this.#open.keys()) this.#ask(name);
  }

  get state(): unknown {
    return this.#state;
  }

  get parked(): readonly Parked[] {
    return [...this.#armed.values()].map((one) => one.parked);
  }

  kill(): void {
    this.#alive = false;
  }

  /** Stands still, as a process does that the system has no time for: what arrives waits, what was due is late. */
  pause(): void {
    this.#held ??= [];
  }

  resume(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const act of held) act();
  }

  #soon(act: () => void): void {
    if (this.#held === null) act();
    else this.#held.push(act);
  }

  /** Something that the venue pushed. */
  receive(event: MachineEvent<never>): void {
    this.#soon(() => this.handle(event));
  }

  /** A price from the feed; also the moment at which times and late answers are looked at. */
  onPrice(price: Price): void {
    if (this.#held !== null) return;
    const nowMs = this.#parts.timeline.nowMs;
    for (const name of this.#fired(price, nowMs)) {
      if (this.#armed.delete(name))
        this.handle({ kind: 'triggerFired', trigger: name, market: 0, atMs: nowMs, price });
    }
    if (nowMs - this.#lastReconcileMs >= RECONCILE_EVERY_MS) {
      this.#lastReconcileMs = nowMs;
      this.#lookAtMarket();
      for (const name of this.#open.keys()) this.#ask(name);
    }
  }

  /** Event → step → commit → send. */
  handle(event: MachineEvent<never>): void {
    const { bot, crashPoint, bug } = this.#parts;
    if (!this.#alive || this.#isKnown(event)) return;
    crashPoint('before the step');
    const step = bot.machine.step(this.#options, this.#state, event);
    crashPoint('before the commit');
    if (bug === 'send-before-journal') for (const intent of step.intents) this.#send(intent);
    if (bug === 'send-before-journal') crashPoint('before the commit');
    if (!this.#commit({ kind: 'step', epoch: this.#epoch, event, intents: step.intents })) return;
    this.#state = step.state;
    this.#follow(event);
    crashPoint('after the commit');
    this.#park(step.triggers);
    for (const intent of step.intents) {
      this.#remember(intent);
      this.#soon(() => this.#send(intent));
      crashPoint('between two sends');
    }
  }

  /** False when another worker has taken the bot: this one ends. */
  #commit(entry: JournalEntry<never>): boolean {
    try {
      this.#parts.journal.commit(entry);
      return true;
    } catch (error) {
      if (!(error instanceof Fenced)) throw error;
      this.kill();
      return false;
    }
  }

  /** New filters are journalled before they are used, so that a replay uses them from the same event on. */
  #lookAtMarket(): void {
    const { market } = this.#parts.door;
    if (!this.#alive || isDeepStrictEqual(market, this.#market)) return;
    if (this.#commit({ kind: 'market', epoch: this.#epoch, market })) this.#useMarket(market);
  }

  #useMarket(market: Market): void {
    this.#market = market;
    this.#options = this.#parts.bot.onMarket(market);
  }

  #remember(intent: OrderIntent): void {
    if (intent.kind === 'cancel') this.#cancelled.add(intent.order);
    else {
      const left = intent.request.sizing.by === 'base' ? intent.request.sizing.quantity : 0n;
      this.#open.set(intent.order, { intent, sentAtMs: this.#parts.timeline.nowMs, left });
    }
  }

  #send(intent: OrderIntent): void {
    const { door, network, timeline } = this.#parts;
    if (intent.kind === 'cancel') {
      network.carry(() => door.cancel(intent.order, this.#epoch, timeline.nowMs));
      return;
    }
    const open = this.#open.get(intent.order);
    if (open !== undefined) open.sentAtMs = timeline.nowMs;
    this.#place(intent, intent.order);
    timeline.after(ANSWER_WITHIN_MS, () => this.#soon(() => this.#answerMissing(intent)));
  }

  #place(intent: Extract<OrderIntent, { kind: 'place' }>, id: string): void {
    const { door, network, timeline } = this.#parts;
    network.carry(() => {
      const answer = door.place(id, intent.request, this.#epoch, timeline.nowMs);
      network.carry(() => this.#soon(() => this.#heard(intent, answer)));
    });
  }

  #heard(intent: Extract<OrderIntent, { kind: 'place' }>, answer: DoorAnswer): void {
    const { door } = this.#parts;
    switch (answer) {
      case 'accepted':
      case 'duplicate':
        this.#answered(intent.order);
        return;
      case 'refused':
        // Perhaps the filters have changed: asked again with the old ones it would be refused for ever.
        this.#lookAtMarket();
        this.#refused(intent.order, door.refusalOf(intent.order), false);
        return;
      case 'overloaded':
        this.#refused(intent.order, 'the venue sheds load', true);
        return;
      case 'broken':
        this.#answerMissing(intent);
        return;
      case 'stale-fence':
        this.kill();
        return;
      default:
        answer satisfies never;
    }
  }

  readonly #answeredNames = new Set<string>();

  #answered(name: string): void {
    this.#answeredNames.add(name);
  }

  /** No answer in time: the outcome is unknown. It is asked for, never assumed, and nothing is sent blindly. */
  #answerMissing(intent: Extract<OrderIntent, { kind: 'place' }>): void {
    if (!this.#alive || this.#answeredNames.has(intent.order) || !this.#open.has(intent.order)) return;
    if (this.#parts.bug === 'forget-unknown') {
      this.#refused(intent.order, 'no answer', true);
      return;
    }
    if (this.#parts.bug === 'new-id-on-retry') {
      this.#place(intent, `${intent.order}x`);
      return;
    }
    // Nothing is known of it: no part of it is claimed to be filled.
    const nothing = { filledQuantity: 0n as Quantity, filledAmount: 0n as Amount };
    const atMs = this.#parts.timeline.nowMs;
    this.handle({
      kind: 'orderReported',
      report: { order: intent.order, state: 'unknown', ...nothing, atMs },
    });
    this.#ask(intent.order);
  }

  #ask(name: string): void {
    const { door, network, timeline } = this.#parts;
    network.carry(() => {
      const status = door.status(name, this.#epoch);
      if (status === null) return;
      const reason = door.refusalOf(name);
      const takenAtMs = timeline.nowMs;
      network.carry(() => this.#soon(() => this.#learn(name, status, reason, takenAtMs)));
    });
  }

  /** What the venue says about an order, as the events that were missed. */
  #learn(name: string, status: OrderStatus, reason: string, takenAtMs: number): void {
    const open = this.#open.get(name);
    if (!this.#alive || open === undefined) return;
    const nowMs = this.#parts.timeline.nowMs;
    if (!status.known) {
      // It may have been on its way: only where the venue was asked after twice the longest delay will it never arrive.
      // How late the answer is heard says nothing, because a paused worker hears an old one.
      if (takenAtMs - open.sentAtMs > 2 * DELAY_MAX_MS) this.#refused(name, 'never arrived', true);
      return;
    }
    this.#answeredNames.add(name);
    if (status.report.state === 'rejected') {
      this.#refused(name, reason, false);
      return;
    }
    for (const fill of status.fills) this.handle({ kind: 'orderFilled', order: name, fill });
    const { state } = status.report;
    if (state !== 'filled') this.handle({ kind: 'orderReported', report: { ...status.report, atMs: nowMs } });
    if (!finalStates.has(state) && this.#cancelled.has(name)) this.#send({ kind: 'cancel', order: name });
  }

  #refused(name: string, reason: string, passes: boolean): void {
    this.#answeredNames.add(name);
    if (!this.#open.has(name)) return;
    this.handle({ kind: 'orderRefused', order: name, reason, passes, atMs: this.#parts.timeline.nowMs });
  }

  #isKnown(event: MachineEvent<never>): boolean {
    if (event.kind === 'orderFilled') return this.#booked.has(event.fill.tradeId);
    if (event.kind === 'orderReported') return !this.#open.has(event.report.order);
    return event.kind === 'orderRefused' && !this.#open.has(event.order);
  }

  /** Keeps the list of open orders in step with what is journalled. */
  #follow(event: MachineEvent<never>): void {
    if (event.kind === 'orderFilled') {
      this.#booked.add(event.fill.tradeId);
      const open = this.#open.get(event.order);
      if (open !== undefined) open.left -= event.fill.quantity;
      if (open !== undefined && open.left <= 0n) this.#open.delete(event.order);
    }
    if (event.kind === 'orderRefused') this.#open.delete(event.order);
    if (event.kind === 'orderReported' && finalStates.has(event.report.state))
      this.#open.delete(event.report.order);
  }

  #park(list: readonly Parked[]): void {
    const wanted = new Map(list.map((one) => [one.name, one]));
    for (const [name, { parked, handle }] of this.#armed) {
      if (isSame(wanted.get(name), parked)) continue;
      if (handle !== null) this.#book.disarm(handle);
      this.#armed.delete(name);
    }
    for (const parked of list) {
      if (this.#armed.has(parked.name)) continue;
      const trigger = triggerOf(parked);
      this.#armed.set(parked.name, { parked, handle: trigger === null ? null : this.#book.arm(trigger) });
    }
  }

  #fired(price: Price, nowMs: number): string[] {
    const handles = new Set([...this.#book.tell('price', Number(price)), ...this.#book.tellTime(nowMs)]);
    const names: string[] = [];
    for (const [name, { parked, handle }] of this.#armed) {
      // Conditions without candles hold at once; the simulated bots have no others.
      if (
        parked.on.kind === 'conditions'
          ? (parked.on.afterMs ?? -1) < nowMs
          : handle !== null && handles.has(handle)
      )
        names.push(name);
    }
    return names;
  }
}

function triggerOf({ on }: Parked): Trigger | null {
  if (on.kind === 'price') return { kind: 'series', series: 'price', condition: on.condition };
  return on.kind === 'time' ? { kind: 'time', at: on.atMs } : null;
}

function isSame(a: Parked | undefined, b: Parked): boolean {
  return a !== undefined && JSON.stringify(a.on) === JSON.stringify(b.on);
}
