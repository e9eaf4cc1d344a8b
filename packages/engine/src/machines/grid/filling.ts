import { type Amount, type Fill, floorToLot, type Quantity } from '@counterfoil/vocabulary';
import { book } from '../account.ts';
import type { Note } from '../notes.ts';
import { minus, plus, zero } from '../units.ts';
import { bookFill, findOrder, type WorkingOrder } from '../working-orders.ts';
import { balanced } from './layout.ts';
import type { GridOptions } from './options.ts';
import type { Cell, GridState } from './state.ts';

/** Books a fill and hands it to the cell whose order it was. */
export function fillOrder(
  options: GridOptions,
  state: GridState,
  name: string,
  fill: Fill,
  notes: Note[],
): GridState {
  const order = findOrder(state.orders, name);
  if (order === undefined) {
    notes.push({ code: 'ignored', what: name, why: 'no-such-order', detail: '' });
    return state;
  }
  const booked = bookFill(state.orders, order, fill);
  if (!booked.isNew) {
    notes.push({ code: 'ignored', what: name, why: 'booked', detail: fill.tradeId });
    return state;
  }
  const before = state.account;
  const account = book(before, options.market, 'long', fill);
  const fees = {
    base: minus(account.feeBase, before.feeBase),
    quote: minus(account.feeQuote, before.feeQuote),
  };
  const next: GridState = { ...state, orders: booked.orders, account, price: fill.price };
  if (order.role === 'balance') return booked.complete ? balanced(options, next, notes) : next;
  // Closing is done once: what is bought or sold then must not be bought or sold again.
  if (order.role === 'close') return booked.complete ? { ...next, stopAction: 'stop' } : next;
  return fillCell(options, next, order, booked.complete, fill, fees, notes);
}

function fillCell(
  options: GridOptions,
  state: GridState,
  order: WorkingOrder,
  complete: boolean,
  fill: Fill,
  fees: { readonly base: Quantity; readonly quote: Amount },
  notes: Note[],
): GridState {
  const index = state.cells.findIndex((cell) => order.role.slice(0, -1) === `c${cell.id}`);
  const cell = state.cells[index];
  if (cell === undefined) return state;
  const isBuy = order.side === 'buy';
  const pending = {
    quantity: plus(cell.pending.quantity, isBuy ? minus(fill.quantity, fees.base) : fill.quantity),
    amount: plus(cell.pending.amount, isBuy ? plus(fill.amount, fees.quote) : minus(fill.amount, fees.quote)),
  };
  const put = (changed: Cell): readonly Cell[] => state.cells.map((one, i) => (i === index ? changed : one));
  if (!complete) return { ...state, cells: put({ ...cell, pending }) };
  const none = { quantity: zero<Quantity>(), amount: zero<Amount>() };
  if (isBuy) {
    notes.push({ code: 'grid-line-filled', line: cell.id, side: 'buy', price: fill.price, profit: zero() });
    const quantity = floorToLot(options.market, pending.quantity);
    return {
      ...state,
      cells: put({ ...cell, holding: true, quantity, cost: pending.amount, pending: none }),
    };
  }
  const profit = minus(pending.amount, cell.cost);
  notes.push({ code: 'grid-line-filled', line: cell.id, side: 'sell', price: fill.price, profit });
  const sold = put({ ...cell, holding: false, quantity: zero(), cost: zero(), pending: none });
  return { ...state, cells: sold, profit: plus(state.profit, profit), trips: state.trips + 1 };
}
