/** Which refusals of an order pass by themselves within seconds, so that the same may soon be asked for again. */
import type { GateRefusal } from '@counterfoil/vocabulary/protocol';

/** The vault's, before which nothing was signed. */
const AT_VAULT: ReadonlySet<string> = new Set<GateRefusal>([
  'key-not-bound',
  'price-unknown',
  'overloaded',
  'builder-unavailable',
  'venue-busy',
]);

/** The venues' codes, which no two of them share: too many requests or orders, too busy, closed for a moment. */
const AT_VENUE: ReadonlySet<string> = new Set([
  '-1003',
  '-1008',
  '-1015',
  'EAPI:Rate limit exceeded',
  'EOrder:Rate limit exceeded',
  'EService:Deadline elapsed',
  'EService:Market in cancel_only mode',
]);

/** Binance says it under codes that mean much else. */
const CLOSED = 'Market is closed.';

export function passesAtVault(code: string | null): boolean {
  return code !== null && AT_VAULT.has(code);
}

export function passesAtVenue(code: string | null, sentence: string | null): boolean {
  return (code !== null && AT_VENUE.has(code)) || sentence === CLOSED;
}
