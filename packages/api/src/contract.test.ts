import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import {
  type Json,
  type Route,
  type RouteName,
  allows,
  openApi,
  problems,
  routes,
  sayings,
} from './index.ts';

const table = Object.entries(routes) as [RouteName, Route][];

/** Every object inside a JSON value, with where it is. */
function* objectsIn(value: Json, path = ''): Generator<readonly [string, { readonly [key: string]: Json }]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [path, value as { readonly [key: string]: Json }];
  for (const [key, inner] of Object.entries(value)) yield* objectsIn(inner as Json, `${path}/${key}`);
}

/** Places in a document whose objects take any field. */
function openPlaces(document: Json): string[] {
  return [...objectsIn(document)]
    .filter(([, schema]) => schema['type'] === 'object' && schema['additionalProperties'] !== false)
    .map(([path]) => path);
}

const valuesByCode = Object.fromEntries(
  Object.entries(sayings).map(([code, names]) => [code, names.toSorted()]),
);

/** The values that a document asks of each code. */
function sayingsIn(document: Json): Readonly<Record<string, readonly string[]>> {
  const { components } = document as unknown as {
    readonly components: { readonly schemas: { readonly Saying: { readonly oneOf: readonly Variant[] } } };
  };
  return Object.fromEntries(
    components.schemas.Saying.oneOf.map(({ properties: { code, values } }) => [
      code.const,
      [...(values.required ?? [])].toSorted(),
    ]),
  );
}

interface Variant {
  readonly properties: {
    readonly code: { readonly const: string };
    readonly values: { readonly required?: readonly string[] };
  };
}

describe('the route table', () => {
  test('no two rows share method and path', () => {
    const places = table.map(([, { method, path }]) => `${method} ${path.replace(/:[a-zA-Z]+/g, ':')}`);
    assert.equal(new Set(places).size, places.length);
  });

  test('every name in a path has a schema, and every schema of a path a name', () => {
    for (const [name, { path, params }] of table) {
      const named = [...path.matchAll(/:([a-zA-Z]+)/g)].map(([, part]) => part);
      const { properties = {} } = z.toJSONSchema(params) as { properties?: object };
      assert.deepEqual(named, Object.keys(properties), name);
    }
  });

  test('a route that changes something is not a GET, and a GET takes no body', () => {
    for (const [name, { method, body, idempotent }] of table) {
      if (method === 'GET') assert.ok(body === null && !idempotent, name);
    }
  });

  test('every write that makes an order, a bot or a connection asks for an idempotency key', () => {
    const without = table.filter(([, { method, idempotent }]) => method !== 'GET' && !idempotent);
    assert.deepEqual(
      without.map(([name]) => name).filter((name) => /Order|Bot$|Deal|Smart|Connection$/.test(name)),
      [
        'registerConnection', // the same id again changes nothing
        'checkConnection', // a read at the venue
        'removeConnection', // gone is gone
        'validateBot', // changes nothing
        'previewBot',
        'removeBot', // gone is gone
        'validateSmartTrade',
        'previewSmartTrade',
      ],
    );
  });

  test('an owner may do what a trader may, a trader what a viewer may, and not the other way round', () => {
    const roles = ['viewer', 'trader', 'owner'] as const;
    for (const [n, role] of roles.entries())
      for (const [m, access] of roles.entries()) assert.equal(allows(role, access), n >= m);
  });
});

describe('the OpenAPI document', () => {
  const document = openApi('0.0.0');

  test('every reference leads to a component', () => {
    const names = new Set(Object.keys((document as { components: { schemas: object } }).components.schemas));
    const references = [...objectsIn(document)].flatMap(([, { $ref }]) =>
      typeof $ref === 'string' ? [$ref] : [],
    );
    assert.ok(references.length > 500);
    for (const reference of references) {
      assert.match(reference, /^#\/components\/schemas\//);
      assert.ok(names.has(reference.split('/').at(-1) ?? ''), reference);
    }
  });

  test('no object takes or gives a field that is not declared, besides WebAuthn’s own', () => {
    assert.deepEqual(
      openPlaces(document).map((path) => path.replace('/components/schemas/', '')),
      [
        'CeremonyOptions/properties/options',
        'RegistrationResponse/properties/clientExtensionResults',
        'SignInResponse/properties/clientExtensionResults',
      ],
    );
  });

  test('an object that takes any field is found', () => {
    const loose = z.toJSONSchema(z.object({ a: z.string() }), { io: 'input' }) as Json;
    assert.deepEqual(openPlaces({ planted: loose }), ['/planted']);
  });

  test('every saying is there by its code, with exactly its values', () => {
    assert.deepEqual(sayingsIn(document), valuesByCode);
  });

  test('a saying that lacks a value is found', () => {
    const text = JSON.stringify(document).replace(
      '"required":["deal","step","price","average"]',
      '"required":["deal"]',
    );
    assert.notDeepEqual(sayingsIn(JSON.parse(text) as Json), valuesByCode);
  });

  test('every code of a problem has a status that is an error', () => {
    for (const { status } of Object.values(problems)) assert.ok(status >= 400 && status < 600);
  });
});
