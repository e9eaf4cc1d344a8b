/**
 * The API as the page calls it. Types come from the contract; its schemas stay on the server, which checks both
 * directions, so that the page need not carry them.
 */
import type { AnswerOf, CallOf, Problem, ProblemCode, RouteName } from '@counterfoil/api';
import { routeTable } from './route-table.ts';

/** The server's own no, or `unreachable` where no answer came: then nobody knows whether a write arrived. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
  readonly code: ProblemCode | 'unreachable';
  readonly problem: Problem | null;

  constructor(problem: Problem | null) {
    super(problem?.detail ?? 'no answer');
    this.problem = problem;
    this.code = problem?.code ?? 'unreachable';
  }
}

interface AnyCall {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** What a route needs besides what the page adds by itself. */
export type Call<Name extends RouteName> = CallOf<Name>;

let notSignedIn = (): void => {};

/** Called whenever the server says that it knows nobody here: a session may end while its pages are open. */
export function onNotSignedIn(act: () => void): void {
  notSignedIn = act;
}

export async function ask<Name extends RouteName>(name: Name, call: Call<Name>): Promise<AnswerOf<Name>> {
  const { method, path } = routeTable[name];
  const { params = {}, query = {}, body, idempotencyKey, signal } = call as AnyCall;
  const filled = path.replace(/:([a-zA-Z]+)/gu, (_, part: string) =>
    encodeURIComponent(String(params[part])),
  );
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
  const answer = await fetch(search.size === 0 ? filled : `${filled}?${search}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause;
    throw new Trouble(null);
  });
  if (answer.status === 204) return undefined as AnswerOf<Name>;
  const given: unknown = await answer.json().catch(() => {
    throw new Trouble(null);
  });
  if (answer.ok) return given as AnswerOf<Name>;
  const trouble = new Trouble(problemIn(given));
  // Who is here is asked for by `getSession`, which everybody may ask.
  if (trouble.code === 'not-signed-in' && name !== 'getSession') notSignedIn();
  throw trouble;
}

/** Something between us and the server answered in its own words: then the server is as good as away. */
function problemIn(body: unknown): Problem | null {
  const parsed = body as Partial<Problem> | null;
  return typeof parsed?.code === 'string' && typeof parsed.detail === 'string' ? (parsed as Problem) : null;
}
