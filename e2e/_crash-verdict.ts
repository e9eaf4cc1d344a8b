/** What must hold between ledger, log and venue, however many processes were killed. Every defect is a sentence. */
import { hexOf } from '@counterfoil/log';
import type { LeafPayload } from '@counterfoil/vocabulary/protocol';
import type { Placed, VenueOrder } from './_installation.ts';

/** The ways in which the three records contradict each other; none in a sound installation. */
export function contradictions(
  ledger: readonly Placed[],
  venue: readonly VenueOrder[],
  leaves: readonly LeafPayload[],
  /** Client order ids of bots' orders in the ledger, read after the venue's: bots go on meanwhile. */
  ofBots: ReadonlySet<string> = new Set(),
): readonly string[] {
  const found: string[] = [];
  const signed = new Map<string, number>();
  const intents = new Set<string>();
  for (const leaf of leaves) {
    if (leaf.kind !== 'sign' || leaf.method !== 'orderCreate') continue;
    signed.set(leaf.clientOrderId, (signed.get(leaf.clientOrderId) ?? 0) + 1);
    const intent = `${hexOf(leaf.bot)}/${leaf.botSeq}`;
    if (intents.has(intent)) found.push(`intent ${intent} was signed twice`);
    intents.add(intent);
  }
  const atVenue = new Map<string, number>();
  for (const { clientOrderId } of venue) atVenue.set(clientOrderId, (atVenue.get(clientOrderId) ?? 0) + 1);
  const known = new Set(ledger.map((order) => order.clientOrderId));
  for (const [id, times] of atVenue) {
    if (times > 1) found.push(`order ${id} is at the venue ${times} times`);
    if (signed.get(id) !== 1) found.push(`order ${id} has ${signed.get(id) ?? 0} sign leaves`);
    if (!known.has(id) && !ofBots.has(id)) found.push(`order ${id} of the venue is not in the ledger`);
  }
  for (const { seq, state, clientOrderId } of ledger) {
    const there = clientOrderId !== null && atVenue.has(clientOrderId);
    if (state === 'unknown' || state === 'journalled') found.push(`order ${seq} is still ${state}`);
    else if (there !== (state === 'accepted')) {
      found.push(`order ${seq} is ${state} in the ledger and ${there ? '' : 'not '}at the venue`);
    }
  }
  return found;
}
