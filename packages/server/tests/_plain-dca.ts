import type { TestPlan } from '@counterfoil/api';

type DcaPlan = TestPlan & { readonly kind: 'dca' };
type Options = DcaPlan['options'];

/** A DCA bot as its owner would write it down, long on BTCUSDT; tests change what they are about. */
export function plainDcaDraft(
  size: string,
  target: string,
  ladder: Partial<Omit<Extract<Options['averaging']['ladder'], { kind: 'scaled' }>, 'kind' | 'size'>> = {},
): DcaPlan {
  const amount = { by: 'quote', amount: size } as const;
  const scaled = { steps: 2, deviation: '1', stepScale: '1', volumeScale: '1', ...ladder };
  return {
    kind: 'dca',
    options: {
      markets: ['BTCUSDT'],
      direction: 'long',
      start: { conditions: [], delaySeconds: 0, cooldownSeconds: 0, priceRange: null, turnoverMin: null },
      baseOrder: amount,
      baseOrderType: 'market',
      averaging: {
        ladder: { kind: 'scaled', size: amount, ...scaled },
        activeMax: scaled.steps,
        conditions: [],
      },
      takeProfit: { of: 'total', steps: [{ percent: target, share: '100' }], trailing: null },
      stopLoss: null,
      closing: { conditions: [], profitMin: null, timeoutSeconds: null },
      dealsAtOnce: 1,
      dealsPerMarket: 1,
      dealsMax: null,
      profitCurrency: 'quote',
      reinvest: '0',
      riskReduction: '0',
    },
  };
}
