/** One row of the route table: server, client, OpenAPI file and the tests of roles are all made from it. */
import type { z } from 'zod';
import type { ProblemCode } from './schemas/problem.ts';
import type { Role } from './schemas/account.ts';

/** Who may call: anybody, whoever is signed in whatever the role, or a least role in the workspace. */
export type Access = 'public' | 'account' | Role;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Route {
  readonly method: Method;
  /** Parameters as `:name`. */
  readonly path: string;
  readonly group: string;
  readonly summary: string;
  readonly access: Access;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  /** Null where the route takes no body. */
  readonly body: z.ZodType | null;
  readonly status: 200 | 201 | 202 | 204;
  /** Null where the answer has no body. */
  readonly answer: z.ZodType | null;
  /**
   * Writes that must not happen twice: `Idempotency-Key` is required, and the same key with the same body gets the
   * stored answer.
   */
  readonly idempotent: boolean;
  /** What can go wrong besides `commonProblems`. */
  readonly problems: readonly ProblemCode[];
}

/** Any route may answer these. */
export const commonProblems: readonly ProblemCode[] = [
  'bad-form',
  'not-signed-in',
  'bad-signature',
  'not-allowed',
  'cross-origin',
  'too-large',
  'too-many',
  'wrong-host',
  'fault',
  'database-away',
  'busy',
];

/** Whether `role` may do what needs `access`. */
export function allows(role: Role, access: Role): boolean {
  return RANK[role] >= RANK[access];
}

const RANK: Readonly<Record<Role, number>> = { viewer: 1, trader: 2, owner: 3 };
