/** How a row of the route table is answered: authorize, read by its schemas, act, check what leaves. */
import { type FieldError, type Route, type RouteName, allows, routes } from '@counterfoil/api';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { Caller } from './caller.ts';
import type { Handlers } from './handlers.ts';
import { type StoredAnswer, idempotencyKey, once, requestHash } from './idempotency.ts';
import { HttpProblem } from './problem.ts';

/** As much of a request as an answer depends on. */
export interface Asked {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly url: string;
  readonly idempotencyKey: string | string[] | undefined;
  readonly agent: string;
  readonly setCookie: (value: string | null) => void;
}

export async function answerRoute(
  database: Kysely<Tables>,
  handlers: Handlers,
  name: RouteName,
  caller: Caller,
  asked: Asked,
): Promise<StoredAnswer> {
  const route: Route = routes[name];
  authorize(route, caller);
  const call = {
    params: read(route.params, asked.params, ''),
    query: read(route.query, asked.query, '?'),
    body: route.body === null ? undefined : read(route.body, asked.body, ''),
    caller,
    agent: asked.agent,
    setCookie: asked.setCookie,
  };
  // The handler of a name takes what that name's row parses; the table's types are lost in the loop over it.
  const handle = handlers[name] as (call: unknown) => Promise<unknown>;
  const act = async (): Promise<StoredAnswer> => {
    const answer = await handle(call);
    return { status: route.status, body: route.answer === null ? '' : encode(route.answer, answer, name) };
  };
  if (!route.idempotent || caller.owner === null) return act();
  return once(
    database,
    {
      owner: caller.owner,
      key: idempotencyKey(asked.idempotencyKey),
      hash: requestHash(route.method, asked.url, asked.body),
    },
    act,
  );
}

/** Refuses who may not. Routes of an account need a person: programs and the demo have none. */
function authorize({ access }: Route, caller: Caller): void {
  if (access === 'public') return;
  if (caller.owner === null || caller.role === null)
    throw new HttpProblem(
      'not-signed-in',
      'Nobody is signed in; nothing was done. Sign in, or sign the request.',
    );
  if (access === 'account') {
    if (caller.account !== null) return;
    throw new HttpProblem(
      'not-allowed',
      'This belongs to an account, and the caller has none; nothing was done.',
    );
  }
  if (allows(caller.role, access)) return;
  throw new HttpProblem(
    'not-allowed',
    `This needs the role ${access}, and yours is ${caller.role}; nothing was done.`,
  );
}

function read(schema: Route['params'], given: unknown, prefix: string): unknown {
  const parsed = schema.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, ERRORS_MAX).map((issue): FieldError => ({
    path: prefix === '?' ? `?${issue.path.join('.')}` : `/${issue.path.join('/')}`.slice(0, PATH_MAX),
    message: issue.message.slice(0, MESSAGE_MAX),
    limit: null,
  }));
  const where = errors.map((error) => error.path).join(', ');
  throw new HttpProblem(
    'bad-form',
    `The request is not of the form that this route takes (${where}); nothing was done.`,
    {
      errors,
    },
  );
}

/** An error answer stays small whatever was sent. */
const ERRORS_MAX = 10;
const PATH_MAX = 200;
const MESSAGE_MAX = 300;

/** What is not declared does not leave: strict schemas refuse it here, and the request ends as a fault. */
function encode(schema: Route['params'], value: unknown, name: string): string {
  const parsed = schema.safeParse(value);
  if (parsed.success) return JSON.stringify(parsed.data);
  const fields = parsed.error.issues.map((issue) => `${issue.code} at /${issue.path.join('/')}`).join(', ');
  throw new Error(`the answer of ${name} is not what its row declares: ${fields}`);
}
