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
import { type Refusal, Refusals, brokenRule } from '../refusal.ts';
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
    'bounds-crossed',
    { lower: formatPrice(market, lower), upper: formatPrice(market, upper) },
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
    'upper-stop-inside',
    {},
  );
  refusals.require(
    lowerStop === null || lowerStop.price < lower,
    'lowerStop',
    `below ${formatPrice(market, lower)}`,
    'lower-stop-inside',
    {},
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
    refusals.require(next > line, 'lines', formatPrice(market, market.tick), 'lines-on-same-price', {
      line: n + 1,
      next: n + 2,
      symbol: market.symbol,
      price: formatPrice(market, line),
      tick: formatPrice(market, market.tick),
    });
    const quantity = lineQuantity(options, line);
    const broken = checkFilters(market, line, quantity, 'limit');
    if (broken !== null)
      refusals.require(false, 'size', broken.limit, 'line-breaks-rule', {
        line: n + 1,
        ...brokenRule(market, broken),
      });
    const cost = plus(notional(market, line, quantity, 'ceil'), feesOf(options, line, next, quantity));
    const gains = notional(market, next, quantity, 'floor') > cost;
    refusals.require(gains || quantity === 0n, 'lines', 'above the fees', 'lines-eaten-by-fees', {
      line: n + 1,
      next: n + 2,
      lower: formatPrice(market, line),
      upper: formatPrice(market, next),
    });
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
    'grid-quote-short',
    {
      needed: formatAmount(market, quote),
      held: formatAmount(market, free.quote),
      quote: market.quote,
    },
  );
  refusals.require(
    base <= free.base,
    'balanceAtStart',
    `${formatQuantity(market, free.base)} ${market.base}`,
    'grid-base-short',
    {
      needed: formatQuantity(market, base),
      held: formatQuantity(market, free.base),
      base: market.base,
    },
  );
}
