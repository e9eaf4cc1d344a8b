import type { Candles } from '../src/candles/candles.ts';
import type { GridOptions } from '../src/machines/grid/options.ts';
import type { Dice } from './_random.ts';
import { btc, coins, dollars, usdt } from './_markets.ts';

/** A random grid around the first price of the window. */
export function randomGrid(dice: Dice, candles: Candles): GridOptions {
  const price = (candles.open[0] ?? 0) / 100;
  const lower = price * (1 - dice.between(0.005, 0.06));
  const upper = price * (1 + dice.between(0.005, 0.06));
  return {
    market: btc,
    lower: dollars(lower),
    upper: dollars(upper),
    lines: dice.whole(2, 25),
    spacing: dice.pick('spacing', ['arithmetic', 'geometric']),
    size: dice.chance('size in base', 0.5)
      ? { by: 'base', quantity: coins(dice.whole(200, 1_000) / 100_000) }
      : { by: 'quote', amount: usdt(dice.whole(20, 200)) },
    profitCurrency: dice.pick('profit in', ['quote', 'base']),
    balanceAtStart: dice.chance('balance', 0.7),
    activeBuysMax: dice.chance('active buys', 0.3) ? dice.whole(1, 5) : null,
    activeSellsMax: dice.chance('active sells', 0.3) ? dice.whole(1, 5) : null,
    trailingUp: dice.chance('trailing up', 0.3),
    trailingDown: dice.chance('trailing down', 0.3),
    expandUpTo: dice.chance('expand up', 0.3) ? dollars(upper * 1.05) : null,
    expandDownTo: dice.chance('expand down', 0.3) ? dollars(lower * 0.95) : null,
    upperStop: dice.chance('upper stop', 0.3)
      ? {
          price: dollars(upper * 1.02),
          action: dice.pick('upper action', ['stop', 'stop-and-sell', 'stop-and-buy']),
        }
      : null,
    lowerStop: dice.chance('lower stop', 0.3)
      ? {
          price: dollars(lower * 0.98),
          action: dice.pick('lower action', ['stop', 'stop-and-sell', 'stop-and-buy']),
        }
      : null,
  };
}
