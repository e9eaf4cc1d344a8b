import type { Rate } from '@counterfoil/vocabulary';
import { type DcaOptions, RATE_ONE } from '../src/machines/dca/options.ts';
import { btc, percent, usdt } from './_markets.ts';

/** A plain long bot: 100 in, three averaging orders, one target of 1 %, at once and without end. */
export function plainDca(change: Partial<DcaOptions> = {}): DcaOptions {
  return {
    markets: [btc],
    direction: 'long',
    start: { conditions: [], delayMs: 0, cooldownMs: 0, priceRange: null, turnoverMin: null },
    baseOrder: { by: 'quote', amount: usdt(100) },
    baseOrderType: 'market',
    averaging: {
      ladder: {
        kind: 'scaled',
        size: { by: 'quote', amount: usdt(100) },
        steps: 3,
        deviation: percent(1),
        stepScale: percent(100),
        volumeScale: percent(100),
      },
      activeMax: 3,
      conditions: [],
    },
    takeProfit: { of: 'total', steps: [{ rate: percent(1), share: RATE_ONE as Rate }], trailing: null },
    stopLoss: null,
    closing: { conditions: [], profitMin: null, timeoutMs: null },
    dealsAtOnce: 1,
    dealsPerMarket: 1,
    dealsMax: null,
    profitCurrency: 'quote',
    reinvestRate: percent(0),
    riskReductionRate: percent(0),
    ...change,
  };
}
