import assert from 'node:assert/strict';
import {
  type Fill,
  type Market,
  notional,
  type OrderRequest,
  type Price,
  type Quantity,
} from '@counterfoil/vocabulary';
import type { Machine, MachineEvent, Parked } from '../src/machines/machine.ts';
import type { Note } from '../src/machines/notes.ts';
import { btc } from './_markets.ts';

/** Plays the venue by hand: orders rest until the test fills them, cancels are confirmed at once. */
export class Hand<Options, State, Command> {
  readonly #machine: Machine<Options, State, Command>;
  readonly #options: Options;
  readonly #market: Market;
  readonly working = new Map<string, OrderRequest>();
  /** The market that each order was asked for on. */
  readonly marketOf = new Map<string, number>();
  readonly notes: Note[] = [];
  state: State;
  triggers: readonly Parked[] = [];
  atMs = 0;
  price: Price;
  #trades = 0;

  constructor(
    machine: Machine<Options, State, Command>,
    options: Options,
    price: Price,
    market: Market = btc,
  ) {
    this.#machine = machine;
    this.#options = options;
    this.#market = market;
    this.price = price;
    this.state = machine.begin(options);
    this.tell({ kind: 'started', market: 0, atMs: 0, price });
  }

  tell(event: MachineEvent<Command>): void {
    const step = this.#machine.step(this.#options, this.state, event);
    this.state = step.state;
    this.triggers = step.triggers;
    this.notes.push(...step.notes);
    for (const intent of step.intents) {
      if (intent.kind === 'place') {
        assert.ok(!this.working.has(intent.order), `${intent.order} is placed twice`);
        this.working.set(intent.order, intent.request);
        this.marketOf.set(intent.order, intent.market);
      }
    }
    for (const intent of step.intents) if (intent.kind === 'cancel') this.confirmCancel(intent.order);
  }

  confirmCancel(order: string): void {
    this.working.delete(order);
    const report = {
      order,
      state: 'cancelled',
      filledQuantity: 0n,
      filledAmount: 0n,
      atMs: this.atMs,
    } as const;
    this.tell({ kind: 'orderReported', report: report as never });
  }

  /** The venue ends an order of which it has filled so much; the fills themselves may come later. */
  end(role: string, filledQuantity: Quantity): void {
    const [order] = this.order(role);
    const report = { order, state: 'expired', filledQuantity, filledAmount: 0n, atMs: this.atMs } as const;
    this.tell({ kind: 'orderReported', report: report as never });
  }

  /** Fires a trigger; it must be armed. */
  fire(name: string, price: Price): void {
    const parked = this.triggers.find((one) => one.name === name);
    assert.ok(parked !== undefined, `${name} is not armed, but ${this.armed().join(' ')}`);
    this.price = price;
    const { market } = parked.on;
    this.tell({ kind: 'triggerFired', trigger: name, market, atMs: this.atMs, price });
  }

  command(command: Command, price: Price = this.price, market = 0): void {
    this.price = price;
    this.tell({ kind: 'command', command, market, atMs: this.atMs, price });
  }

  /** Fills the order of a role whole, at its limit or at `price`, with the taker's or maker's 0.1 %. */
  fill(role: string, price?: Price, quantity?: Quantity): Fill {
    const [name, request] = this.order(role);
    const at = price ?? request.price;
    assert.ok(at !== null, `${role} is a market order: name its price`);
    const size = quantity ?? (request.sizing.by === 'base' ? request.sizing.quantity : (0n as Quantity));
    const amount = notional(this.#market, at, size, request.side === 'buy' ? 'ceil' : 'floor');
    const fill: Fill = {
      tradeId: `t${++this.#trades}`,
      side: request.side,
      price: at,
      quantity: size,
      amount,
      fee: (amount + 999n) / 1_000n,
      feeAsset: this.#market.quote,
      feeScale: this.#market.quoteScale,
      liquidity: 'maker',
      atMs: this.atMs,
    };
    if (quantity === undefined) this.working.delete(name);
    this.price = at;
    this.tell({ kind: 'orderFilled', order: name, fill });
    return fill;
  }

  /** The working order of a role: `base`, `tp1`, `close`; fails when there is none. */
  order(role: string): [string, OrderRequest] {
    for (const entry of this.working) if (entry[0].split('-')[1] === role) return entry;
    throw new assert.AssertionError({ message: `no ${role} among ${[...this.working.keys()].join(' ')}` });
  }

  roles(): string[] {
    return [...this.working.keys()].map((name) => name.split('-')[1] ?? '').toSorted();
  }

  armed(): string[] {
    return this.triggers.map((one) => one.name).toSorted();
  }

  /** The level of an armed price trigger. */
  level(name: string): number {
    const on = this.triggers.find((one) => one.name === name)?.on;
    assert.ok(
      on?.kind === 'price' && 'level' in on.condition,
      `${name} is no armed level: ${this.armed().join(' ')}`,
    );
    return on.condition.level;
  }

  lastNote<Code extends Note['code']>(code: Code): Extract<Note, { code: Code }> {
    const note = this.notes.findLast((one) => one.code === code);
    assert.ok(note !== undefined, `no ${code} among ${this.notes.map((one) => one.code).join(' ')}`);
    // The code was compared in the line above.
    return note as Extract<Note, { code: Code }>;
  }
}
