import { type Amount, ceilToLot, notional, type Price, type Quantity } from '@counterfoil/vocabulary';
import type { Note } from '../notes.ts';
import { least, minus, plus, zero } from '../units.ts';
import { gridLines, lineBeyond, lineQuantity } from './lines.ts';
import type { GridOptions } from './options.ts';
import { type Cell, emptyCell, type GridState } from './state.ts';

/** Cells a grid may grow to: expansions end here even when their stop price is far. */
export const CELLS_MAX = 1_000;

/** Lays out the cells: those above the price hold what the balancing order buys, those below wait to buy. */
export function layOut(
  options: GridOptions,
  state: GridState,
  price: Price,
  atMs: number,
  notes: Note[],
): GridState {
  if (state.phase !== 'idle') return state;
  const lines = gridLines(options);
  const cells: Cell[] = [];
  let needed = zero<Quantity>();
  for (const [n, lower] of lines.slice(0, -1).entries()) {
    const upper = lines[n + 1] ?? lower;
    const cell = emptyCell(n, lower, upper);
    if (!startsHolding(cell, price)) {
      cells.push(cell);
      continue;
    }
    const quantity = lineQuantity(options, lower);
    const cost = notional(options.market, price, quantity, 'ceil');
    cells.push({ ...cell, holding: true, quantity, cost });
    needed = plus(needed, quantity);
  }
  const missing = minus(needed, state.freeBase);
  const balance =
    options.balanceAtStart && missing > 0n ? ceilToLot(options.market, missing) : zero<Quantity>();
  notes.push({ code: 'bot-started' });
  return {
    ...state,
    phase: balance > 0n ? 'balancing' : 'running',
    cells,
    cellsMade: cells.length,
    balance,
    ownBase: least(needed, state.freeBase),
    startedAtMs: atMs,
    price,
  };
}

/** The line nearest to the price stays empty: a cell holds when its lower line is above the price or nearest to it. */
function startsHolding(cell: Cell, price: Price): boolean {
  if (cell.lower >= price) return true;
  return cell.upper > price && price - cell.lower <= cell.upper - price;
}

/**
 * Moves the grid by one line. Above the grid every cell has sold, so the lowest simply becomes the highest. Below
 * it every cell holds: the highest becomes the lowest, keeps its base and its cost, and sells it at the old edge.
 */
export function shift(options: GridOptions, state: GridState, up: boolean, notes: Note[]): GridState {
  const first = state.cells[0];
  const last = state.cells.at(-1);
  if (first === undefined || last === undefined) return state;
  const id = state.cellsMade;
  let cells: readonly Cell[];
  if (up) {
    const upper = lineBeyond(options, last.upper, true);
    cells = [...state.cells.slice(1), { ...first, id, lower: last.upper, upper }];
  } else {
    const lower = lineBeyond(options, first.lower, false);
    if (lower <= 0n) return state;
    cells = [{ ...last, id, lower, upper: first.lower }, ...state.cells.slice(0, -1)];
  }
  notes.push({
    code: 'grid-shifted',
    lower: cells[0]?.lower ?? first.lower,
    upper: cells.at(-1)?.upper ?? last.upper,
  });
  return { ...state, cells, cellsMade: id + 1 };
}

/** The base that the upper cells hold cost what the balancing order really paid. */
export function balanced(options: GridOptions, state: GridState, notes: Note[]): GridState {
  notes.push({ code: 'grid-balanced', quantity: state.balance });
  const { enteredAmount, enteredQuantity, feeQuote, feeBase } = state.account;
  const paid = plus(enteredAmount, feeQuote);
  // A fee in base leaves less than was bought: the highest cell gives up the lots that are missing.
  let missing = ceilToLot(options.market, feeBase);
  const cells = state.cells
    .toReversed()
    .map((cell): Cell => {
      if (!cell.holding) return cell;
      const short = least(missing, cell.quantity);
      missing = minus(missing, short);
      const quantity = minus(cell.quantity, short);
      return { ...cell, quantity, cost: ((paid * cell.quantity) / enteredQuantity) as Amount };
    })
    .toReversed();
  return { ...state, phase: 'running', cells };
}

/** Adds a cell below when the lowest one holds, above when the highest has sold, as far as the options allow. */
export function expand(options: GridOptions, state: GridState): GridState {
  const first = state.cells[0];
  const last = state.cells.at(-1);
  if (first === undefined || last === undefined || state.cells.length >= CELLS_MAX) return state;
  if (options.expandDownTo !== null && first.holding) {
    const lower = lineBeyond(options, first.lower, false);
    if (lower >= options.expandDownTo && lower > 0n) {
      const cell = emptyCell(state.cellsMade, lower, first.lower);
      return { ...state, cells: [cell, ...state.cells], cellsMade: state.cellsMade + 1 };
    }
  }
  if (options.expandUpTo !== null && !last.holding) {
    const upper = lineBeyond(options, last.upper, true);
    if (upper <= options.expandUpTo) {
      const cell = emptyCell(state.cellsMade, last.upper, upper);
      return { ...state, cells: [...state.cells, cell], cellsMade: state.cellsMade + 1 };
    }
  }
  return state;
}
