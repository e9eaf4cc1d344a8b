import type { Rate } from '@counterfoil/vocabulary';
import type { FillModel } from '../src/fills/model.ts';
import type { AveragingLadder, DcaOptions, OrderSize } from '../src/machines/dca/options.ts';
import type { Condition } from '../src/machines/machine.ts';
import { plainDca } from './_dca.ts';
import { coins, percent, usdt } from './_markets.ts';
import type { Dice } from './_random.ts';

/** A random bot that could exist; deviations are small enough to fill within a few days of minutes. */
export function randomDca(dice: Dice): DcaOptions {
  const base = plainDca();
  const steps = dice.whole(0, 6);
  const deviation = dice.between(0.2, 2);
  const profit = dice.between(0.3, 2.5);
  const targets = dice.pick('targets', ['1', '2', '3', '4']);
  const breakeven = dice.pick('breakeven', ['none', 'average', 'target-1', 'target-2']);
  return {
    ...base,
    direction: dice.pick('direction', ['long', 'short']),
    start: {
      conditions: conditions(dice, 'start'),
      delayMs: dice.chance('delay', 0.2) ? dice.whole(1_000, 600_000) : 0,
      cooldownMs: dice.chance('cooldown', 0.2) ? dice.whole(1_000, 3_600_000) : 0,
      priceRange: dice.chance('range', 0.15) ? { by: 'percent', min: percent(-3), max: percent(2) } : null,
      turnoverMin: dice.chance('turnover', 0.1) ? usdt(1_000_000) : null,
    },
    baseOrder: size(dice),
    baseOrderType: dice.pick('base order', ['market', 'market', 'limit']),
    averaging: {
      ladder: ladder(dice, steps, deviation),
      activeMax: steps === 0 ? 0 : dice.whole(1, steps),
      conditions: dice.chance('averaging by condition', 0.15) ? [rsi(dice, 'less', 45)] : [],
    },
    takeProfit: {
      of: dice.pick('profit of', ['total', 'base']),
      steps: shares(Number(targets)).map((share, n) => ({ rate: percent(round(profit * (n + 1))), share })),
      trailing: dice.chance('trailing', 0.35) ? percent(round(dice.between(0.1, 1))) : null,
    },
    stopLoss: dice.chance('stop loss', 0.5)
      ? {
          rate: percent(round(deviation * 8 + dice.between(0.5, 4))),
          trailing: dice.chance('trailing stop', 0.4),
          timeoutMs: dice.chance('stop time-out', 0.3) ? dice.whole(60_000, 1_800_000) : null,
          breakeven: breakeven === 'none' ? null : breakeven,
          stopBot: false,
        }
      : null,
    closing: {
      conditions: dice.chance('closing by condition', 0.15) ? [rsi(dice, 'greater', 55)] : [],
      profitMin: dice.chance('least profit', 0.5)
        ? { rate: percent(0.1), of: dice.pick('least profit of', ['total', 'base']) }
        : null,
      timeoutMs: dice.chance('deal time-out', 0.2) ? dice.whole(600_000, 86_400_000) : null,
    },
    profitCurrency: dice.pick('profit in', ['quote', 'quote', 'base']),
    reinvestRate: dice.chance('reinvest', 0.3) ? percent(50) : percent(0),
    riskReductionRate: dice.chance('risk reduction', 0.3) ? percent(50) : percent(0),
  };
}

export function randomModel(dice: Dice): FillModel {
  return {
    path: dice.pick('path', ['adaptive', 'adaptive', 'low-first', 'high-first']),
    halfSpreadPpm: dice.whole(0, 200),
    slippagePpm: dice.whole(0, 300),
    volumeSharePpm: dice.chance('volume cap', 0.4) ? dice.whole(100, 50_000) : null,
    feeIn: dice.pick('fee in', ['quote', 'received', 'third']),
  };
}

function ladder(dice: Dice, steps: number, deviation: number): AveragingLadder {
  if (dice.chance('custom ladder', 0.2)) {
    return {
      kind: 'custom',
      steps: Array.from({ length: steps }, (_, n) => ({
        deviation: percent(round(deviation * (n + 1))),
        size: size(dice),
      })),
    };
  }
  return {
    kind: 'scaled',
    size: size(dice),
    steps,
    deviation: percent(round(deviation)),
    stepScale: percent(dice.whole(80, 150)),
    volumeScale: percent(dice.whole(90, 180)),
  };
}

function size(dice: Dice): OrderSize {
  const by = dice.pick('size by', ['quote', 'quote', 'base', 'percent']);
  if (by === 'quote') return { by, amount: usdt(dice.whole(20, 300)) };
  if (by === 'base') return { by, quantity: coins(dice.whole(300, 2_000) / 100_000) };
  return { by, rate: percent(dice.whole(1, 10)) };
}

function conditions(dice: Dice, where: string): readonly Condition[] {
  const kind = dice.pick(`${where} conditions`, ['at once', 'at once', 'rsi', 'bands', 'both']);
  const bands: Condition = {
    kind: 'indicator',
    indicator: { kind: 'bollinger', period: 20, deviations: 2 },
    timeframe: dice.pick('bands on', ['1m', '5m', '15m']),
    compare: dice.pick('bands compare', ['crossing-up', 'crossing-down', 'less']),
    level: 0.3,
  };
  if (kind === 'at once') return [];
  if (kind === 'rsi') return [rsi(dice, 'less', 45)];
  return kind === 'bands' ? [bands] : [bands, rsi(dice, 'greater', 30)];
}

function rsi(dice: Dice, compare: 'less' | 'greater', level: number): Condition {
  const timeframe = dice.pick('rsi on', ['1m', '5m', '1h']);
  return { kind: 'indicator', indicator: { kind: 'rsi', period: 14 }, timeframe, compare, level };
}

function shares(count: number): Rate[] {
  return Array.from({ length: count }, (_, n) => {
    const each = Math.floor(100 / count);
    return percent(n === count - 1 ? 100 - each * (count - 1) : each);
  });
}

/** Trailing distances and targets in steps of 0.01 %. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
