/** The contract as an OpenAPI 3.1 document, made from the route table; schemas with a name become components. */
import { z } from 'zod';
import { commonProblems, type Route } from './route.ts';
import { EVENTS_PATH, routes } from './routes/index.ts';
import { streamEvent } from './schemas/event.ts';
import { type ProblemCode, problem, problems } from './schemas/problem.ts';

/** JSON as the document is made of it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type JsonObject = { readonly [key: string]: Json };

export function openApi(version: string): JsonObject {
  const table: readonly (readonly [string, Route])[] = Object.entries(routes);
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, route] of table) {
    const path = route.path.replace(/:([a-zA-Z]+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(name, route);
  }
  paths[EVENTS_PATH] = { get: eventsOperation() };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Counterfoil',
      version,
      description:
        'Money is decimal text, time is RFC 3339 in UTC. Errors are problem details with a code. ' +
        'Programs sign their requests with HTTP Message Signatures (RFC 9421), Ed25519.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: components(),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'counterfoil' },
        token: {
          type: 'apiKey',
          in: 'header',
          name: 'Signature',
          description: 'RFC 9421 with the key of an API token; see the notes on signing.',
        },
      },
    },
  };
}

function operation(name: string, route: Route): JsonObject {
  const codes = [...commonProblems, ...route.problems];
  if (route.idempotent) codes.push('idempotency-key-needed', 'idempotency-conflict', 'idempotency-under-way');
  return {
    operationId: name,
    tags: [route.group],
    summary: route.summary,
    description: `Needs: ${route.access}.`,
    'x-access': route.access,
    ...(route.access === 'public' ? {} : { security: [{ session: [] }, { token: [] }] }),
    parameters: [
      ...parametersOf('path', route.params),
      ...parametersOf('query', route.query),
      ...(route.idempotent ? [idempotencyHeader] : []),
    ],
    ...(route.body === null
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
          },
        }),
    responses: {
      [route.status]:
        route.answer === null
          ? { description: 'Done' }
          : {
              description: 'Done',
              content: { 'application/json': { schema: schemaOf(route.answer, 'output') } },
            },
      ...problemAnswers(codes),
    },
  };
}

const idempotencyHeader: JsonObject = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,64}$' },
};

function eventsOperation(): JsonObject {
  return {
    operationId: 'events',
    tags: ['events'],
    summary: 'What happens, as server-sent events; `Last-Event-ID` goes on where a client was',
    description: 'Needs: viewer.',
    'x-access': 'viewer',
    security: [{ session: [] }, { token: [] }],
    parameters: [{ name: 'Last-Event-ID', in: 'header', required: false, schema: { type: 'string' } }],
    responses: {
      200: {
        description: 'One JSON text per event',
        content: { 'text/event-stream': { schema: schemaOf(streamEvent, 'output') } },
      },
      ...problemAnswers(commonProblems),
    },
  };
}

/** One answer per status, naming its codes. */
function problemAnswers(codes: readonly ProblemCode[]): JsonObject {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      status,
      {
        description: list.map((code) => `\`${code}\`: ${problems[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: schemaOf(problem, 'output') } },
      },
    ]),
  );
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType): readonly Json[] {
  const { properties, required } = inlined(schema, 'input') as {
    readonly properties?: JsonObject;
    readonly required?: readonly string[];
  };
  return Object.entries(properties ?? {}).map(([name, given]) => ({
    name,
    in: place,
    required: place === 'path' || (required ?? []).includes(name),
    schema: given,
  }));
}

type Direction = 'input' | 'output';

const uri = (name: string): string => `#/components/schemas/${name}`;

/** A reference where the schema has a name, itself otherwise; parts with names are references. */
function schemaOf(schema: z.ZodType, io: Direction): Json {
  const name = schema.meta()?.id;
  return typeof name === 'string' ? { $ref: uri(name) } : inlined(schema, io);
}

function inlined(schema: z.ZodType, io: Direction): Json {
  return withoutDialect(z.toJSONSchema(schema, { io, target: 'draft-2020-12' }) as Json);
}

function components(): JsonObject {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { uri, target: 'draft-2020-12' });
  return Object.fromEntries(
    Object.entries(schemas)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, schema]) => [name, withoutDialect(schema as Json)]),
  );
}

const DEFINED_INSIDE = '#/$defs/';

/** The document names the dialect once for all its schemas, and holds what has a name in one place. */
function withoutDialect(given: Json): Json {
  if (Array.isArray(given)) return given.map((item: Json) => withoutDialect(item));
  if (typeof given !== 'object' || given === null) return given;
  const kept = Object.entries(given).filter(([key]) => !DIALECT.has(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' && value.startsWith(DEFINED_INSIDE)
        ? uri(value.slice(DEFINED_INSIDE.length))
        : withoutDialect(value),
    ]),
  );
}

const DIALECT = new Set(['$schema', '$id', '$defs', '~standard']);
