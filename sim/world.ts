import type { Amount, BotEvent, Market, Price, Quantity } from '@counterfoil/vocabulary';
import { randomBot, type SimBot, simMarket, START_PRICE } from './bots.ts';
import { Dice } from './dice.ts';
import { Door } from './door.ts';
import {
  checkBooks,
  checkFunds,
  checkOrders,
  checkRestart,
  checkWriters,
  ProtectionWatch,
} from './invariants.ts';
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
  | 'forgetful-machine'
  | 'no-fence'
  | 'deaf-to-filters';

export interface RunResult {
  readonly seed: number;
  readonly kind: string;
  readonly ticks: number;
  readonly crashes: number;
  /** Halts, changed filters, spells of 429 and of 5xx, paused workers, takeovers. */
  readonly faults: Readonly<Record<FaultKind, number>>;
  readonly orders: number;
  readonly fills: number;
}

export type FaultKind = 'halt' | 'filters' | 'overload' | 'breakage' | 'pause' | 'takeover';

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
  readonly #journal: Journal<never>;
  readonly #venue: SimVenue;
  readonly #door: Door;
  readonly #faults: Record<FaultKind, number> = {
    halt: 0,
    filters: 0,
    overload: 0,
    breakage: 0,
    pause: 0,
    takeover: 0,
  };
  readonly #protection = new ProtectionWatch(BASE);
  readonly #planted: PlantedBug | null;
  readonly #crashShare: number;
  #runner: Runner | null = null;
  readonly #paused = new Set<Runner>();
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
    this.#bot = planted === null ? bot : sabotaged(bot, planted);
    this.#venue = new SimVenue(simMarket, QUOTE, BASE, START_PRICE, (event) => this.#told(event));
    this.#door = new Door(this.#venue, this.#dice, planted !== 'no-fence');
    this.#journal = new Journal(planted !== 'no-fence');
  }

  run(): RunResult {
    this.#start();
    for (let tick = 1; tick <= TICKS + CALM_TICKS; tick++) {
      if (tick === TICKS) this.#beCalm();
      else if (!this.#calm) this.#disturb();
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
      faults: this.#faults,
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

  #newRunner(): Runner {
    const bug = this.#planted;
    const runner: Runner = new Runner({
      bot: this.#bot,
      journal: this.#journal,
      door: this.#door,
      network: this.#network,
      timeline: this.#timeline,
      crashPoint: () => {
        // The first two events are the bot's birth: without them there is nothing to recover.
        if (this.#calm || this.#runner !== runner || this.#journal.entries.length < 2) return;
        if (this.#dice.chance(this.#crashShare)) throw new Crash();
        if (this.#dice.chance(this.#crashShare / 4)) this.#pause(runner);
      },
      bug:
        bug === 'send-before-journal' || bug === 'new-id-on-retry' || bug === 'forget-unknown' ? bug : null,
    });
    return runner;
  }

  /** A worker stands still for a while; half the time another takes its bot, and it wakes up not knowing. */
  #pause(runner: Runner): void {
    this.#faults.pause++;
    runner.pause();
    this.#paused.add(runner);
    this.#timeline.after(this.#dice.whole(2_000, 45_000), () => {
      this.#paused.delete(runner);
      runner.resume();
    });
    if (!this.#dice.chance(0.5)) return;
    this.#timeline.after(this.#dice.whole(1_000, 20_000), () => {
      if (this.#runner !== runner) return;
      this.#faults.takeover++;
      this.#runner = this.#newRunner();
    });
  }

  /** What venues and machines do to those who depend on them, each for a while. */
  #disturb(): void {
    const happens = (kind: FaultKind, share: number): boolean => {
      const does = this.#dice.chance(share);
      if (does) this.#faults[kind]++;
      return does;
    };
    if (!this.#venue.halted && happens('halt', 0.003)) {
      this.#venue.halted = true;
      this.#timeline.after(this.#dice.whole(5_000, 40_000), () => {
        this.#venue.halted = false;
      });
    }
    if (happens('filters', 0.004)) this.#venue.market = otherFilters(this.#dice);
    const overloaded = happens('overload', 0.005);
    if (overloaded || happens('breakage', 0.005)) {
      this.#door.faults = overloaded ? { overloaded: 0.7, broken: 0 } : { overloaded: 0, broken: 0.7 };
      this.#timeline.after(this.#dice.whole(3_000, 20_000), () => {
        this.#door.faults = { overloaded: 0, broken: 0 };
      });
    }
    if (this.#runner !== null && !this.#paused.has(this.#runner) && this.#dice.chance(0.002))
      this.#pause(this.#runner);
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
    this.#network.carry(() => this.#runner?.receive(event));
  }

  #beCalm(): void {
    this.#calm = true;
    this.#network.heal();
    this.#door.faults = { overloaded: 0, broken: 0 };
    this.#venue.halted = false;
    for (const runner of this.#paused) runner.resume();
    this.#paused.clear();
    this.#runner ??= this.#newRunner();
  }

  #check(): void {
    if (this.#planted === 'venue-loses-money' && this.#timeline.nowMs === 100_000)
      this.#venue.wallet.change(-1n as Amount, 0n as Quantity);
    checkFunds(this.#venue, QUOTE, BASE);
    checkOrders(this.#venue, this.#journal, this.#bot, this.#exactPrice());
    checkWriters(this.#journal);
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
    const { machine, onMarket } = this.#bot;
    let { options } = this.#bot;
    let state = machine.begin(options);
    for (const entry of this.#journal.entries) {
      if (entry.kind === 'market') options = onMarket(entry.market);
      else state = machine.step(options, state, entry.event).state;
    }
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

/** Stricter than at the start, or as then: coarser prices and sizes, larger smallest orders. */
function otherFilters(dice: Dice): Market {
  return {
    ...simMarket,
    tick: dice.pick([1n, 5n, 10n]) as Price,
    lot: dice.pick([10_000n, 50_000n, 100_000n]) as Quantity,
    notionalMin: dice.pick([500_000_000n, 1_000_000_000n, 2_000_000_000n]) as Amount,
  };
}

/** A machine with a defect that its invariant must find. */
function sabotaged(bot: SimBot, bug: PlantedBug): SimBot {
  // Options that stay as they were know only the filters of the first day.
  if (bug === 'deaf-to-filters') return { ...bot, onMarket: () => bot.options };
  return { ...bot, machine: sabotagedMachine(bot.machine, bug) };
}

function sabotagedMachine(machine: SimBot['machine'], bug: PlantedBug): SimBot['machine'] {
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
