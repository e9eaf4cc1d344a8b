import type { SmartTradeOptions } from '@counterfoil/engine';
import { type Market, parsePrice, parseQuantity } from '@counterfoil/vocabulary';
import type { Flags } from './flags.ts';
import { optional, optionalRate, sharesOf } from './values.ts';

/** A SmartTrade made of flags; gains and losses count from the average entry, in percent. */
export function smartTradeFromFlags(flags: Flags, market: Market): SmartTradeOptions {
  const limit = optional(flags, 'entry-price', (text) => parsePrice(market, text));
  return {
    market,
    direction: flags.choice('direction', ['long', 'short']),
    quantity: flags.exact('quantity', '0.1', (text) => parseQuantity(market, text)),
    entry: limit === null ? { kind: 'market' } : { kind: 'limit', price: limit },
    exit: {
      targets: sharesOf(flags, '2').map(({ rate, share }) => ({
        at: { by: 'rate', rate },
        share,
        type: 'limit',
      })),
      trailing: optionalRate(flags, 'trailing'),
      stop: stopFromFlags(flags),
    },
  };
}

function stopFromFlags(flags: Flags): NonNullable<SmartTradeOptions['exit']>['stop'] {
  const rate = optionalRate(flags, 'stop-loss');
  if (rate === null) return null;
  const seconds = flags.whole('stop-seconds', 0);
  return {
    at: { by: 'rate', rate },
    limit: null,
    trailing: flags.choice('stop-trailing', ['no', 'yes']) === 'yes',
    timeoutMs: seconds === 0 ? null : seconds * 1_000,
    breakeven: flags.choice('breakeven', ['no', 'yes']) === 'yes',
  };
}
