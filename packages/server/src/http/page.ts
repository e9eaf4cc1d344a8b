/** Pages of lists: newest first, with the number of the last row as the cursor. */
import { HttpProblem } from './problem.ts';

export interface Page {
  readonly limit: number;
  /** Rows before this number. */
  readonly before: bigint | null;
}

export function takePage(query: { readonly cursor?: string | undefined; readonly limit: number }): Page {
  const { cursor, limit } = query;
  if (cursor === undefined) return { limit, before: null };
  if (!/^[0-9]{1,18}$/.test(cursor))
    throw new HttpProblem('bad-form', 'This cursor did not come from here; begin without one.');
  return { limit, before: BigInt(cursor) };
}

/** `rows` holds one more than the page has, where there is one: then there is a next page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  numberOf: (row: Row) => bigint | number,
  view: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(view),
    next: rows.length > limit && last !== undefined ? String(numberOf(last)) : null,
  };
}
