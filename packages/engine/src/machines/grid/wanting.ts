import {
  type Amount,
  ceilToLot,
  checkFilters,
  floorToLot,
  notional,
  type Price,
  type Quantity,
  quantityFor,
} from '@counterfoil/vocabulary';
import { openQuantity } from '../account.ts';
import { least, plus, zero } from '../units.ts';
import { type DesiredOrder, onSteps, tickFor } from '../working-orders.ts';
import { CELLS_MAX } from './layout.ts';
import { lineQuantity } from './lines.ts';
import type { GridOptions } from './options.ts';
import type { Cell, GridState } from './state.ts';

/** The orders that a grid wants to have now. */
export function desiredOrders(options: GridOptions, state: GridState): readonly DesiredOrder[] {
  switch (state.phase) {
    case 'balancing':
      return [onSteps(options.market, balancing(state.balance))];
    case 'running':
      return cellOrders(options, state);
    case 'stopping':
      return closingOrders(options, state);
    case 'idle':
    case 'stopped':
      return [];
    default:
      return state.phase satisfies never;
  }
}

function balancing(quantity: Quantity): DesiredOrder {
  return { role: 'balance', side: 'buy', type: 'market', price: null, quantity };
}

/** Buys from the highest empty cell down, sells from the lowest holding cell up, each up to its maximum. */
function cellOrders(options: GridOptions, state: GridState): readonly DesiredOrder[] {
  const { market } = options;
  const orders: DesiredOrder[] = [];
  let buysLeft = options.activeBuysMax ?? CELLS_MAX;
  for (let n = state.cells.length - 1; n >= 0 && buysLeft > 0; n--) {
    const cell = state.cells[n];
    if (cell === undefined || cell.holding) continue;
    const price = tickFor(market, 'buy', cell.lower);
    const quantity = lineQuantity(options, cell.lower);
    if (checkFilters(market, price, quantity, 'limit') !== null) continue;
    orders.push({ role: `c${cell.id}b`, side: 'buy', type: 'limit', price, quantity });
    buysLeft--;
  }
  let sellsLeft = options.activeSellsMax ?? CELLS_MAX;
  for (const cell of state.cells) {
    if (sellsLeft === 0) break;
    if (!cell.holding) continue;
    const price = tickFor(market, 'sell', cell.upper);
    const quantity = sellQuantity(options, cell);
    if (checkFilters(market, price, quantity, 'limit') !== null) continue;
    orders.push({ role: `c${cell.id}s`, side: 'sell', type: 'limit', price, quantity });
    sellsLeft--;
  }
  return orders;
}

function sellQuantity(options: GridOptions, cell: Cell): Quantity {
  const held = floorToLot(options.market, cell.quantity);
  if (options.profitCurrency === 'quote') return held;
  const recovering = ceilToLot(options.market, quantityFor(options.market, cell.cost, cell.upper, 'ceil'));
  return least(held, recovering);
}

/** After a stop: first everything is cancelled, then the position is sold, or the empty cells' money spent. */
function closingOrders(options: GridOptions, state: GridState): readonly DesiredOrder[] {
  const { market } = options;
  const working = state.orders.working.find((order) => order.role === 'close');
  if (working !== undefined) {
    return [{ role: 'close', side: working.side, type: 'market', price: null, quantity: working.quantity }];
  }
  if (state.stopAction === 'stop' || state.stopAction === null || state.price === null) return [];
  if (state.orders.working.length > 0) return [];
  const side = state.stopAction === 'stop-and-sell' ? 'sell' : 'buy';
  const quantity = side === 'sell' ? heldQuantity(options, state) : buyQuantity(options, state, state.price);
  if (quantity <= 0n || checkFilters(market, state.price, quantity, 'market') !== null) return [];
  return [{ role: 'close', side, type: 'market', price: null, quantity }];
}

/** What fills have left in base, with what was there at the start for the upper lines. */
function heldQuantity(options: GridOptions, state: GridState): Quantity {
  const open = plus(openQuantity(state.account, 'long'), state.ownBase);
  return open > 0n ? floorToLot(options.market, open) : zero();
}

/** The empty cells' money, once: after the closing order has filled, nothing is left to spend. */
function buyQuantity(options: GridOptions, state: GridState, price: Price): Quantity {
  let money = zero<Amount>();
  for (const cell of state.cells) {
    if (cell.holding) continue;
    money = plus(money, notional(options.market, cell.lower, lineQuantity(options, cell.lower), 'floor'));
  }
  return floorToLot(options.market, quantityFor(options.market, money, price, 'floor'));
}
