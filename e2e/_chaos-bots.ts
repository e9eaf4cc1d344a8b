/** Bots that trade often, on any of the paper exchange's markets. */
import { BotService, type Database } from '@counterfoil/server';
import type { PublicRest } from '@counterfoil/venues';
import type { BotPlan } from '../packages/server/src/runner/plan.ts';
import {
  ceilToTick,
  floorToTick,
  type Market,
  parseAmount,
  parsePrice,
  parseRate,
  type Price,
  type Rate,
  shiftByRate,
} from '@counterfoil/vocabulary';
import { type Dice, diceOf } from './_chaos-options.ts';

/** The paper exchange's markets, and what is traded on each; all are quoted in USDT. */
export const SYMBOLS = { BTCUSDT: 'BTC', ETHUSDT: 'ETH', SOLUSDT: 'SOL' } as const;

/** Makes and starts so many, in turn on these connections. */
export async function startBots(
  rest: PublicRest,
  database: Database,
  owner: string,
  connections: readonly string[],
  count: number,
): Promise<void> {
  const dice = diceOf(count);
  const service = new BotService(database.kysely);
  const markets = await rest.markets(Object.keys(SYMBOLS));
  const prices = await Promise.all(markets.map(({ symbol }) => rest.price(symbol)));
  for (let n = 0; n < count; n++) {
    const connection = connections[n % connections.length] ?? '';
    const index = Math.floor(dice() * markets.length);
    const market = markets[index];
    if (market === undefined) throw new Error('the paper exchange has no markets');
    const plan = randomPlan(dice, market, parsePrice(market, prices[index] ?? ''));
    const bot = await service.create({ owner, name: `bot ${n}`, connection, plan });
    await service.request(owner, bot, { kind: 'start' });
  }
}

function randomPlan(dice: Dice, market: Market, price: Price): BotPlan {
  return dice() < 0.75 ? dca(dice, market) : grid(dice, market, price);
}

/** A fraction between two percentages. */
function percent(dice: Dice, least: number, most: number): Rate {
  return parseRate(((least + dice() * (most - least)) / 100).toFixed(6));
}

function dca(dice: Dice, market: Market): BotPlan {
  const size = { by: 'quote', amount: parseAmount(market, '50') } as const;
  return {
    kind: 'dca',
    options: {
      markets: [market],
      direction: dice() < 0.7 ? 'long' : 'short',
      start: { conditions: [], delayMs: 0, cooldownMs: 0, priceRange: null, turnoverMin: null },
      baseOrder: size,
      baseOrderType: dice() < 0.7 ? 'market' : 'limit',
      averaging: {
        ladder: {
          kind: 'scaled',
          size,
          steps: 4,
          deviation: percent(dice, 0.05, 0.2),
          stepScale: parseRate('1'),
          volumeScale: parseRate('1.2'),
        },
        activeMax: 2,
        conditions: [],
      },
      takeProfit: {
        of: 'total',
        steps: [{ rate: percent(dice, 0.03, 0.15), share: parseRate('1') }],
        trailing: dice() < 0.3 ? parseRate('0.0005') : null,
      },
      stopLoss:
        dice() < 0.4
          ? {
              rate: parseRate('0.02'),
              trailing: dice() < 0.5,
              timeoutMs: null,
              breakeven: null,
              stopBot: false,
            }
          : null,
      closing: { conditions: [], profitMin: null, timeoutMs: null },
      dealsAtOnce: 1,
      dealsPerMarket: 1,
      dealsMax: null,
      profitCurrency: 'quote',
      reinvestRate: parseRate('0'),
      riskReductionRate: parseRate('0'),
    },
  };
}

function grid(dice: Dice, market: Market, price: Price): BotPlan {
  const half = percent(dice, 0.3, 1);
  return {
    kind: 'grid',
    options: {
      market,
      lower: floorToTick(market, shiftByRate(price, (0n - half) as Rate, 'floor')),
      upper: ceilToTick(market, shiftByRate(price, half, 'ceil')),
      lines: 6,
      spacing: 'arithmetic',
      size: { by: 'quote', amount: parseAmount(market, '40') },
      profitCurrency: 'quote',
      balanceAtStart: true,
      activeBuysMax: null,
      activeSellsMax: null,
      trailingUp: dice() < 0.3,
      trailingDown: false,
      expandUpTo: null,
      expandDownTo: null,
      upperStop: null,
      lowerStop: null,
    },
  };
}
