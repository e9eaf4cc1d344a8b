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
}

const ROUTES: Routes = { ...marketRoutes, ...tradeRoutes, ...listRoutes, ...accountRoutes };

export function findRoute(request: RestRequest): Route | undefined {
  const name = `${request.method} ${request.path}`;
  return Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined;
}

/** Life of a request: who asks, is it really them, what do they want; every refusal in the exchange's words. */
export function answerRequest(venue: Venue, route: Route, request: RestRequest): RestAnswer {
  try {
    const parameters = Parameters.fromForm(request.query, request.body);
    const value =
      route.security === 'public'
        ? route.answer(venue, parameters)
        : route.answer(venue, parameters, authenticate(venue, route, request, parameters));
    parameters.finish();
    return { status: 200, body: JSON.stringify(value) };
  } catch (error) {
    if (error instanceof Refused) return refusalAnswer(error.refusal, error.data);
    throw error;
  }
}

export function refusalAnswer(refusal: Refusal, data: Json | null = null): RestAnswer {
  const body = data === null ? refusalBody(refusal) : { ...refusalBody(refusal), data };
  return { status: refusal.status, body: JSON.stringify(body) };
}

function authenticate(
  venue: Venue,
  route: Extract<Route, { security: 'signed' }>,
  request: RestRequest,
  parameters: Parameters,
): Caller {
  const key = admitKey(venue.state.keys, request.apiKey, request.ip, route.permission);
  const signature = parameters.text('signature');
  checkSignature(key, signedPayload(request), signature);
  checkTimestamp(parameters, venue.now());
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
