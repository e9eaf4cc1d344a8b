import type { Candles } from '../src/candles/candles.ts';
import type { SmartEntry, SmartTradeOptions } from '../src/machines/smart-trade/options.ts';
import { btc, coins, dollars, percent } from './_markets.ts';
import type { Dice } from './_random.ts';

/** A random trade near the first price of the window. */
export function randomSmartTrade(dice: Dice, candles: Candles): SmartTradeOptions {
  const price = (candles.open[0] ?? 0) / 100;
  const targets = dice.whole(1, 8);
  const each = Math.floor(100 / targets);
  const rate = dice.between(0.2, 1);
  const direction = dice.pick('direction', ['long', 'short']);
  const kind = dice.pick('kind', ['trade', 'trade', 'trade', 'simple']);
  const entry = randomEntry(dice, price);
  return {
    market: btc,
    direction,
    quantity: coins(dice.whole(500, 3_000) / 100_000),
    entry,
    exit:
      kind === 'simple' && entry.kind !== 'held'
        ? null
        : {
            targets: Array.from({ length: targets }, (_, n) => ({
              at: { by: 'rate', rate: percent(Math.round(rate * (n + 1) * 100) / 100) },
              share: percent(n === targets - 1 ? 100 - each * (targets - 1) : each),
              type: dice.pick('target type', ['limit', 'limit', 'market']),
            })),
            trailing: dice.chance('trailing', 0.4) ? percent(0.4) : null,
            stop: dice.chance('stop', 0.7)
              ? {
                  at: { by: 'rate', rate: percent(Math.round(dice.between(0.5, 4) * 100) / 100) },
                  limit: null,
                  trailing: dice.chance('trailing stop', 0.4),
                  timeoutMs: dice.chance('stop time-out', 0.3) ? dice.whole(60_000, 1_800_000) : null,
                  breakeven: dice.chance('breakeven', 0.5),
                }
              : null,
          },
  };
}

function randomEntry(dice: Dice, price: number): SmartEntry {
  const kind = dice.pick('entry', ['market', 'limit', 'conditional', 'held']);
  const near = dollars(price * dice.between(0.99, 1.01));
  switch (kind) {
    case 'market':
      return { kind };
    case 'limit':
      return { kind, price: near };
    case 'held':
      return { kind, average: near };
    case 'conditional': {
      const trailing = dice.chance('trailing entry', 0.5) ? percent(0.3) : null;
      const limit = trailing === null && dice.chance('limit entry', 0.4) ? near : null;
      return { kind, price: near, when: dice.pick('when', ['at-or-above', 'at-or-below']), limit, trailing };
    }
    default:
      return kind satisfies never;
  }
}
