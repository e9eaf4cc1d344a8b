import type { Candles } from '../src/candles/candles.ts';
import type { PathRule } from '../src/fills/model.ts';
import { pathInto } from '../src/fills/path.ts';

const MONEY = 100;
const STEPS = 6;
const DEVIATION = 0.01;
const TARGET = 0.012;
const TRAIL = 0.003;
const FEE = 0.001;

/**
 * The trailing bot of the fill-rule test once more, in floats and without anything of the engine but the order of a
 * candle's prices: what the engine's figures are held against. Returns the profit in price units times base.
 * `atTrail`: where the price jumps past the trail, sells at the trail nevertheless, as no venue does.
 */
export function trailingLoop(candles: Candles, rule: PathRule, atTrail = false): number {
  let [base, entered, step, entry, fees, profit, now] = [0, 0, 0, 0, 0, 0, 0];
  let peak: number | null = null;
  const buy = (price: number): void => {
    base += MONEY / price;
    entered += MONEY;
    fees += MONEY * FEE;
  };
  const begin = (price: number): void => {
    [base, entered, step, fees] = [0, 0, 0, 0];
    peak = null;
    entry = price;
    buy(price);
  };
  const nextStep = (): number => (step < STEPS ? entry * (1 - DEVIATION * (step + 1)) : -Infinity);
  /** The price goes to `price`, through everything on the way or, at an open or a close alone, past it. */
  const go = (price: number, jumps: boolean): void => {
    for (;;) {
      if (peak !== null && price <= peak * (1 - TRAIL)) {
        const trail = peak * (1 - TRAIL);
        const sold = jumps ? (atTrail ? trail : price) : Math.min(trail, now);
        profit += base * sold * (1 - FEE) - entered - fees;
        now = jumps ? price : sold;
        begin(now);
      } else if (price < nextStep()) {
        step++;
        buy(entry * (1 - DEVIATION * step));
      } else if (peak === null && price >= (entered * (1 + TARGET)) / base) {
        peak = jumps ? price : Math.max((entered * (1 + TARGET)) / base, now);
        now = peak;
      } else {
        if (peak !== null && price > peak) peak = price;
        now = price;
        return;
      }
    }
  };
  const path = new Float64Array(4);
  for (let row = 0; row < candles.length; row++) {
    const { open, high, low, close } = candles;
    // In bounds: row < length.
    const [o, h, l, c] = [open[row], high[row], low[row], close[row]] as [number, number, number, number];
    const points = pathInto(path, rule, o, h, l, c);
    if (row === 0) {
      now = path[0] ?? 0;
      begin(now);
    }
    for (let point = 0; point < points; point++) go(path[point] ?? 0, point === 0);
  }
  return profit;
}
