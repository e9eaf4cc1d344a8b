/** What a step's notes mean for the list of deals and for the people who follow the bot. */
import type { MachineEvent, Note } from '@counterfoil/engine';
import type { Market } from '@counterfoil/vocabulary';
import type { AppendedDeal, AppendedFill, BotStatus, OutboxEntry } from '../ledger/append.ts';
import { toExactJson } from '../ledger/exact-json.ts';

/** The deals that began or ended, the last word on each. */
export function dealsIn(
  notes: readonly Note[],
  markets: readonly Market[],
  events: readonly { readonly event: MachineEvent<unknown> }[],
): readonly AppendedDeal[] {
  const deals = new Map<number, AppendedDeal>();
  const symbolOf = (market: number): string => markets[market]?.symbol ?? '';
  for (const note of notes) {
    if (note.code === 'deal-started') {
      const startedAtMs = timeOf(events.at(-1)?.event);
      const symbol = symbolOf(note.market);
      deals.set(note.deal, {
        number: note.deal,
        symbol,
        startedAtMs,
        endedAtMs: null,
        body: toExactJson({}),
      });
    }
    if (note.code === 'deal-closed') {
      const { startedAtMs, endedAtMs } = note;
      const symbol = symbolOf(note.market);
      deals.set(note.deal, { number: note.deal, symbol, startedAtMs, endedAtMs, body: toExactJson(note) });
    }
  }
  return [...deals.values()];
}

/** Reasons that nobody wants to be told of one by one: they are in the bot's own list of decisions. */
const QUIET: ReadonlySet<Note['code']> = new Set([
  'ignored',
  'waiting-for-signal',
  'waiting-for-price-range',
]);

/** Entries of the outbox: `note` with a note of the engine, `fill`, and `bot` where its page has changed. */
export function toldBy(
  notes: readonly Note[],
  fills: readonly AppendedFill[],
  status: BotStatus | null,
): readonly OutboxEntry[] {
  const entries: OutboxEntry[] = fills.map((fill) => ({ kind: 'fill', body: toExactJson(fill) }));
  for (const note of notes)
    if (!QUIET.has(note.code)) entries.push({ kind: 'note', body: toExactJson(note) });
  if (status !== null) entries.push({ kind: 'bot', body: toExactJson({ status }) });
  return entries;
}

export function timeOf(event: MachineEvent<unknown> | undefined): number {
  if (event === undefined) return 0;
  if (event.kind === 'orderReported') return event.report.atMs;
  return event.kind === 'orderFilled' ? event.fill.atMs : event.atMs;
}
