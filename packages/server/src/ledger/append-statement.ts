/**
 * The one statement that moves bots: lease, position, events, intents, fills, deals, commands and outbox in a single
 * commit. A bot moves from the event that its writer knows to be the last, under the epoch that its writer holds; where
 * one of them does not, the database refuses the whole statement with `STALE`, and nothing of it is written.
 */
import type { Append } from './append.ts';
import { allMoved, type Batch, parts } from './append-parts.ts';
import type { Settlement } from './settlement.ts';

/** Has a name, so that it is planned once per connection: planning it took as long as running it. */
export interface AppendStatement {
  readonly name: string;
  readonly text: string;
  readonly values: string[];
}

/** SQLSTATE of the refusal: another writer has moved one of the bots, or has its shard. */
export const STALE = 'CF001';

/** For some appends and settlements of one owner; no bot may have two appends. */
export function appendStatement(
  owner: string,
  appends: readonly Append[],
  settlements: readonly Settlement[],
): AppendStatement {
  const shards = new Set([...appends, ...settlements].map((one) => one.shard));
  const batch = { appends, settlements, shards: [...shards].sort((a, b) => a - b) };
  const valuesOf = [...parts, allMoved].map((part) => part.values(batch));
  const name = `ledger-append-${valuesOf.map((values) => (values === null ? 0 : 1)).join('')}`;
  let text = texts.get(name);
  if (text === undefined) texts.set(name, (text = textFor(batch)));
  return { name, text, values: [owner, ...valuesOf.flatMap((values) => values ?? [])] };
}

/** By name: one for each combination of parts. */
const texts = new Map<string, string>();

function textFor(batch: Batch): string {
  const said = parts.filter((part) => part.values(batch) !== null).map((part) => part.sql);
  const answer = allMoved.values(batch) === null ? 'select where false' : allMoved.sql;
  let value = 1;
  return `with ${said.join(',\n')}\n${answer}`.replaceAll('?', () => `$${++value}`);
}
