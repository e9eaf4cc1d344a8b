/** What a plan would order at the prices of the moment, by the engine's own sizes and distances. */
import type { Preview } from '@counterfoil/api';
import {
  type DcaOptions,
  entryPrice,
  entrySide,
  exitSide,
  gridLines,
  type GridOptions,
  ladderSteps,
  lineQuantity,
  sizeToQuantity,
  type SmartTradeOptions,
  stepPrice,
  stopPrice,
} from '@counterfoil/engine';
import {
  type Amount,
  formatAmount,
  formatPrice,
  floorToLot,
  formatQuantity,
  type Market,
  notional,
  type Price,
  priceFor,
  type Quantity,
  type Rate,
  type Side,
} from '@counterfoil/vocabulary';
import type { BotPlan } from '../../runner/plan.ts';
import { told } from '../../sayings/tell.ts';

type Planned = Preview['orders'][number];

export function previewOf(plan: BotPlan, prices: readonly Price[]): Preview {
  const [price] = prices;
  if (price === undefined) throw new Error('a plan is previewed at the price of its first market');
  switch (plan.kind) {
    case 'dca':
      return previewDca(plan.options, price);
    case 'grid':
      return previewGrid(plan.options, price);
    case 'smart-trade':
      return previewSmartTrade(plan.options, price);
    default:
      return plan satisfies never;
  }
}

function planned(market: Market, role: string, side: Side, price: Price, quantity: Quantity): Planned {
  return {
    role,
    side,
    price: formatPrice(market, price),
    quantity: formatQuantity(market, quantity),
    amount: formatAmount(market, notional(market, price, quantity, 'ceil')),
    average: null,
    neededMovePercent: null,
  };
}

/** One deal on the first market. */
function previewDca(options: DcaOptions, price: Price): Preview {
  const [market] = options.markets;
  if (market === undefined) throw new Error('a plan has a market');
  const { direction } = options;
  const side = entrySide(direction);
  const first = options.takeProfit.steps[0]?.rate ?? null;
  let quantity = 0n as Quantity;
  let amount = 0n as Amount;
  let average = price;
  const enter = (role: string, at: Price, size: DcaOptions['baseOrder']): Planned => {
    const more = sizeToQuantity(market, direction, size, at, null);
    // Sums of quantities and amounts of one market.
    quantity = (quantity + more) as Quantity;
    amount = (amount + notional(market, at, more, 'ceil')) as Amount;
    if (quantity > 0n) average = priceFor(market, amount, quantity, 'halfEven');
    return {
      ...planned(market, role, side, at, more),
      average: formatPrice(market, average),
      neededMovePercent: first === null ? null : moved(at, targetOf(market, direction, average, first)),
    };
  };
  const orders = [
    enter('base', price, options.baseOrder),
    ...ladderSteps(options).map((step, n) =>
      enter(`avg${n + 1}`, stepPrice(market, direction, price, step), step.size),
    ),
  ];
  const { stopLoss } = options;
  const stop = stopLoss === null ? null : stopPrice(market, direction, price, stopLoss.rate);
  return {
    price: formatPrice(market, price),
    orders,
    needs:
      side === 'buy'
        ? [{ asset: market.quote, amount: formatAmount(market, amount) }]
        : [{ asset: market.base, amount: formatQuantity(market, quantity) }],
    worstCase: stop === null ? null : lossAt(market, direction, stop, quantity, amount),
    warnings: [
      ...(stop === null ? [told('plan-without-stop', {})] : []),
      ...(first === null ? [told('plan-without-target', {})] : []),
      ...(options.baseOrder.by === 'percent' ? [told('plan-in-percent', {})] : []),
    ],
  };
}

function previewGrid(options: GridOptions, price: Price): Preview {
  const { market } = options;
  const lines = gridLines(options);
  let quote = 0n as Amount;
  let base = 0n as Quantity;
  const orders = lines.slice(0, -1).map((lower, n) => {
    const upper = lines[n + 1] ?? lower;
    const quantity = lineQuantity(options, lower);
    const isAbove = lower >= price;
    if (isAbove) base = (base + quantity) as Quantity;
    else quote = (quote + notional(market, lower, quantity, 'ceil')) as Amount;
    return isAbove
      ? planned(market, `line ${n + 1}`, 'sell', upper, quantity)
      : planned(market, `line ${n + 1}`, 'buy', lower, quantity);
  });
  return {
    price: formatPrice(market, price),
    orders,
    needs: [
      { asset: market.quote, amount: formatAmount(market, quote) },
      { asset: market.base, amount: formatQuantity(market, base) },
    ],
    worstCase: null,
    warnings: options.lowerStop === null ? [told('grid-without-stop', {})] : [],
  };
}

function previewSmartTrade(options: SmartTradeOptions, price: Price): Preview {
  const { market, direction, entry, exit, quantity } = options;
  const at =
    entry.kind === 'market'
      ? price
      : entry.kind === 'held'
        ? entry.average
        : entry.kind === 'limit'
          ? entry.price
          : (entry.limit ?? entry.price);
  const amount = notional(market, at, quantity, 'ceil');
  const enters = entry.kind === 'held' ? [] : [planned(market, 'entry', entrySide(direction), at, quantity)];
  const targets = exit?.targets ?? [];
  let left: bigint = floorToLot(market, quantity);
  let shares = targets.reduce((sum, { share }) => sum + share, 0n);
  const exits = targets.map((target, n) => {
    const goal = target.at.by === 'price' ? target.at.price : targetOf(market, direction, at, target.at.rate);
    // Whole lots, as the machine divides them: the last target takes what is left.
    const isLast = n === targets.length - 1;
    const part = floorToLot(market, isLast ? left : (left * target.share) / shares);
    shares -= target.share;
    left -= part;
    return planned(market, `tp${n + 1}`, exitSide(direction), goal, part);
  });
  const stop = exit?.stop ?? null;
  const stopAt =
    stop === null
      ? null
      : stop.at.by === 'price'
        ? stop.at.price
        : stopPrice(market, direction, at, stop.at.rate);
  return {
    price: formatPrice(market, price),
    orders: [...enters, ...exits],
    needs:
      entry.kind === 'held'
        ? []
        : entrySide(direction) === 'buy'
          ? [{ asset: market.quote, amount: formatAmount(market, amount) }]
          : [{ asset: market.base, amount: formatQuantity(market, quantity) }],
    worstCase: stopAt === null ? null : lossAt(market, direction, stopAt, quantity, amount),
    warnings: stopAt === null && exit !== null ? [told('position-without-stop', {})] : [],
  };
}

/** A gain is an entry's distance to the other side. */
function targetOf(market: Market, direction: DcaOptions['direction'], from: Price, rate: Rate): Price {
  return entryPrice(market, direction === 'long' ? 'short' : 'long', from, rate);
}

function lossAt(
  market: Market,
  direction: DcaOptions['direction'],
  stop: Price,
  quantity: Quantity,
  entered: Amount,
): string {
  const worth = notional(market, stop, quantity, 'floor');
  // A difference of two amounts of one market.
  const gain = (direction === 'long' ? worth - entered : entered - worth) as Amount;
  return formatAmount(market, gain);
}

/** From one price to another in percent with two decimals; display only. */
function moved(from: Price, to: Price): string {
  return ((Number(to - from) / Number(from)) * 100).toFixed(2).replace(/^-0\.00$/, '0.00');
}
