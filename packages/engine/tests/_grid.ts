import type { GridOptions } from '../src/machines/grid/options.ts';
import { btc, coins, dollars } from './_markets.ts';

/** Lines at 900, 950, 1,000, 1,050, 1,100; 0.1 BTC each, and what the upper cells sell is bought at the start. */
export function plainGrid(change: Partial<GridOptions> = {}): GridOptions {
  return {
    market: btc,
    lower: dollars(900),
    upper: dollars(1_100),
    lines: 5,
    spacing: 'arithmetic',
    size: { by: 'base', quantity: coins(0.1) },
    profitCurrency: 'quote',
    balanceAtStart: true,
    activeBuysMax: null,
    activeSellsMax: null,
    trailingUp: false,
    trailingDown: false,
    expandUpTo: null,
    expandDownTo: null,
    upperStop: null,
    lowerStop: null,
    ...change,
  };
}
