import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { WireRequest } from '@counterfoil/vocabulary/protocol';
import { type Expected, checkWire } from '../src/gate/wire-check.ts';
import { type Honest, honestRequests, tryMutations } from './_hostile-builder.ts';

test('of thousands of changed requests none is sent that says something else than was asked', async (t) => {
  const { tried, refused, unexplained } = await tryMutations(t, 6_000, 5);
  assert.deepEqual(unexplained, []);
  // Most changes change something; a changed order of the parameters does not.
  assert.ok(refused > tried * 0.95, `${refused} of ${tried} were refused`);
});

type Check = (request: WireRequest, expected: Expected) => unknown;

const source = join(import.meta.dirname, '../src/gate/wire-check.ts');

/** The wire check with one guard taken out. It imports types alone, so a copy runs from its text. */
async function without(guard: string): Promise<Check> {
  const text = readFileSync(source, 'utf8');
  assert.equal(text.split(guard).length, 2, `one place says ${guard}`);
  const code = stripTypeScriptTypes(text.replace(guard, ';'));
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { checkWire: Check };
  return module.checkWire;
}

interface Attack {
  readonly what: string;
  readonly guard: string;
  readonly on: 'orderCreate' | 'orderGet';
  readonly change: (request: WireRequest, expected: Expected) => WireRequest;
}

const body = (change: (text: string) => string) => (request: WireRequest) => ({
  ...request,
  body: change(request.body),
});

const attacks: readonly Attack[] = [
  {
    what: 'a question turned into a cancel',
    guard: "if (request.method !== rule.method) refuse('the HTTP method is another one');",
    on: 'orderGet',
    change: (request) => ({ ...request, method: 'DELETE' }),
  },
  {
    what: 'an order sent to the withdrawal path',
    guard: "if (request.url !== address) refuse('the address is another one');",
    on: 'orderCreate',
    change: (request) => ({
      ...request,
      url: request.url.replace('/api/v3/order', '/sapi/v1/capital/withdraw/apply'),
    }),
  },
  {
    what: 'a body under a question',
    guard: "if (request.body !== '') refuse('a body where none belongs');",
    on: 'orderGet',
    change: (request) => ({ ...request, body: 'quantity=9' }),
  },
  {
    what: 'a question to another host',
    guard: "if (!request.url.startsWith(`${address}?`)) refuse('the address is another one');",
    on: 'orderGet',
    change: (request) => ({ ...request, url: request.url.replace('/api/v3/order?', '/api/v3/ordel?') }),
  },
  {
    what: 'a signature that is not the last parameter',
    guard: "if (!parameters.endsWith(tail)) refuse('the signature is not in its place');",
    on: 'orderCreate',
    change: (request, { signaturePlaceholder }) =>
      body((text) =>
        text.replace(`&signature=${signaturePlaceholder}`, `&signaturf=${signaturePlaceholder}`),
      )(request),
  },
  {
    what: 'a header with a third part',
    guard:
      "if (name === undefined || value === undefined || rest.length > 0) refuse('a header is not a pair');",
    on: 'orderCreate',
    change: (request) => ({
      ...request,
      headers: request.headers.map((header, i) => (i === 0 ? [...header, 'x'] : header)),
    }),
  },
  {
    what: 'a header that smuggles a line',
    guard: "if (wanted.get(name) !== value) refuse('a header that the manifest does not name, or twice');",
    on: 'orderCreate',
    change: (request) => ({ ...request, headers: [...request.headers, ['X-A', '1\r\nX-B: 2']] }),
  },
  {
    what: 'a request without its key',
    guard: "if (wanted.size > 0) refuse('a header is missing');",
    on: 'orderCreate',
    change: (request) => ({
      ...request,
      headers: request.headers.filter(([name]) => name !== 'X-MBX-APIKEY'),
    }),
  },
  {
    what: 'a quantity given twice',
    guard: "if (value === undefined) refuse('a parameter that nothing explains, or twice');",
    on: 'orderCreate',
    // Without the guard an unknown name is compared with the text of nothing.
    change: body((text) => text.replace('quantity=0.00123', 'quantity=0.00123&quantity=undefined')),
  },
  {
    what: 'another quantity',
    guard:
      'if (pair.slice(equals + 1) !== encodeURIComponent(value))\n      refuse(`parameter ${name} is not what was asked`);',
    on: 'orderCreate',
    change: body((text) => text.replace('quantity=0.00123', 'quantity=9')),
  },
  {
    what: 'a price left out, so that a limit order has none',
    guard: 'for (const name of wanted.keys()) refuse(`parameter ${name} is missing`);',
    on: 'orderCreate',
    change: body((text) => text.replace(/price=[0-9.]+&/u, '')),
  },
];

async function honestOf(t: TestContext, kind: Attack['on']): Promise<Honest> {
  const honest = await honestRequests(t);
  const found = honest.find(
    ({ expected: { plan, manifest } }) => manifest.paper && plan.method.kind === kind,
  );
  assert.ok(found !== undefined);
  return found;
}

for (const { what, guard, on, change } of attacks) {
  test(`${what} is refused, and taken where its guard is gone`, async (t) => {
    const { request, expected } = await honestOf(t, on);
    const attack = change(request, expected);
    assert.notDeepEqual(attack, request);
    assert.throws(() => checkWire(attack, expected), { name: 'WireCheckError' });
    const weakened = await without(guard);
    assert.doesNotThrow(() => weakened(attack, expected));
  });
}

test('every refusal of the wire check has an attack that only it stops', () => {
  const text = readFileSync(source, 'utf8');
  const refusals = [...text.matchAll(/refuse\([`']/gu)].length;
  // A pair without `=` or name: what it would be is refused as a parameter that nothing explains.
  assert.equal(refusals, attacks.length + 1);
});
