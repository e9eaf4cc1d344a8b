import type { DcaOptions } from '@counterfoil/engine';
import { type Amount, type Market, parseAmount, parsePrice, parseQuantity } from '@counterfoil/vocabulary';
import { conditions } from './conditions.ts';
import type { Flags } from './flags.ts';
import { percentRate } from './market.ts';
import { optional, optionalRate, scale, sharesOf } from './values.ts';

const MINUTE_MS = 60_000;

/** A DCA bot on one market, made of flags; rates in percent. */
export function dcaFromFlags(flags: Flags, market: Market): DcaOptions {
  const steps = flags.whole('steps', 6);
  const sizeIn = flags.choice('size-in', ['quote', 'base', 'percent']);
  const sized = (name: string): DcaOptions['baseOrder'] => {
    if (sizeIn === 'percent') return { by: 'percent', rate: percentRate(flags, name, '1') };
    if (sizeIn === 'base')
      return { by: 'base', quantity: flags.exact(name, '0.01', (text) => parseQuantity(market, text)) };
    return { by: 'quote', amount: flags.exact(name, '100', (text) => parseAmount(market, text)) };
  };
  const [min, max] = (['price-above', 'price-below'] as const).map((name) =>
    optional(flags, name, (text) => parsePrice(market, text)),
  );
  const minutes = (name: string): number | null =>
    flags.text(name) === null ? null : flags.whole(name, 0) * MINUTE_MS;
  return {
    markets: [market],
    direction: flags.choice('direction', ['long', 'short']),
    start: {
      conditions: conditions(flags, 'start-when'),
      delayMs: flags.whole('delay-minutes', 0) * MINUTE_MS,
      cooldownMs: flags.whole('cooldown-minutes', 0) * MINUTE_MS,
      priceRange:
        (min ?? null) === null && (max ?? null) === null
          ? null
          : { by: 'price', min: min ?? null, max: max ?? null },
      turnoverMin: optional(flags, 'turnover-min', (text): Amount => parseAmount(market, text)),
    },
    baseOrder: sized('base-order'),
    baseOrderType: flags.choice('base-type', ['market', 'limit']),
    averaging: {
      ladder: {
        kind: 'scaled',
        size: sized('averaging-order'),
        steps,
        deviation: percentRate(flags, 'deviation', '1'),
        stepScale: scale(flags, 'step-scale'),
        volumeScale: scale(flags, 'volume-scale'),
      },
      activeMax: steps === 0 ? 0 : Math.min(flags.whole('active', steps), steps),
      conditions: conditions(flags, 'average-when'),
    },
    takeProfit: {
      of: flags.choice('profit-of', ['total', 'base']),
      steps: sharesOf(flags, '1.2'),
      trailing: optionalRate(flags, 'trailing'),
    },
    stopLoss: stopFromFlags(flags),
    closing: {
      conditions: conditions(flags, 'close-when'),
      profitMin: optional(flags, 'close-min', () => ({
        rate: percentRate(flags, 'close-min', '0'),
        of: 'total',
      })),
      timeoutMs: minutes('deal-minutes'),
    },
    dealsAtOnce: 1,
    dealsPerMarket: 1,
    dealsMax: flags.text('deals-max') === null ? null : flags.whole('deals-max', 1),
    profitCurrency: flags.choice('profit-in', ['quote', 'base']),
    reinvestRate: percentRate(flags, 'reinvest', '0'),
    riskReductionRate: percentRate(flags, 'risk-reduction', '0'),
  };
}

function stopFromFlags(flags: Flags): DcaOptions['stopLoss'] {
  const rate = optionalRate(flags, 'stop-loss');
  if (rate === null) return null;
  const breakeven = flags.choice('breakeven', ['no', 'average', 'target-1', 'target-2']);
  const seconds = flags.whole('stop-seconds', 0);
  return {
    rate,
    trailing: flags.choice('stop-trailing', ['no', 'yes']) === 'yes',
    timeoutMs: seconds === 0 ? null : seconds * 1_000,
    breakeven: breakeven === 'no' ? null : breakeven,
    stopBot: flags.choice('stop-bot', ['no', 'yes']) === 'yes',
  };
}
