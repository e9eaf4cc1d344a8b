import type { Market, OrderIntent, Price } from '@counterfoil/vocabulary';
import type { Step } from '../machine.ts';
import type { Note } from '../notes.ts';
import { findOrder, type WorkingOrder } from '../working-orders.ts';
import type { DcaOptions } from './options.ts';
import { parkedOn } from './parking.ts';
import { lookedAt } from './starting.ts';
import type { DcaDeal, DcaState, MarketWatch, StartStage } from './state.ts';

/** One event being worked through: the state so far, and what has been asked for and said. */
export class Turn {
  readonly options: DcaOptions;
  readonly atMs: number;
  #state: DcaState;
  readonly #intents: OrderIntent[] = [];
  readonly #notes: Note[] = [];

  constructor(options: DcaOptions, state: DcaState, atMs: number) {
    this.options = options;
    this.#state = state;
    this.atMs = atMs;
  }

  get state(): DcaState {
    return this.#state;
  }

  step(): Step<DcaState> {
    return {
      state: this.#state,
      triggers: parkedOn(this.options, this.#state, this.atMs),
      intents: this.#intents,
      notes: this.#notes,
    };
  }

  set(change: Partial<DcaState>): void {
    this.#state = { ...this.#state, ...change };
  }

  note(note: Note): void {
    this.#notes.push(note);
  }

  ask(intents: readonly OrderIntent[]): void {
    this.#intents.push(...intents);
  }

  enable(): void {
    if (this.#state.enabled) return;
    this.set({ enabled: true });
    this.note({ code: 'bot-started' });
  }

  /** No new deals; open ones run on. */
  disable(code: 'bot-stopped' | 'bot-stopped-by-stop-loss' | 'bot-stopped-after-deals'): void {
    if (!this.#state.enabled) return;
    this.set({ enabled: false });
    this.note({ code });
  }

  watch(index: number): MarketWatch | undefined {
    return this.#state.markets[index];
  }

  setWatch(index: number, watch: MarketWatch): void {
    this.set({ markets: this.#state.markets.map((one, i) => (i === index ? watch : one)) });
  }

  setStage(index: number, stage: StartStage): void {
    const watch = this.watch(index);
    if (watch !== undefined) this.setWatch(index, { ...watch, stage });
  }

  look(index: number, price: Price): void {
    const watch = this.watch(index);
    if (watch === undefined) return;
    const looked = lookedAt(watch, price);
    if (looked !== watch) this.setWatch(index, looked);
  }

  dealNamed(name: string): DcaDeal | undefined {
    const number = Number(/^d(\d+)-/.exec(name)?.[1] ?? Number.NaN);
    return this.#state.deals.find((deal) => deal.number === number);
  }

  /** Runs `act` on the deal and working order of that name; says so when there is none. */
  withOrder(name: string, act: (deal: DcaDeal, order: WorkingOrder) => void): void {
    const deal = this.dealNamed(name);
    const order = deal === undefined ? undefined : findOrder(deal.orders, name);
    if (deal === undefined || order === undefined) {
      this.note({ code: 'ignored', what: name, why: 'no-such-order', detail: '' });
    } else act(deal, order);
  }

  /** The latest price of a market on which there is a deal: no deal starts without one. */
  priceOf(index: number): Price {
    const price = this.watch(index)?.lastPrice ?? null;
    if (price === null) throw new Error(`market ${index} has orders but no price`);
    return price;
  }

  marketOf(deal: DcaDeal): Market {
    const market = this.options.markets[deal.market];
    if (market === undefined)
      throw new Error(`deal ${deal.number} is on market ${deal.market}, which the bot lacks`);
    return market;
  }

  /** Puts a changed deal back in its place. */
  keep(deal: DcaDeal): void {
    this.set({ deals: this.#state.deals.map((one) => (one.number === deal.number ? deal : one)) });
  }
}
