/** What an error answer says: RFC 9457 problem details with a code of a closed union. */
import { z } from 'zod';

/**
 * Every code with its HTTP status and title. `detail` of the answer says what happened, what it means for money and
 * what to do.
 */
export const problems = {
  'bad-form': { status: 400, title: 'The request is not understood' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'bad-signature': { status: 401, title: 'The request signature does not hold' },
  'not-allowed': { status: 403, title: 'Your role does not allow this' },
  'cross-origin': { status: 403, title: 'Requests from other sites are refused' },
  'passkey-needed': { status: 403, title: 'This needs a passkey' },
  'no-such-route': { status: 404, title: 'There is no such route' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'wrong-method': { status: 405, title: 'The route does not take this method' },
  conflict: { status: 409, title: 'The state does not allow this' },
  'idempotency-conflict': { status: 409, title: 'The idempotency key was used for something else' },
  'idempotency-under-way': { status: 409, title: 'The first request with this key is still under way' },
  'too-large': { status: 413, title: 'The request is too large' },
  'wrong-type': { status: 415, title: 'The body is not JSON' },
  'wrong-host': { status: 421, title: 'This server does not answer under that name' },
  impossible: { status: 422, title: 'This cannot work' },
  refused: { status: 422, title: 'The vault or the venue refused' },
  frozen: { status: 423, title: 'Frozen' },
  'idempotency-key-needed': { status: 428, title: 'An idempotency key is needed' },
  'too-many': { status: 429, title: 'Too many requests' },
  fault: { status: 500, title: 'The server failed' },
  'database-away': { status: 503, title: 'The database did not answer in time' },
  'vault-away': { status: 503, title: 'The vault is not attached' },
  busy: { status: 503, title: 'The server is busy' },
} as const;

export type ProblemCode = keyof typeof problems;

export const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]];

export const fieldError = z
  .strictObject({
    /** JSON pointer into the body, or `?name` of a query parameter. */
    path: z.string(),
    message: z.string(),
    /** What the field may be at most or least, where there is such a limit. */
    limit: z.string().nullable(),
  })
  .meta({ id: 'FieldError' });

export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(problemCodes),
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(fieldError),
    /** The gate's own code where the vault refused. */
    refusal: z.string().nullable(),
    /** When to ask again, where that helps. */
    retryAfterSeconds: z.int().nullable(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problem>;
export type FieldError = z.infer<typeof fieldError>;
