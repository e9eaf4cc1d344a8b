/**
 * The one statement that moves bots: lease, position, events, intents, fills, deals, commands and outbox in a single
 * commit. Every part is joined with the lease row by epoch and with the bot's last event, so that of two writers of a
 * bot one writes and the other learns that it is stale.
 */
import type { Append } from './append.ts';
import { type Batch, parts, whoMoved } from './append-parts.ts';
import type { Settlement } from './settlement.ts';

/** Has a name, so that it is planned once per connection: planning it took as long as running it. */
export interface AppendStatement {
  readonly name: string;
  readonly text: string;
  readonly values: string[];
}

/** For some appends and settlements of one owner. It answers one row where not every bot has moved: those that have. */
export function appendStatement(
  owner: string,
  appends: readonly Append[],
  settlements: readonly Settlement[],
): AppendStatement {
  const shards = new Set([...appends, ...settlements].map((one) => one.shard));
  const batch = { appends, settlements, shards: [...shards].sort((a, b) => a - b) };
  const valuesOf = [...parts, whoMoved].map((part) => part.values(batch));
  const name = `ledger-append-${valuesOf.map((values) => (values === null ? 0 : 1)).join('')}`;
  let text = texts.get(name);
  if (text === undefined) texts.set(name, (text = textFor(batch)));
  return { name, text, values: [owner, ...valuesOf.flatMap((values) => values ?? [])] };
}

/** By name: one for each combination of parts. */
const texts = new Map<string, string>();

function textFor(batch: Batch): string {
  const said = parts.filter((part) => part.values(batch) !== null).map((part) => part.sql);
  const answer = whoMoved.values(batch) === null ? 'select where false' : whoMoved.sql;
  let value = 1;
  return `with ${said.join(',\n')}\n${answer}`.replaceAll('?', () => `$${++value}`);
}
