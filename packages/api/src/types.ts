/** What each route takes and gives, as types: `ParamsOf<'getBot'>`, `AnswerOf<'listBots'>`. */
import type { z } from 'zod';
import type { RouteName, Routes } from './routes/index.ts';

type InputOf<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined;
type OutputOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

export type ParamsOf<Name extends RouteName> = OutputOf<Routes[Name]['params']>;
export type QueryOf<Name extends RouteName> = OutputOf<Routes[Name]['query']>;
export type BodyOf<Name extends RouteName> = OutputOf<Routes[Name]['body']>;
export type AnswerOf<Name extends RouteName> = OutputOf<Routes[Name]['answer']>;

/** Whether `{}` would do. */
type IsEmpty<T> = Record<never, never> extends T ? true : false;

type Part<Key extends string, Schema> = Schema extends z.ZodType
  ? IsEmpty<InputOf<Schema>> extends true
    ? { readonly [K in Key]?: InputOf<Schema> }
    : { readonly [K in Key]: InputOf<Schema> }
  : Record<never, never>;

/** What a caller hands over: parts that are empty may be left out. */
export type CallOf<Name extends RouteName> = Part<'params', Routes[Name]['params']> &
  Part<'query', Routes[Name]['query']> &
  Part<'body', Routes[Name]['body']> & {
    /** Makes a write safe to send again: the same key gets the stored answer. Required where the route says so. */
    readonly idempotencyKey?: string;
    readonly signal?: AbortSignal;
  };
