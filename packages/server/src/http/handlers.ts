/** What answers a route: one function per name of the route table. */
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, RouteName, Routes } from '@counterfoil/api';
import type { Caller, Member } from './caller.ts';

/** What a handler is given: parsed by the row's schemas. */
export interface Call<Name extends RouteName> {
  readonly params: ParamsOf<Name>;
  readonly query: QueryOf<Name>;
  readonly body: BodyOf<Name>;
  /** Routes without a role may be called by anybody; all others by members alone. */
  readonly caller: Routes[Name]['access'] extends 'public' ? Caller : Member;
  /** The request's headers that handlers of sessions need. */
  readonly agent: string;
  /** Sets or ends the session cookie. */
  readonly setCookie: (value: string | null) => void;
}

export type Handler<Name extends RouteName> = (call: Call<Name>) => Promise<AnswerOf<Name>>;

export type Handlers = { readonly [Name in RouteName]: Handler<Name> };
