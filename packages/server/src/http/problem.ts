/** Refusals on their way to becoming problem details. */
import { type FieldError, type Problem, type ProblemCode, problems } from '@counterfoil/api';

interface More {
  readonly errors?: readonly FieldError[];
  /** The gate's own code. */
  readonly refusal?: string;
  readonly retryAfterSeconds?: number;
}

/** Thrown by whatever answers a request; the server makes the answer of it. */
export class HttpProblem extends Error {
  readonly code: ProblemCode;
  readonly more: More;

  /** `detail`: what happened, what it means for money, what to do. */
  constructor(code: ProblemCode, detail: string, more: More = {}) {
    super(detail);
    this.code = code;
    this.more = more;
  }

  body(requestId: string): Problem {
    const { status, title } = problems[this.code];
    return {
      type: `/api/docs#problem-${this.code}`,
      title,
      status,
      code: this.code,
      detail: this.message,
      requestId,
      errors: [...(this.more.errors ?? [])],
      refusal: this.more.refusal ?? null,
      retryAfterSeconds: this.more.retryAfterSeconds ?? null,
    };
  }
}

export function notFound(what: string): HttpProblem {
  return new HttpProblem('not-found', `There is no such ${what} in this workspace; nothing was done.`);
}
