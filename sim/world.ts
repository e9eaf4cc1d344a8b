import type { Amount, BotEvent, Price, Quantity } from '@counterfoil/vocabulary';
import { randomBot, type SimBot, simMarket, START_PRICE } from './bots.ts';
import { Dice } from './dice.ts';
import { checkBooks, checkFunds, checkOrders, checkRestart, ProtectionWatch } from './invariants.ts';
import { Journal } from './journal.ts';
import { Network } from './network.ts';
import { Crash, Runner, type RunnerBug } from './runner.ts';
import { Timeline } from './timeline.ts';
import { SimVenue } from './venue.ts';

/** Defects that a run can carry, for the tests of the invariants. */
export type PlantedBug =
  | RunnerBug
  | 'venue-loses-money'
  | 'order-too-large'
  | 'no-exits'
  | 'forgetful-machine';

export interface RunResult {
  readonly seed: number;
  readonly kind: string;
  readonly ticks: number;
  readonly crashes: number;
  readonly orders: number;
  readonly fills: number;
}

const TICKS = 500;
/** Ticks without faults at the end, in which everything must come to agree. */
const CALM_TICKS = 90;
const TICK_MS = 1_000;
const QUOTE = 2_000_000_000_000n as Amount;
const BASE = 2_000_000_000n as Quantity;

/** One seed: a random bot on a random walk, with a bad network and crashes at every step of the protocol. */
export function runSeed(seed: number, planted: PlantedBug | null = null): RunResult {
  return new World(seed, planted).run();
}

class World {
  readonly #seed: number;
  readonly #dice: Dice;
  readonly #timeline = new Timeline();
  readonly #network: Network;
  readonly #bot: SimBot;
  readonly #journal = new Journal<never>();
  readonly #venue: SimVenue;
  readonly #protection = new ProtectionWatch(BASE);
  readonly #planted: PlantedBug | null;
  readonly #crashShare: number;
  #runner: Runner<unknown, unknown, never> | null = null;
  #price = START_PRICE;
  #crashes = 0;
  #calm = false;

  constructor(seed: number, planted: PlantedBug | null) {
    this.#seed = seed;
    this.#planted = planted;
    this.#dice = new Dice(seed);
    const faults = {
      lost: this.#dice.next() * 0.15,
      twice: this.#dice.next() * 0.15,
      slow: this.#dice.next() * 0.3,
    };
    this.#network = new Network(this.#timeline, this.#dice, faults);
    this.#crashShare = this.#dice.next() * 0.02;
    const bot = randomBot(this.#dice);
    this.#bot = planted === null ? bot : { ...bot, machine: sabotaged(bot.machine, planted) };
    this.#venue = new SimVenue(simMarket, QUOTE, BASE, START_PRICE, (event) => this.#told(event));
  }

  run(): RunResult {
    this.#start();
    for (let tick = 1; tick <= TICKS + CALM_TICKS; tick++) {
      if (tick === TICKS) this.#beCalm();
      this.#price = this.#nextPrice();
      this.#venue.tick(this.#price, this.#dice.whole(1, 40) * 5_000_000, this.#timeline.nowMs);
      this.#guarded(() => this.#timeline.moveTo(tick * TICK_MS));
      this.#guarded(() => this.#runner?.onPrice(this.#exactPrice()));
      this.#check();
    }
    checkBooks(this.#venue, this.#journal);
    let fills = 0;
    for (const order of this.#venue.orders.values()) fills += order.fills.length;
    return {
      seed: this.#seed,
      kind: this.#bot.kind,
      ticks: TICKS + CALM_TICKS,
      crashes: this.#crashes,
      orders: this.#venue.orders.size,
      fills,
    };
  }

  #start(): void {
    this.#runner = this.#newRunner();
    this.#guarded(() => {
      this.#runner?.handle({ kind: 'fundsChanged', market: 0, quote: QUOTE, base: 0n as Quantity, atMs: 0 });
      this.#runner?.handle({ kind: 'started', market: 0, atMs: 0, price: this.#exactPrice() });
    });
  }

  #newRunner(): Runner<unknown, unknown, never> {
    const bug = this.#planted;
    return new Runner({
      machine: this.#bot.machine,
      options: this.#bot.options,
      journal: this.#journal,
      venue: this.#venue,
      network: this.#network,
      timeline: this.#timeline,
      crashPoint: () => {
        // The first two events are the bot's birth: without them there is nothing to recover.
        if (!this.#calm && this.#journal.entries.length >= 2 && this.#dice.chance(this.#crashShare))
          throw new Crash();
      },
      bug:
        bug === 'send-before-journal' || bug === 'new-id-on-retry' || bug === 'forget-unknown' ? bug : null,
    });
  }

  /** A crash anywhere loses the runner's memory; a new one starts from the journal a little later. */
  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.#crashes++;
      this.#runner?.kill();
      this.#runner = null;
      this.#timeline.after(this.#dice.whole(100, 8_000), () => {
        this.#runner ??= this.#newRunner();
      });
      // What was planned for this moment goes on for the others.
      this.#guarded(() => this.#timeline.moveTo(this.#timeline.nowMs));
    }
  }

  #told(event: BotEvent): void {
    this.#network.carry(() => this.#runner?.handle(event));
  }

  #beCalm(): void {
    this.#calm = true;
    this.#network.heal();
    this.#runner ??= this.#newRunner();
  }

  #check(): void {
    if (this.#planted === 'venue-loses-money' && this.#timeline.nowMs === 100_000)
      this.#venue.wallet.change(-1n as Amount, 0n as Quantity);
    checkFunds(this.#venue, QUOTE, BASE);
    checkOrders(this.#venue, this.#journal, this.#bot, this.#exactPrice());
    if (this.#bot.mustProtect)
      this.#protection.check(
        this.#venue,
        this.#runner?.parked ?? [],
        this.#timeline.nowMs,
        this.#exactPrice(),
      );
    if (this.#runner !== null && this.#dice.chance(0.05)) checkRestart(this.#runner.state, this.#replayed());
  }

  #replayed(): unknown {
    const { machine, options } = this.#bot;
    let state = machine.begin(options);
    for (const { event } of this.#journal.entries) state = machine.step(options, state, event).state;
    return state;
  }

  #nextPrice(): number {
    const move = (this.#dice.next() + this.#dice.next() - 1) * 0.004;
    const pull = (START_PRICE - this.#price) * 0.01;
    return Math.max(1_000, Math.round(this.#price * (1 + move) + pull));
  }

  #exactPrice(): Price {
    // Simulated prices are whole price units.
    return BigInt(this.#price) as Price;
  }
}

/** A machine with a defect that its invariant must find. */
function sabotaged(machine: SimBot['machine'], bug: PlantedBug): SimBot['machine'] {
  let steps = 0;
  return {
    begin: machine.begin,
    step: (options, state, event) => {
      steps++;
      if (bug === 'forgetful-machine' && steps % 7 === 0)
        return { ...machine.step(options, state, event), state };
      const step = machine.step(options, state, event);
      if (bug === 'order-too-large') {
        const intents = step.intents.map((intent) =>
          intent.kind === 'place' && intent.request.sizing.by === 'base'
            ? {
                ...intent,
                request: {
                  ...intent.request,
                  sizing: {
                    by: 'base' as const,
                    quantity: (intent.request.sizing.quantity * 40n) as Quantity,
                  },
                },
              }
            : intent,
        );
        return { ...step, intents };
      }
      if (bug !== 'no-exits') return step;
      const isEntry = (name: string): boolean => /-(?:base|avg\d+|entry)-/.test(name);
      return {
        ...step,
        triggers: [],
        intents: step.intents.filter((intent) => intent.kind === 'cancel' || isEntry(intent.order)),
      };
    },
  };
}
