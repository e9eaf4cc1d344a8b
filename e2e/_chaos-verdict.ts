/** What must hold between ledger, log and venue after the chaos. Every defect is a sentence. */
import { parseUnits } from '@counterfoil/vocabulary';
import { type Balances, SCALE } from './_books.ts';

export interface VenueOrder {
  readonly clientOrderId: string;
  readonly status: string;
}

/** An order at the venue with what it traded, decimal text. */
export interface TradedOrder extends VenueOrder {
  readonly symbol: string;
  readonly orderId: number;
  readonly executedQty: string;
  readonly cummulativeQuoteQty: string;
}

/** All fills of one order in the ledger; decimal text. */
export interface LedgerFills {
  readonly symbol: string;
  readonly venueOrderId: string;
  /** Of the intent that the fills are booked on; null where they are booked on none. */
  readonly clientOrderId: string | null;
  readonly quantity: string;
  readonly amount: string;
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

/** What each order traded at the venue is in the ledger, on that order's own intent, to the last unit; and no more. */
export function fillContradictions(
  ledger: readonly LedgerFills[],
  orders: readonly TradedOrder[],
): readonly string[] {
  const found: string[] = [];
  const booked = Map.groupBy(ledger, ({ symbol, venueOrderId }) => `${symbol}/${venueOrderId}`);
  for (const order of orders) {
    const { clientOrderId: id } = order;
    const key = `${order.symbol}/${order.orderId}`;
    const fills = booked.get(key) ?? [];
    booked.delete(key);
    if (fills.some((one) => one.clientOrderId !== id))
      found.push(`fills of order ${id} are booked elsewhere too`);
    const [quantity, amount] = [sum(fills, 'quantity'), sum(fills, 'amount')];
    if (
      quantity !== parseUnits(order.executedQty, SCALE) ||
      amount !== parseUnits(order.cummulativeQuoteQty, SCALE)
    )
      found.push(
        `order ${id} traded ${order.executedQty} for ${order.cummulativeQuoteQty}, in the ledger ${quantity} for ${amount} units`,
      );
  }
  return [...found, ...Array.from(booked.keys(), (key) => `fills of order ${key} are in the ledger alone`)];
}

function sum(fills: readonly LedgerFills[], what: 'quantity' | 'amount'): bigint {
  return fills.reduce((units, fill) => units + parseUnits(fill[what], SCALE), 0n);
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
