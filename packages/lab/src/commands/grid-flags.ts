import type { GridOptions } from '@counterfoil/engine';
import { type Market, parseAmount, parsePrice, parseQuantity } from '@counterfoil/vocabulary';
import type { Flags } from './flags.ts';
import { optional } from './values.ts';

/** A grid bot made of flags. */
export function gridFromFlags(flags: Flags, market: Market): GridOptions {
  const price = (name: string) => optional(flags, name, (text) => parsePrice(market, text));
  const bound = (name: string, example: string) => {
    flags.required(name, example);
    return flags.exact(name, example, (text) => parsePrice(market, text));
  };
  const most = (name: string): number | null => (flags.text(name) === null ? null : flags.whole(name, 1));
  const inBase = flags.choice('size-in', ['quote', 'base']) === 'base';
  const stop = (side: 'above' | 'below'): GridOptions['upperStop'] => {
    const at = price(`stop-${side}`);
    if (at === null) return null;
    return { price: at, action: flags.choice('stop-action', ['stop', 'stop-and-sell', 'stop-and-buy']) };
  };
  return {
    market,
    lower: bound('lower', '8000'),
    upper: bound('upper', '12000'),
    lines: flags.whole('lines', 20),
    spacing: flags.choice('spacing', ['arithmetic', 'geometric']),
    size: inBase
      ? { by: 'base', quantity: flags.exact('line-order', '0.01', (text) => parseQuantity(market, text)) }
      : { by: 'quote', amount: flags.exact('line-order', '100', (text) => parseAmount(market, text)) },
    profitCurrency: flags.choice('profit-in', ['quote', 'base']),
    balanceAtStart: flags.choice('balance', ['yes', 'no']) === 'yes',
    activeBuysMax: most('active-buys'),
    activeSellsMax: most('active-sells'),
    trailingUp: flags.choice('trailing-up', ['no', 'yes']) === 'yes',
    trailingDown: flags.choice('trailing-down', ['no', 'yes']) === 'yes',
    expandUpTo: price('expand-up-to'),
    expandDownTo: price('expand-down-to'),
    upperStop: stop('above'),
    lowerStop: stop('below'),
  };
}
