/**
 * One running bot: event → step → commit → what follows. Events wait in a queue and are stepped in order; what waits
 * while a commit is under way is committed together next. Nothing leaves before its commit.
 */
import type { MachineEvent, Note, Parked } from '@counterfoil/engine';
import type { Market, OrderIntent } from '@counterfoil/vocabulary';
import type {
  Append,
  AppendedFill,
  AppendedIntent,
  BotStatus,
  DoneCommand,
  OutboxEntry,
} from '../ledger/append.ts';
import { toExactJson } from '../ledger/exact-json.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { appendedIntent } from './intent-body.ts';
import { isOver, machineOf, workingOrdersOf } from './machines.ts';
import { dealsIn, toldBy } from './notes.ts';
import { type BotPlan, marketsOf, planToday } from './plan.ts';
import type { StoredParked } from './stored.ts';
import type { TrackedOrder } from './tracked-order.ts';

/** Steps in one commit: a burst of fills is one commit, and an endless one still lets others in. */
const STEPS_MAX = 64;

export interface BotRecord {
  readonly owner: string;
  readonly id: string;
  readonly connection: string;
  readonly shard: number;
  readonly plan: BotPlan;
  readonly status: BotStatus;
  readonly state: unknown;
  readonly parked: readonly StoredParked[];
  readonly seq: number;
  readonly intentSeq: number;
}

/** Something for a bot to be told, and what is to become durable with it. */
export interface Told {
  /** Null where only something is to be written down. */
  readonly event: MachineEvent<unknown> | null;
  readonly fill?: AppendedFill;
  readonly command?: DoneCommand;
  readonly plan?: BotPlan;
  readonly status?: BotStatus;
  /** An order whose cancel is asked for once more, because the first was lost. */
  readonly cancelAgain?: TrackedOrder;
  /** A position that has had no exit for too long: its owner is told. */
  readonly unprotected?: { readonly deal: string; readonly sinceMs: number };
  /** Writes the peaks of its trails down although nothing happened. */
  readonly keepsPeaks?: boolean;
  /** After the commit; false where the bot went to somebody else, who will find out for himself. */
  readonly done?: (committed: boolean) => void;
}

/** What the bot needs from the runner that it lives in. */
export interface BotHost {
  readonly ledger: Ledger;
  readonly epochOf: (shard: number) => number | undefined;
  /** The market as its venue states it now; undefined before it was read. */
  readonly marketToday: (symbol: string) => Market | undefined;
  /** Peaks that the trails of the bot have reached, by trigger. */
  readonly extremesOf: (bot: LiveBot) => ReadonlyMap<string, number>;
  readonly park: (bot: LiveBot, parked: readonly StoredParked[]) => void;
  readonly send: (bot: LiveBot, intent: AppendedIntent, order: TrackedOrder) => void;
  /** Somebody else moved the bot, or the ledger failed: what is in memory is not true any more. */
  readonly lost: (bot: LiveBot, why: string) => void;
}

interface Draft {
  state: unknown;
  parked: readonly Parked[];
  plan: BotPlan;
  status: BotStatus;
  intentSeq: number;
  readonly events: { event: MachineEvent<unknown>; notes: readonly Note[] }[];
  readonly intents: { readonly appended: AppendedIntent; readonly order: TrackedOrder }[];
  readonly fills: AppendedFill[];
  readonly commands: DoneCommand[];
  readonly warnings: OutboxEntry[];
}

export class LiveBot {
  readonly owner: string;
  readonly id: string;
  readonly connection: string;
  readonly shard: number;
  /** Orders that the machine waits for, by its own names. */
  readonly orders = new Map<string, TrackedOrder>();
  readonly #host: BotHost;
  #record: BotRecord;
  #parked: readonly Parked[];
  #queue: Told[] = [];
  #isBusy = false;
  #isGone = false;

  constructor(record: BotRecord, host: BotHost) {
    this.owner = record.owner;
    this.id = record.id;
    this.connection = record.connection;
    this.shard = record.shard;
    this.#record = record;
    this.#parked = record.parked;
    this.#host = host;
  }

  get key(): string {
    return `${this.owner}/${this.id}`;
  }

  get plan(): BotPlan {
    return this.#record.plan;
  }

  get state(): unknown {
    return this.#record.state;
  }

  get status(): BotStatus {
    return this.#record.status;
  }

  /** What it waits for, without the peaks of its trails. */
  get parked(): readonly StoredParked[] {
    return this.#parked.map(({ name, on }) => ({ name, on, extreme: null }));
  }

  /** Whether something that it was told is not durable yet. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  get markets(): readonly Market[] {
    return marketsOf(this.#record.plan);
  }

  tell(told: Told): void {
    if (this.#isGone) return told.done?.(false);
    this.#queue.push(told);
    void this.#drain();
  }

  /** Forgets everything: another worker has it, or it is read again. */
  leave(): void {
    this.#isGone = true;
    for (const told of this.#queue.splice(0)) told.done?.(false);
  }

  async #drain(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#queue.length > 0 && !this.#isGone) await this.#commit(this.#queue.splice(0, STEPS_MAX));
    } catch (error) {
      this.#host.lost(this, String(error));
    } finally {
      this.#isBusy = false;
    }
  }

  async #commit(batch: readonly Told[]): Promise<void> {
    const draft = this.#stepAll(batch);
    const append = this.#appendOf(
      draft,
      batch.some((told) => told.keepsPeaks === true),
    );
    if (append === null) {
      for (const told of batch) told.done?.(true);
      return;
    }
    let result: 'committed' | 'stale' = 'stale';
    try {
      result = await this.#host.ledger.append(append.append);
    } finally {
      if (result === 'stale') for (const told of batch) told.done?.(false);
    }
    if (result === 'stale') return this.#host.lost(this, 'somebody else moved it');
    if (this.#isGone) return;
    this.#adopt(draft, append.append.position.seq, append.parked);
    for (const told of batch) told.done?.(true);
  }

  #stepAll(batch: readonly Told[]): Draft {
    const { state, plan, status, intentSeq } = this.#record;
    const draft: Draft = {
      state,
      parked: this.#parked,
      plan,
      status,
      intentSeq,
      events: [],
      intents: [],
      fills: [],
      commands: [],
      warnings: [],
    };
    for (const told of batch) {
      if (told.plan !== undefined) draft.plan = told.plan;
      if (told.status !== undefined) draft.status = told.status;
      if (told.fill !== undefined) draft.fills.push(told.fill);
      if (told.unprotected !== undefined)
        draft.warnings.push({ kind: 'unprotected', body: toExactJson(told.unprotected) });
      if (told.command !== undefined) draft.commands.push(told.command);
      if (told.cancelAgain !== undefined)
        this.#journal(draft, { kind: 'cancel', order: told.cancelAgain.name });
      if (told.event !== null && isDue(told.event, draft.parked)) this.#step(draft, told.event);
    }
    return draft;
  }

  #step(draft: Draft, event: MachineEvent<unknown>): void {
    const machine = machineOf(draft.plan.kind);
    // Not written down: a bot is its owner's plan, and what the venue demands is read anew.
    const { options } = planToday(draft.plan, (symbol) => this.#host.marketToday(symbol));
    const step = machine.step(options, draft.state ?? machine.begin(options), event);
    draft.state = step.state;
    draft.parked = step.triggers;
    draft.events.push({ event, notes: step.notes });
    for (const intent of step.intents) this.#journal(draft, intent);
    if (draft.status === 'running' && isOver(draft.plan.kind, step.state))
      draft.status = draft.plan.kind === 'smart-trade' ? 'ended' : 'stopped';
  }

  #journal(draft: Draft, intent: OrderIntent): void {
    const seq = draft.intentSeq + 1;
    const known = draft.intents.find((one) => one.order.name === intent.order)?.order;
    const made = appendedIntent(
      intent,
      seq,
      marketsOf(draft.plan),
      this.connection,
      known ?? this.orders.get(intent.order),
    );
    // A cancel of an order that has ended already has nothing to cancel.
    if (made === null) return;
    draft.intentSeq = seq;
    draft.intents.push(made);
  }

  #appendOf(
    draft: Draft,
    always: boolean,
  ): { readonly append: Append; readonly parked: readonly StoredParked[] } | null {
    const { seq, plan, status } = this.#record;
    const isNothing =
      draft.events.length +
        draft.intents.length +
        draft.fills.length +
        draft.commands.length +
        draft.warnings.length ===
        0 &&
      draft.plan === plan &&
      draft.status === status;
    if (isNothing && !always) return null;
    const extremes = this.#host.extremesOf(this);
    const parked = draft.parked.map((one) => ({
      name: one.name,
      on: one.on,
      extreme: extremes.get(one.name) ?? null,
    }));
    const notes = draft.events.flatMap((one) => one.notes);
    const append: Append = {
      owner: this.owner,
      bot: this.id,
      shard: this.shard,
      epoch: this.#host.epochOf(this.shard) ?? -1,
      after: seq,
      position: {
        seq: seq + draft.events.length,
        intentSeq: draft.intentSeq,
        status: draft.status,
        state: toExactJson(draft.state),
        parked: toExactJson(parked),
      },
      options: draft.plan === plan ? null : toExactJson(draft.plan.options),
      events: draft.events.map((one) => ({ event: toExactJson(one.event), notes: toExactJson(one.notes) })),
      intents: draft.intents.map((one) => one.appended),
      fills: draft.fills,
      deals: dealsIn(notes, marketsOf(draft.plan), draft.events),
      commands: draft.commands,
      outbox: [
        // A request that was obeyed changes what a page shows of the bot, a pause for one, also where the status stays.
        ...toldBy(
          notes,
          draft.fills,
          draft.status === status && draft.commands.length === 0 ? null : draft.status,
        ),
        ...draft.warnings,
      ],
    };
    return { append, parked };
  }

  #adopt(draft: Draft, seq: number, parked: readonly StoredParked[]): void {
    const { state, plan, status, intentSeq } = draft;
    this.#record = { ...this.#record, state, plan, status, intentSeq, seq };
    this.#parked = draft.parked;
    this.#host.park(this, parked);
    for (const { appended, order } of draft.intents) {
      if (appended.body.method === 'create') this.orders.set(order.name, order);
      else order.cancelSeq = appended.seq;
    }
    const working = new Set(workingOrdersOf(plan.kind, state).map((order) => order.name));
    for (const name of this.orders.keys()) if (!working.has(name)) this.orders.delete(name);
    for (const { appended, order } of draft.intents) this.#host.send(this, appended, order);
  }
}

/** A trigger that an earlier event of the same burst has disarmed must not fire after it. */
function isDue(event: MachineEvent<unknown>, parked: readonly Parked[]): boolean {
  return event.kind !== 'triggerFired' || parked.some((one) => one.name === event.trigger);
}
