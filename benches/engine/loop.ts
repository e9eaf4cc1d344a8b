import type { Candles } from '@counterfoil/engine';
import { isHighFirst } from '@counterfoil/engine/fills';

export interface LoopSettings {
  readonly money: number;
  readonly steps: number;
  readonly deviation: number;
  readonly target: number;
  readonly fee: number;
  readonly quote: number;
}

/**
 * The limit: the same DCA bot as one loop over typed arrays with nothing else in it, in floating point, with equity
 * and drawdown at each candle's high and low. What hand-written code for one bot reaches, and no product can ship.
 */
export function dcaLoop(candles: Candles, settings: LoopSettings): number {
  const { open, high, low, close, length } = candles;
  const { money, steps, deviation, target, fee } = settings;
  const state = {
    cash: settings.quote,
    base: 0,
    entered: 0,
    step: 0,
    entry: 0,
    buyLevel: -Infinity,
    sellLevel: Infinity,
  };
  let peak = settings.quote;
  let drawdown = 0;
  const buy = (price: number): void => {
    state.cash -= money * (1 + fee);
    state.base += (money * 100) / price;
    state.entered += money;
    state.sellLevel = ((state.entered * (1 + target)) / state.base) * 100;
    state.buyLevel = state.step < steps ? state.entry * (1 - deviation * (state.step + 1)) : -Infinity;
  };
  const begin = (price: number): void => {
    Object.assign(state, { base: 0, entered: 0, step: 0, entry: price });
    buy(price);
  };
  const fall = (price: number): void => {
    while (price < state.buyLevel) {
      const level = state.buyLevel;
      state.step++;
      buy(level);
    }
  };
  const rise = (price: number): void => {
    while (price > state.sellLevel) {
      const level = state.sellLevel;
      state.cash += (state.base * level * (1 - fee)) / 100;
      begin(level);
    }
  };
  begin(open[0] ?? 0);
  for (let i = 0; i < length; i++) {
    // In bounds: i < length.
    const h = high[i] as number;
    const l = low[i] as number;
    if (h > state.sellLevel || l < state.buyLevel) {
      if (isHighFirst(open[i] as number, h, l, close[i] as number)) {
        rise(h);
        fall(l);
      } else {
        fall(l);
        rise(h);
      }
    }
    const top = state.cash + (state.base * h) / 100;
    if (top > peak) peak = top;
    const fallen = peak - (state.cash + (state.base * l) / 100);
    if (fallen > drawdown) drawdown = fallen;
  }
  return drawdown;
}
