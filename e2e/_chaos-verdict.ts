/** What must hold between ledger, log and venue after the chaos. Every defect is a sentence. */
import type { Balances } from './_books.ts';

export interface VenueOrder {
  readonly clientOrderId: string;
  readonly status: string;
}

/** Every order at the venue is one of the ledger, once, and none rests. `states` of the ledger by client order id. */
export function orderContradictions(
  states: ReadonlyMap<string, string>,
  orders: readonly VenueOrder[],
): readonly string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  for (const { clientOrderId: id, status } of orders) {
    if (seen.has(id)) found.push(`order ${id} is at the venue twice`);
    seen.add(id);
    const state = states.get(id);
    if (state !== 'accepted') found.push(`order ${id} is ${status} at the venue and ${state} in the ledger`);
    if (status === 'NEW' || status === 'PARTIALLY_FILLED') found.push(`order ${id} still rests`);
  }
  for (const [id, state] of states) {
    if (state === 'accepted' && !seen.has(id))
      found.push(`order ${id} is accepted in the ledger and not at the venue`);
  }
  return found;
}

/** Each order at the venue has exactly one sign leaf. */
export function leafContradictions(
  signed: ReadonlyMap<string, number>,
  orders: readonly VenueOrder[],
): readonly string[] {
  return orders
    .filter(({ clientOrderId }) => signed.get(clientOrderId) !== 1)
    .map(({ clientOrderId: id }) => `order ${id} has ${signed.get(id) ?? 0} sign leaves`);
}

/** The same of every asset, to the last unit. */
export function balanceContradictions(account: string, venue: Balances, ledger: Balances): readonly string[] {
  return [...new Set([...venue.keys(), ...ledger.keys()])]
    .filter((asset) => venue.get(asset) !== ledger.get(asset))
    .map(
      (asset) =>
        `${account} has ${venue.get(asset)} ${asset} at the venue and ${ledger.get(asset)} in the ledger`,
    );
}
