/** Makers of rows: what a row leaves out is the plain case. */
import type { z } from 'zod';
import type { Access, Method, Route } from '../route.ts';
import type { ProblemCode } from '../schemas/problem.ts';
import { nothing } from '../schemas/values.ts';

type None = typeof nothing;

interface Row<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType | null,
  Answer extends z.ZodType | null,
> {
  readonly summary: string;
  readonly access: Access;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly answer?: Answer;
  readonly status?: Route['status'];
  readonly idempotent?: boolean;
  readonly problems?: readonly ProblemCode[];
}

/** A row of `group`: `row('GET', '/bots', { … })`. */
export function routesOf(group: string) {
  return function row<
    Params extends z.ZodType = None,
    Query extends z.ZodType = None,
    Body extends z.ZodType | null = null,
    Answer extends z.ZodType | null = null,
  >(method: Method, path: string, given: Row<Params, Query, Body, Answer>) {
    return {
      method,
      path: `/api/v1${path}`,
      group,
      summary: given.summary,
      access: given.access,
      // A field that was left out has the type of its default, which is what the defaults below are.
      params: (given.params ?? nothing) as Params,
      query: (given.query ?? nothing) as Query,
      body: (given.body ?? null) as Body,
      answer: (given.answer ?? null) as Answer,
      status: given.status ?? (given.answer === undefined ? 204 : 200),
      idempotent: given.idempotent ?? false,
      problems: given.problems ?? [],
    } as const;
  };
}
