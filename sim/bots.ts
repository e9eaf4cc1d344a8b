import {
  type DcaOptions,
  dcaMachine,
  type GridOptions,
  gridMachine,
  type Machine,
  type SmartTradeOptions,
  smartTradeMachine,
} from '@counterfoil/engine';
import {
  type Amount,
  assetCode,
  type Market,
  type Price,
  type Quantity,
  type Rate,
  venueId,
  venueSymbol,
} from '@counterfoil/vocabulary';
import { btc } from '../packages/engine/tests/_markets.ts';
import type { Dice } from './dice.ts';

/** Priced to 0.01 around 1,000.00, sized to 0.0001. */
export const simMarket: Market = {
  ...btc,
  venue: venueId.parse('sim'),
  symbol: venueSymbol.parse('SIMUSD'),
  base: assetCode.parse('SIM'),
  quote: assetCode.parse('USD'),
  lot: 10_000n as Quantity,
  quantityMin: 10_000n as Quantity,
  notionalMin: 500_000_000n as Amount,
};

export const START_PRICE = 100_000;

/** A bot, with the most quote that one of its orders may move: the mandate of the simulation. */
export interface SimBot {
  readonly kind: string;
  readonly machine: Machine<unknown, unknown, never>;
  readonly options: unknown;
  /** The same options with the filters of another day. */
  readonly onMarket: (market: Market) => unknown;
  readonly orderMax: Amount;
  /** Whether its position must always have an exit at the venue or an armed trigger. */
  readonly mustProtect: boolean;
}

/** A random bot of a random kind. */
export function randomBot(dice: Dice): SimBot {
  const kind = dice.pick(['dca', 'dca', 'grid', 'smart-trade']);
  // Each machine is paired with its own options here; outside they are alike.
  const erased = <O, S, C>(machine: Machine<O, S, C>) =>
    machine as unknown as Machine<unknown, unknown, never>;
  if (kind === 'dca') {
    return {
      kind,
      machine: erased(dcaMachine),
      ...optionsOf(randomDca(dice), (options, market) => ({ ...options, markets: [market] })),
      orderMax: usd(1_500),
      mustProtect: true,
    };
  }
  if (kind === 'grid')
    return {
      kind,
      machine: erased(gridMachine),
      ...optionsOf(randomGrid(dice), (options, market) => ({ ...options, market })),
      orderMax: usd(2_500),
      mustProtect: false,
    };
  return {
    kind,
    machine: erased(smartTradeMachine),
    ...optionsOf(randomTrade(dice), (options, market) => ({ ...options, market })),
    orderMax: usd(1_500),
    mustProtect: true,
  };
}

function optionsOf<Options>(
  options: Options,
  change: (options: Options, market: Market) => Options,
): Pick<SimBot, 'options' | 'onMarket'> {
  return { options, onMarket: (market) => change(options, market) };
}

const percent = (value: number): Rate => BigInt(Math.round(value * 1_000_000)) as Rate;
const usd = (value: number): Amount => (BigInt(value) * 100_000_000n) as Amount;

function randomDca(dice: Dice): DcaOptions {
  const steps = dice.whole(0, 4);
  const two = dice.chance(0.4);
  return {
    markets: [simMarket],
    direction: dice.pick(['long', 'short']),
    start: {
      conditions: [],
      delayMs: 0,
      cooldownMs: dice.chance(0.3) ? 5_000 : 0,
      priceRange: null,
      turnoverMin: null,
    },
    baseOrder: { by: 'quote', amount: usd(100) },
    baseOrderType: dice.pick(['market', 'limit']),
    averaging: {
      ladder: {
        kind: 'scaled',
        size: { by: 'quote', amount: usd(100) },
        steps,
        deviation: percent(0.6),
        stepScale: percent(100),
        volumeScale: percent(120),
      },
      activeMax: steps === 0 ? 0 : dice.whole(1, steps),
      conditions: [],
    },
    takeProfit: {
      of: 'total',
      steps: two
        ? [
            { rate: percent(0.6), share: percent(50) },
            { rate: percent(1.2), share: percent(50) },
          ]
        : [{ rate: percent(0.8), share: percent(100) }],
      trailing: dice.chance(0.4) ? percent(0.3) : null,
    },
    stopLoss: dice.chance(0.5)
      ? {
          rate: percent(5),
          trailing: dice.chance(0.5),
          timeoutMs: dice.chance(0.5) ? 4_000 : null,
          breakeven: two ? 'average' : null,
          stopBot: false,
        }
      : null,
    closing: { conditions: [], profitMin: null, timeoutMs: dice.chance(0.2) ? 120_000 : null },
    dealsAtOnce: 1,
    dealsPerMarket: 1,
    dealsMax: null,
    profitCurrency: 'quote',
    reinvestRate: percent(0),
    riskReductionRate: percent(0),
  };
}

function randomGrid(dice: Dice): GridOptions {
  return {
    market: simMarket,
    lower: 97_000n as Price,
    upper: 103_000n as Price,
    lines: dice.whole(4, 16),
    spacing: dice.pick(['arithmetic', 'geometric']),
    size: { by: 'quote', amount: usd(100) },
    profitCurrency: dice.pick(['quote', 'base']),
    balanceAtStart: true,
    activeBuysMax: dice.chance(0.3) ? 3 : null,
    activeSellsMax: dice.chance(0.3) ? 3 : null,
    trailingUp: dice.chance(0.3),
    trailingDown: dice.chance(0.3),
    expandUpTo: null,
    expandDownTo: dice.chance(0.3) ? (90_000n as Price) : null,
    upperStop: null,
    lowerStop: dice.chance(0.3) ? { price: 94_000n as Price, action: 'stop-and-sell' } : null,
  };
}

function randomTrade(dice: Dice): SmartTradeOptions {
  return {
    market: simMarket,
    direction: dice.pick(['long', 'short']),
    quantity: 100_000_000n as Quantity,
    entry: dice.chance(0.5) ? { kind: 'market' } : { kind: 'limit', price: 100_000n as Price },
    exit: {
      targets: [
        { at: { by: 'rate', rate: percent(0.7) }, share: percent(50), type: dice.pick(['limit', 'market']) },
        { at: { by: 'rate', rate: percent(1.5) }, share: percent(50), type: 'limit' },
      ],
      trailing: dice.chance(0.5) ? percent(0.4) : null,
      stop: {
        at: { by: 'rate', rate: percent(3) },
        limit: null,
        trailing: dice.chance(0.5),
        timeoutMs: null,
        breakeven: dice.chance(0.5),
      },
    },
  };
}
