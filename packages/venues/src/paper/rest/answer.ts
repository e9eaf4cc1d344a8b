import type { ApiKey, KeyPermissions } from '../core/api-key.ts';
import { refusals, type Refusal } from '../core/refusals.ts';
import type { Venue } from '../venue.ts';
import { accountRoutes } from './account-routes.ts';
import { admitKey, checkSignature, checkTimestamp } from './authenticate.ts';
import { listRoutes } from './list-routes.ts';
import { marketRoutes } from './market-routes.ts';
import { Parameters, Refused } from './parameters.ts';
import { refusalBody, type Json } from './render.ts';
import type { Caller, Route, Routes } from './route.ts';
import { tradeRoutes } from './trade-routes.ts';

/** A request as it came over TLS, before anything in it is believed. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  /** Raw, without the question mark. */
  readonly query: string;
  readonly body: string;
  readonly apiKey: string | undefined;
  readonly ip: string;
}

export interface RestAnswer {
  readonly status: number;
  readonly body: string;
  /** Unfilled orders of the account, after a request that may have placed some. */
  readonly orderCounts?: { readonly tenSeconds: number; readonly day: number };
}

const ROUTES: Routes = { ...marketRoutes, ...tradeRoutes, ...listRoutes, ...accountRoutes };

/** A route by `METHOD /path`. */
export function routeNamed(name: string): Route | undefined {
  return Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined;
}

/** Life of a request: who asks, is it really them, what do they want; every refusal in the exchange's words. */
export function answerRequest(venue: Venue, route: Route, request: RestRequest): RestAnswer {
  try {
    const parameters = Parameters.fromForm(request.query, request.body);
    const caller =
      route.security === 'public'
        ? null
        : authenticate(venue, route.permission, request.apiKey, request.ip, (key) => {
            checkSignature(key, signedPayload(request), parameters.text('signature'));
            checkTimestamp(parameters, venue.now());
          });
    const body = JSON.stringify(callRoute(venue, route, parameters, caller));
    if (caller === null || request.method !== 'POST') return { status: 200, body };
    return { status: 200, body, orderCounts: venue.limiter.orderCounts(caller.account.id, venue.now()) };
  } catch (error) {
    if (error instanceof Refused) return refusalAnswer(error.refusal, error.data);
    throw error;
  }
}

/** Runs a route for a caller who has been checked; the WebSocket API and REST meet here. */
export function callRoute(
  venue: Venue,
  route: Route,
  parameters: Parameters,
  caller: Caller | null,
): unknown {
  if (route.security === 'public') {
    const value = route.answer(venue, parameters);
    parameters.finish();
    return value;
  }
  if (caller === null) throw new Refused(refusals.rejectedKey);
  const value = route.answer(venue, parameters, caller);
  parameters.finish();
  return value;
}

export function refusalAnswer(refusal: Refusal, data: Json | null = null): RestAnswer {
  const body = data === null ? refusalBody(refusal) : { ...refusalBody(refusal), data };
  return { status: refusal.status, body: JSON.stringify(body) };
}

/** The account and key behind an API key that may do this from there, once `prove` has not refused. */
export function authenticate(
  venue: Venue,
  permission: keyof KeyPermissions,
  apiKey: string | undefined,
  ip: string,
  prove: (key: ApiKey) => void,
): Caller {
  const key = admitKey(venue.state.keys, apiKey, ip, permission);
  prove(key);
  const account = venue.state.accounts.get(key.account);
  if (account === undefined) throw new Refused(refusals.rejectedKey);
  return { account, key };
}

/** Query and body as sent, joined without a separator, less the signature itself. */
function signedPayload(request: RestRequest): string {
  return withoutSignature(request.query) + withoutSignature(request.body);
}

function withoutSignature(text: string): string {
  return text
    .split('&')
    .filter((part) => !part.startsWith('signature='))
    .join('&');
}
