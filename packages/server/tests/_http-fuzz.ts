/** Requests made of the route table and of garbage, from a seed: what comes back must be an answer or a problem. */
import assert from 'node:assert/strict';
import { type Route, problem, routes } from '@counterfoil/api';

const table: readonly Route[] = Object.values(routes);

/** Marsaglia's xorshift32. */
function dice(seed: number): (sides: number) => number {
  let state = seed | 0 || 1;
  return (sides) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % sides;
  };
}

const texts = [
  '',
  'a',
  '-1',
  '0.1',
  '1e9',
  '../..',
  '\u0000',
  'a\r\nset-cookie: x=1',
  '__proto__',
  '\ud800',
  '９',
  `${'x'.repeat(500)}`,
];

function garbage(roll: (sides: number) => number, depth = 0): unknown {
  switch (roll(depth > 5 ? 6 : 9)) {
    case 0:
      return null;
    case 1:
      return roll(2) === 0;
    case 2:
      return [0, -1, 1.5, 1e308, 2 ** 53, Number.MIN_VALUE][roll(6)];
    case 3:
    case 4:
    case 5:
      return texts[roll(texts.length)];
    case 6:
      return Array.from({ length: roll(4) }, () => garbage(roll, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: roll(5) }, () => [keys[roll(keys.length)] ?? 'x', garbage(roll, depth + 1)]),
      );
  }
}

const keys = [
  'name',
  'plan',
  'kind',
  'options',
  'connection',
  'label',
  'body',
  'scope',
  'depth',
  'mandate',
  'url',
  'role',
  '__proto__',
  'constructor',
  'markets',
  'toString',
];

/** `count` requests with these headers; throws at the first answer that breaks the contract. */
export async function fuzz(
  url: string,
  headers: Readonly<Record<string, string>>,
  count: number,
  seed: number,
): Promise<ReadonlyMap<number, number>> {
  const roll = dice(seed);
  const statuses = new Map<number, number>();
  const one = async (): Promise<void> => {
    const route = table[roll(table.length)];
    if (route === undefined || route.path.endsWith('/sign-out')) return;
    const path = route.path.replace(
      /:[a-zA-Z]+/g,
      () => encodeURIComponent(safe(texts[roll(texts.length)] ?? '')) || 'x',
    );
    const query =
      roll(3) === 0
        ? `?${keys[roll(keys.length)]}=${encodeURIComponent(safe(texts[roll(texts.length)] ?? ''))}`
        : '';
    const body = roll(20) === 0 ? '{"cut":' : JSON.stringify(garbage(roll));
    const hasBody = route.method !== 'GET' && roll(4) !== 0;
    const answer = await fetch(url + path + query, {
      method: route.method,
      headers: {
        ...headers,
        ...(hasBody ? { 'content-type': roll(30) === 0 ? 'text/plain' : 'application/json' } : {}),
        ...(roll(2) === 0 ? { 'idempotency-key': `fuzz-${roll(1_000)}-key` } : {}),
      },
      redirect: 'manual',
      ...(hasBody ? { body } : {}),
    });
    const text = await answer.text();
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    const what = `${route.method} ${path}${query} ${hasBody ? body.slice(0, 300) : ''} → ${answer.status} ${text.slice(0, 300)}`;
    assert.ok(answer.status < 500 || answer.status === 503, what);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', what);
    if (answer.status >= 400) assert.ok(problem.safeParse(JSON.parse(text)).success, what);
    else if (route.answer !== null) assert.ok(route.answer.safeParse(JSON.parse(text)).success, what);
  };
  const each = async (): Promise<void> => {
    for (let n = 0; n < count / LANES; n++) await one();
  };
  await Promise.all(Array.from({ length: LANES }, each));
  return statuses;
}

const LANES = 8;

/** A lone surrogate cannot be part of a URL at all. */
function safe(text: string): string {
  return text.replace(/[\ud800-\udfff]/g, '');
}
