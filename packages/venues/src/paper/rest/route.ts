import type { ApiKey, KeyPermissions } from '../core/api-key.ts';
import type { Account } from '../core/account.ts';
import type { Market } from '../core/market.ts';
import { refusals, type Outcome } from '../core/refusals.ts';
import type { Venue } from '../venue.ts';
import { readSymbol } from './order-request.ts';
import { Refused, type Parameters } from './parameters.ts';

/** Who asks. */
export interface Caller {
  readonly account: Account;
  readonly key: ApiKey;
}

interface RouteBase {
  /** Request weight, which counts against the address's limit per minute. */
  readonly weight: number;
}

/**
 * One method of the API. A handler is synchronous: it reads the parameters, acts, and renders its answer
 * before anything else can change what it saw. It throws `Refused` for an error the client should see.
 */
export type Route = RouteBase &
  (
    | { readonly security: 'public'; readonly answer: (venue: Venue, parameters: Parameters) => unknown }
    | {
        readonly security: 'signed';
        readonly permission: keyof KeyPermissions;
        readonly answer: (venue: Venue, parameters: Parameters, caller: Caller) => unknown;
      }
  );

/** Routes by `METHOD /path`. */
export type Routes = Readonly<Record<string, Route>>;

/** The market that a request names and must name. */
export function requestedMarket(venue: Venue, parameters: Parameters): Market {
  return marketNamed(venue, readSymbol(parameters));
}

export function marketNamed(venue: Venue, symbol: string): Market {
  const market = venue.state.markets.get(symbol);
  if (market === undefined) throw new Refused(refusals.badSymbol);
  return market;
}

/** The value of an outcome, or its refusal as the answer. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Refused(outcome.refusal);
  return outcome.value;
}

/** Counts new orders against the account's limits, or refuses them. */
export function admitOrders(venue: Venue, account: number, count: number): void {
  const refusal = venue.limiter.checkOrders(account, count, venue.now());
  if (refusal !== null) throw new Refused(refusal);
  venue.limiter.countOrders(account, count, venue.now());
}
