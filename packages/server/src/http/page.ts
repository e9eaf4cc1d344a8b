/** Pages of lists: newest first, with what the last row is ordered by as the cursor. */
import { HttpProblem } from './problem.ts';

export interface PageQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** The texts that `pageOf` put into a cursor, `count` of them; null for the first page. */
export function readCursor(query: PageQuery, count: number): readonly string[] | null {
  if (query.cursor === undefined) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(query.cursor, 'base64url').toString('utf8'));
    const texts = Array.isArray(parts) ? parts.filter((part) => typeof part === 'string') : [];
    if (texts.length === count) return texts;
  } catch {
    // Said below.
  }
  throw new HttpProblem('bad-form', 'This cursor did not come from here; begin without one.');
}

/** The number in a cursor of one; null for the first page. */
export function readNumberCursor(query: PageQuery): bigint | null {
  const text = readCursor(query, 1)?.[0];
  if (text === undefined) return null;
  if (!/^[0-9]{1,18}$/.test(text)) throw new HttpProblem('bad-form', 'This cursor did not come from here.');
  return BigInt(text);
}

/** `rows` holds one more than the page has, where there is one: then there is a next page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => readonly string[],
  view: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const next = last === undefined ? null : Buffer.from(JSON.stringify(cursorOf(last))).toString('base64url');
  return { items: shown.map(view), next };
}
