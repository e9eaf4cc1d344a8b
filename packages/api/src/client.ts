/** A typed client over any `fetch`: the dashboard, the command line and the tests use this one. */
import { z } from 'zod';
import { type RouteName, type Routes, routes } from './routes/index.ts';
import { type Problem, problem } from './schemas/problem.ts';
import type { AnswerOf, CallOf } from './types.ts';

/** As much of `fetch` as the client needs. */
export type Fetch = (
  path: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly signal?: AbortSignal;
  },
) => Promise<{ readonly status: number; text(): Promise<string> }>;

/** The server said no, in the words of `problem`. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: Problem;

  constructor(said: Problem) {
    super(said.detail);
    this.problem = said;
  }
}

/** What came back is not what the contract says: another program answers there, or another version. */
export class ApiMismatch extends Error {
  override readonly name = 'ApiMismatch';
}

export type ApiClient = {
  readonly [Name in RouteName]: (
    ...call: Record<never, never> extends CallOf<Name> ? [CallOf<Name>?] : [CallOf<Name>]
  ) => Promise<AnswerOf<Name>>;
};

/** What any call looks like once its types are forgotten. */
interface AnyCall {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** `const api = apiClient((path, init) => fetch(base + path, init)); await api.listBots()`. */
export function apiClient(fetch: Fetch): ApiClient {
  const calls = Object.entries(routes).map(([name, route]) => [
    name,
    (call: AnyCall = {}) => send(fetch, route, call),
  ]);
  // One function per route of the table, whose types are those of `ApiClient` by construction.
  return Object.fromEntries(calls) as ApiClient;
}

async function send(fetch: Fetch, route: Routes[RouteName], call: AnyCall): Promise<unknown> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (call.idempotencyKey !== undefined) headers['idempotency-key'] = call.idempotencyKey;
  const hasBody = route.body !== null;
  if (hasBody) headers['content-type'] = 'application/json';
  const answer = await fetch(pathOf(route.path, call.params ?? {}) + queryOf(call.query ?? {}), {
    method: route.method,
    headers,
    ...(hasBody ? { body: JSON.stringify(call.body) } : {}),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  });
  const text = await answer.text();
  if (answer.status >= 400) throw new ApiProblem(read(problem, text, `HTTP ${answer.status}`));
  return route.answer === null ? undefined : read<unknown>(route.answer, text, `HTTP ${answer.status}`);
}

function read<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiMismatch(`${what} is not JSON; is this Counterfoil?`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ApiMismatch(`${what} is not what this version expects: ${z.prettifyError(parsed.error)}`);
}

/** Fills `:name` parts; what is filled in cannot leave its part. */
export function pathOf(path: string, params: Readonly<Record<string, unknown>>): string {
  return path.replace(/:([a-zA-Z]+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

function queryOf(query: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
