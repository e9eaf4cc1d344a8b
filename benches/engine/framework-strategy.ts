// The two bots of the benchmark as @backtest/framework runs them; `params.bot` chooses.

interface Parameters {
  readonly bot: 'dca' | 'sma';
  readonly steps: number;
  readonly deviation: number;
  readonly target: number;
  readonly money: number;
}

interface Harness {
  readonly currentCandle: { readonly low: number; readonly high: number; readonly close: number };
  readonly params: Parameters;
  readonly orderBook: { readonly bought: boolean };
  readonly buy: (order: { readonly price?: number; readonly amount: number }) => Promise<void>;
  readonly sell: (order?: { readonly price: number }) => Promise<void>;
}

class Average {
  readonly #values: number[] = [];
  readonly #period: number;
  #sum = 0;

  constructor(period: number) {
    this.#period = period;
  }

  next(value: number): number | null {
    this.#values.push(value);
    this.#sum += value;
    if (this.#values.length > this.#period) this.#sum -= this.#values.shift() ?? 0;
    return this.#values.length < this.#period ? null : this.#sum / this.#period;
  }
}

let position = { base: 0, entered: 0, steps: 0, target: Infinity, levels: [] as number[] };
let averages = { fast: new Average(10), slow: new Average(30), above: false };

export async function startCallback(): Promise<void> {
  position = { base: 0, entered: 0, steps: 0, target: Infinity, levels: [] };
  averages = { fast: new Average(10), slow: new Average(30), above: false };
}

export async function runStrategy(harness: Harness): Promise<void> {
  await (harness.params.bot === 'dca' ? dca(harness) : cross(harness));
}

async function dca({ currentCandle: candle, params, buy, sell }: Harness): Promise<void> {
  if (position.base > 0) {
    for (let level = position.levels[position.steps]; level !== undefined && candle.low < level;) {
      position.steps++;
      await buy({ price: level, amount: params.money });
      bought(level, params);
      level = position.levels[position.steps];
    }
    if (candle.high > position.target) {
      await sell({ price: position.target });
      position.base = 0;
    }
  }
  if (position.base > 0) return;
  await buy({ price: candle.close, amount: params.money });
  const levels = Array.from(
    { length: params.steps },
    (_, n) => candle.close * (1 - (params.deviation * (n + 1)) / 100),
  );
  position = { base: 0, entered: 0, steps: 0, target: Infinity, levels };
  bought(candle.close, params);
}

function bought(price: number, params: Parameters): void {
  position.base += params.money / price;
  position.entered += params.money;
  position.target = ((position.entered / position.base) * (100 + params.target)) / 100;
}

async function cross({ currentCandle: candle, buy, sell, orderBook }: Harness): Promise<void> {
  const fast = averages.fast.next(candle.close);
  const slow = averages.slow.next(candle.close);
  if (fast === null || slow === null) return;
  const above = fast > slow;
  if (above && !averages.above && !orderBook.bought) await buy({ amount: 100 });
  else if (!above && averages.above && orderBook.bought) await sell();
  averages.above = above;
}
