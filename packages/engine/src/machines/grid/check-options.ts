import {
  checkFilters,
  formatAmount,
  formatPrice,
  formatQuantity,
  notional,
  type Amount,
  type Price,
  type Quantity,
} from '@counterfoil/vocabulary';
import { type Refusal, Refusals } from '../refusal.ts';
import { plus, zero } from '../units.ts';
import { gridLines, lineQuantity } from './lines.ts';
import type { GridOptions } from './options.ts';

/** More lines than this exceed the open orders that venues allow on one market. */
const LINES_MAX = 200;

/** Everything that makes a grid impossible or surely lossy at `price` and, where known, with this free money. */
export function checkGridOptions(
  options: GridOptions,
  price: Price,
  free: { readonly quote: Amount; readonly base: Quantity } | null = null,
): readonly Refusal[] {
  const refusals = new Refusals();
  const { market, lower, upper } = options;
  refusals.integer('lines', options.lines, 2, LINES_MAX);
  refusals.require(
    lower > 0n && lower < upper,
    'lower',
    `below ${formatPrice(market, upper)}`,
    `The lower bound ${formatPrice(market, lower)} must be above zero and below the upper bound ${formatPrice(market, upper)}.`,
  );
  for (const field of ['activeBuysMax', 'activeSellsMax'] as const) {
    const max = options[field];
    if (max !== null) refusals.integer(field, max, 1, LINES_MAX);
  }
  const { upperStop, lowerStop } = options;
  refusals.require(
    upperStop === null || upperStop.price > upper,
    'upperStop',
    `above ${formatPrice(market, upper)}`,
    'The upper stop must lie above the grid, or it would stop before the last line can sell.',
  );
  refusals.require(
    lowerStop === null || lowerStop.price < lower,
    'lowerStop',
    `below ${formatPrice(market, lower)}`,
    'The lower stop must lie below the grid, or it would stop before the last line can buy.',
  );
  if (refusals.list.length > 0) return refusals.list;
  checkLines(options, refusals);
  if (refusals.list.length === 0 && free !== null) checkMoney(options, price, free, refusals);
  return refusals.list;
}

function checkLines(options: GridOptions, refusals: Refusals): void {
  const { market } = options;
  const lines = gridLines(options);
  for (const [n, line] of lines.slice(0, -1).entries()) {
    const next = lines[n + 1] ?? line;
    refusals.require(
      next > line,
      'lines',
      formatPrice(market, market.tick),
      `Lines ${n + 1} and ${n + 2} fall on the same price ${formatPrice(market, line)}: the price step of ${market.symbol} is ${formatPrice(market, market.tick)}; use fewer lines or a wider range.`,
    );
    const quantity = lineQuantity(options, line);
    const broken = checkFilters(market, line, quantity, 'limit');
    refusals.require(
      broken === null,
      'size',
      broken?.limit ?? '',
      `The order at line ${n + 1} breaks ${broken?.reason ?? ''} (limit ${broken?.limit ?? ''}): the smallest order on ${market.symbol} is ${formatAmount(market, market.notionalMin)} ${market.quote}; use a larger size.`,
    );
    const cost = plus(notional(market, line, quantity, 'ceil'), feesOf(options, line, next, quantity));
    const gains = notional(market, next, quantity, 'floor') > cost;
    refusals.require(
      gains || quantity === 0n,
      'lines',
      'above the fees',
      `Between lines ${n + 1} and ${n + 2} (${formatPrice(market, line)} and ${formatPrice(market, next)}) the fees of buying and selling eat the whole gain; use fewer lines or a wider range.`,
    );
    if (refusals.list.length > 0) return;
  }
}

function feesOf(options: GridOptions, line: Price, next: Price, quantity: Quantity): Amount {
  const { market } = options;
  const turnover = notional(market, line, quantity, 'ceil') + notional(market, next, quantity, 'ceil');
  return ((turnover * market.makerFee) / 100_000_000n) as Amount;
}

function checkMoney(
  options: GridOptions,
  price: Price,
  free: { readonly quote: Amount; readonly base: Quantity },
  refusals: Refusals,
): void {
  const { market } = options;
  let quote = zero<Amount>();
  let base = zero<Quantity>();
  for (const line of gridLines(options).slice(0, -1)) {
    const quantity = lineQuantity(options, line);
    if (line < price) quote = plus(quote, notional(market, line, quantity, 'ceil'));
    else if (options.balanceAtStart) quote = plus(quote, notional(market, price, quantity, 'ceil'));
    else base = plus(base, quantity);
  }
  refusals.require(
    quote <= free.quote,
    'size',
    `${formatAmount(market, free.quote)} ${market.quote}`,
    `The grid needs ${formatAmount(market, quote)} ${market.quote} and ${formatAmount(market, free.quote)} are free; use a smaller size or fewer lines.`,
  );
  refusals.require(
    base <= free.base,
    'balanceAtStart',
    `${formatQuantity(market, free.base)} ${market.base}`,
    `The lines above the price sell ${formatQuantity(market, base)} ${market.base} and ${formatQuantity(market, free.base)} are free; let the bot buy the rest at the start.`,
  );
}
