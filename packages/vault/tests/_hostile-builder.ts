/** A builder that is not honest: what it was asked for, changed in every way that we can think of. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { venueId } from '@counterfoil/vocabulary';
import type { KeyType, WireRequest } from '@counterfoil/vocabulary/protocol';
import { manifestOf } from '../src/gate/manifests/index.ts';
import { planRequest } from '../src/gate/request-plan.ts';
import { spelled } from '../src/gate/signer.ts';
import { type Expected, WireCheckError, checkWire } from '../src/gate/wire-check.ts';
import { askableBuilder } from './_builder.ts';
import { requestsOf } from './_requests.ts';

/** An honest request, and what the gate expects. */
export interface Honest {
  readonly request: WireRequest;
  readonly expected: Expected;
}

const venues = ['paper', 'binance', 'kraken'] as const;
const keyTypes: Readonly<Record<(typeof venues)[number], readonly KeyType[]>> = {
  paper: ['ed25519'],
  binance: ['ed25519', 'rsa', 'hmac'],
  kraken: ['hmac'],
};

/** Every request of every venue and kind of key, as the real builder makes it. */
export async function honestRequests(t: TestContext): Promise<readonly Honest[]> {
  const builder = await askableBuilder(t);
  const honest: Honest[] = [];
  for (const name of venues) {
    const manifest = manifestOf(name);
    assert.ok(manifest !== undefined);
    const origin = `https://${manifest.host ?? '127.0.0.1:7341'}`;
    for (const keyType of keyTypes[name]) {
      for (const method of requestsOf(name)) {
        const nonce = 1_767_225_600_000 * (name === 'kraken' ? 1_000 : 1);
        const plan = planRequest(manifest, method, nonce);
        const apiKey = 'feed'.repeat(16);
        const signature = new Uint8Array(
          keyType === 'rsa' ? 256 : keyType === 'hmac' && name !== 'kraken' ? 32 : 64,
        );
        signature.fill(0xfb);
        const answer = await builder.call((id) => ({
          kind: 'build',
          id,
          venue: venueId.parse(name),
          origin,
          method,
          nonce,
          validMs: manifest.validMs,
          placeholders: { apiKey, signature },
          keyType,
        }));
        assert.ok(answer.kind === 'built');
        const expected: Expected = {
          manifest,
          origin,
          plan,
          apiKeyPlaceholder: apiKey,
          signaturePlaceholder: spelled(manifest, keyType, signature),
        };
        honest.push({ request: answer.request, expected });
      }
    }
  }
  return honest;
}

/** The parameters of a request, without its signature: text in, text out. */
function withParameters({ request, expected }: Honest, change: (text: string) => string): WireRequest {
  if (expected.plan.rule.place === 'body') return { ...request, body: change(request.body) };
  const at = request.url.indexOf('?') + 1;
  return { ...request, url: request.url.slice(0, at) + change(request.url.slice(at)) };
}

type Random = (below: number) => number;
type Mutation = (honest: Honest, random: Random, other: Honest) => WireRequest;

const pick = <T>(values: readonly T[], random: Random): T => {
  const value = values[random(values.length)];
  assert.ok(value !== undefined);
  return value;
};

const smuggled = [
  'address=bc1qthief',
  'quantity=9',
  'symbol=SCAMUSDT',
  'side=SELL',
  'withdrawOrderId=1',
  'price=1',
  'volume=9',
  'recvWindow=60000',
  'timestamp=1',
  'nonce=1',
  'newClientOrderId=mine',
  '__proto__=1',
  'constructor=1',
  'sуmbol=BTCUSDT',
  'quantity[]=9',
  'quantity',
  '=9',
  '',
];
const paths = [
  '/sapi/v1/capital/withdraw/apply',
  '/0/private/Withdraw',
  '/api/v3/order/../withdraw',
  '/api/v3/order%2f..',
  '//evil.example',
];
const values = [
  '0',
  '9',
  '1e9',
  '-1',
  '00.00123',
  '0.001230',
  ' BTCUSDT',
  'BTCUSDT\n',
  'ＢTCUSDT',
  'BTCUSDТ',
  '%42TCUSDT',
  'BTC%2FUSDT',
  '+',
  '%',
  '%zz',
];

function cut(text: string): string[] {
  return text.split('&');
}

/** Changes one pair of the parameters. */
const onPair =
  (change: (pair: string, random: Random, honest: Honest) => string): Mutation =>
  (honest, random) =>
    withParameters(honest, (text) => {
      const pairs = cut(text);
      const at = random(pairs.length);
      pairs[at] = change(pairs[at] ?? '', random, honest);
      return pairs.join('&');
    });

const inserted = (text: string, at: number, what: string): string =>
  text.slice(0, at) + what + text.slice(at);

export const mutations: Readonly<Record<string, Mutation>> = {
  'another value': onPair((pair, random) => `${pair.split('=')[0]}=${pick(values, random)}`),
  'another name': onPair(
    (pair, random) => `${pick(['Symbol', 'symbol ', 'newOrderRespType', 'x'], random)}=${pair.split('=')[1]}`,
  ),
  'a pair twice': onPair((pair) => `${pair}&${pair}`),
  'a name twice': onPair((pair, random) => `${pair}&${pair.split('=')[0]}=${pick(values, random)}`),
  'a pair left out': onPair(() => ''),
  'one more pair': onPair((pair, random) => `${pair}&${pick(smuggled, random)}`),
  'one more pair before': onPair((pair, random) => `${pick(smuggled, random)}&${pair}`),
  'another encoding': onPair((pair, random) => {
    const at = pair.indexOf('=') + 1 + random(Math.max(1, pair.length - pair.indexOf('=') - 1));
    const code = (pair.charCodeAt(at) || 48).toString(16).padStart(2, '0');
    return `${pair.slice(0, at)}%${random(2) === 0 ? code : code.toUpperCase()}${pair.slice(at + 1)}`;
  }),
  'the key placeholder as a value': onPair(
    (pair, _random, { expected }) => `${pair.split('=')[0]}=${expected.apiKeyPlaceholder}`,
  ),
  'the signature placeholder as a value': onPair(
    (pair, _random, { expected }) => `${pair.split('=')[0]}=${expected.signaturePlaceholder}`,
  ),
  'a signature in the middle': onPair(
    (pair, _random, { expected }) => `signature=${expected.signaturePlaceholder}&${pair}`,
  ),
  'a separator more': onPair((pair, random) => `${pair}${pick(['&', ';', '?', '#', '&&'], random)}`),
  'a character changed': (honest, random) =>
    withParameters(honest, (text) => {
      const at = random(text.length);
      return text.slice(0, at) + String.fromCharCode(random(128)) + text.slice(at + 1);
    }),
  'a character inserted': (honest, random) =>
    withParameters(honest, (text) =>
      inserted(text, random(text.length + 1), pick(['\r\n', '\0', 'é', ' ', '=', '&', '%00'], random)),
    ),
  'the parameters of another request': (honest, _random, other) => {
    const { request, expected } = other;
    const text =
      expected.plan.rule.place === 'body' ? request.body : request.url.slice(request.url.indexOf('?') + 1);
    return withParameters(honest, () => text);
  },
  'another path': ({ request, expected }, random) => ({
    ...request,
    url: request.url.replace(expected.plan.rule.path, pick(paths, random)),
  }),
  'another host': ({ request }, random) => ({
    ...request,
    url: request.url.replace(
      'https://',
      pick(
        ['https://evil.example/', 'https://evil@', 'http://', 'https://evil.example#', 'HTTPS://'],
        random,
      ),
    ),
  }),
  'a fragment or a port': ({ request }, random) => ({
    ...request,
    url: pick(
      [`${request.url}#x`, request.url.replace('/api', ':444/api'), `${request.url} `, `${request.url}?a=b`],
      random,
    ),
  }),
  'another method': ({ request }, random) => ({
    ...request,
    method: pick(['GET', 'POST', 'DELETE'] as const, random),
  }),
  'parameters in the other place': ({ request, expected }) =>
    expected.plan.rule.place === 'body'
      ? { ...request, url: `${request.url}?${request.body}` }
      : { ...request, body: request.url.slice(request.url.indexOf('?') + 1) },
  'one more header': ({ request }, random) => ({
    ...request,
    headers: [
      ...request.headers,
      pick(
        [
          ['X-Forwarded-For', '1.2.3.4'],
          ['Host', 'evil.example'],
          ['Transfer-Encoding', 'chunked'],
          ['Content-Length', '5'],
          ['X-MBX-APIKEY', 'mine'],
          ['x-mbx-apikey', 'mine'],
          ['Content-Type', 'application/json'],
          ['A\r\nB', 'c'],
          ['', ''],
        ],
        random,
      ),
    ],
  }),
  'a header twice': ({ request }, random) => ({
    ...request,
    headers: [...request.headers, pick(request.headers, random)],
  }),
  'a header less': ({ request }, random) => {
    const at = random(request.headers.length);
    return { ...request, headers: request.headers.filter((_header, i) => i !== at) };
  },
  'a header changed': ({ request }, random) => {
    const at = random(request.headers.length);
    const change = pick<(header: readonly string[]) => readonly string[]>(
      [
        ([name = '', value = '']) => [name, `${value}\r\nX-Evil: 1`],
        ([name = '', value = '']) => [name, `${value} `],
        ([name = '', value = '']) => [name.toLowerCase(), value],
        ([name = '']) => [name],
        ([name = '', value = '']) => [name, value, value],
        ([name = '']) => [name, ''],
      ],
      random,
    );
    return { ...request, headers: request.headers.map((header, i) => (i === at ? change(header) : header)) };
  },
};

/** The same pairs in the same places; their order is the builder's to choose, and says the same. */
function saysTheSame(a: WireRequest, b: WireRequest, place: 'query' | 'body'): boolean {
  const parts = ({ url, body }: WireRequest): readonly [string, readonly string[]] => {
    const at = place === 'query' ? url.indexOf('?') : url.length;
    const text = place === 'query' ? url.slice(at + 1) : body;
    return [url.slice(0, at), cut(text).toSorted((x, y) => (x < y ? -1 : 1))];
  };
  const headers = (request: WireRequest): string =>
    JSON.stringify(request.headers.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)));
  return (
    a.method === b.method &&
    headers(a) === headers(b) &&
    JSON.stringify(parts(a)) === JSON.stringify(parts(b))
  );
}

/** Numbers that are the same in every run. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export interface Verdict {
  readonly tried: number;
  readonly refused: number;
  /** Requests that would be sent and say something else than was asked. */
  readonly unexplained: readonly string[];
}

/** Changes honest requests until `count` are tried, one to three changes each. */
export async function tryMutations(t: TestContext, count: number, seed: number): Promise<Verdict> {
  const honest = await honestRequests(t);
  const random = randomFrom(seed);
  const names = Object.keys(mutations);
  const unexplained: string[] = [];
  let refused = 0;
  for (let i = 0; i < count; i++) {
    const base = pick(honest, random);
    let { request } = base;
    const done: string[] = [];
    for (let n = random(3); n >= 0; n--) {
      const name = pick(names, random);
      done.push(name);
      request = mutations[name]?.({ ...base, request }, random, pick(honest, random)) ?? request;
      if (request.headers.length === 0) break;
    }
    try {
      checkWire(request, base.expected);
      const { plan } = base.expected;
      if (!saysTheSame(request, base.request, plan.rule.place))
        unexplained.push(`${plan.method.kind}: ${done.join(', ')}`);
    } catch (error) {
      assert.ok(error instanceof WireCheckError, String(error));
      refused++;
    }
  }
  return { tried: count, refused, unexplained };
}
