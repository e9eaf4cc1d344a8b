/** What leaves the gate is what plain ccxt would send with the raw secret, to the byte. */
import assert from 'node:assert/strict';
import { type KeyObject, createPrivateKey, createSecretKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type VenueId, venueId } from '@counterfoil/vocabulary';
import type { BuildMethod } from '@counterfoil/vocabulary/protocol';
import { manifestOf } from '../src/gate/manifests/index.ts';
import { planRequest } from '../src/gate/request-plan.ts';
import { keyTypeOf, signBytes, signRequest, signatureBytes, spelled } from '../src/gate/signer.ts';
import { checkWire } from '../src/gate/wire-check.ts';
import { type Builder, askableBuilder } from './_builder.ts';
import { requestsOf } from './_requests.ts';

const ccxt = join(import.meta.dirname, '../../../node_modules/ccxt');
const API_KEY = 'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A';

/** What of plain ccxt is used: its own request functions, with the sending replaced. */
interface Plain {
  nonce: () => number;
  fetch: (url: string, method: string, headers: Record<string, string>, body?: string) => Promise<unknown>;
  request(path: string, api: string, method: string, parameters: Record<string, string>): Promise<unknown>;
}

async function plainCcxt(name: 'binance' | 'kraken', secret: string): Promise<Plain> {
  const module = (await import(join(ccxt, `js/src/${name}.js`))) as {
    default: new (config: object) => Plain;
  };
  return new module.default({ apiKey: API_KEY, secret, enableRateLimit: false });
}

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What plain ccxt sends for the parameters of a request. */
async function sentByCcxt(
  plain: Plain,
  nonce: number,
  request: Sent,
  parameters: ReadonlyMap<string, string>,
): Promise<Sent> {
  plain.nonce = () => nonce;
  let sent: Sent | null = null;
  plain.fetch = (url, method, headers, body) => {
    sent = { url, method, headers: { ...headers }, body: body ?? '' };
    return Promise.resolve({});
  };
  const { pathname } = new URL(request.url);
  const [, api = '', path = ''] = /^\/(api\/v3|sapi\/v1|0\/private)\/(.+)$/u.exec(pathname) ?? [];
  await plain.request(
    path,
    api === 'sapi/v1' ? 'sapi' : 'private',
    request.method,
    Object.fromEntries([...parameters].filter(([name]) => name !== 'nonce' && name !== 'timestamp')),
  );
  assert.ok(sent !== null);
  return sent;
}

/** What the gate sends. */
async function sentByGate(
  builder: Builder,
  venue: VenueId,
  secret: KeyObject,
  method: BuildMethod,
  nonce: number,
): Promise<{ readonly sent: Sent; readonly parameters: ReadonlyMap<string, string> }> {
  const manifest = manifestOf(venue);
  assert.ok(manifest !== undefined && manifest.host !== null);
  const plan = planRequest(manifest, method, nonce);
  const origin = `https://${manifest.host}`;
  const signature = new Uint8Array(signatureBytes(manifest, secret)).fill(0xa5);
  const keyType = keyTypeOf(secret);
  const apiKey = 'k'.repeat(64);
  const { validMs } = manifest;
  const answer = await builder.call((id) => ({
    kind: 'build',
    id,
    venue,
    origin,
    method,
    nonce,
    validMs,
    placeholders: { apiKey, signature },
    keyType,
  }));
  assert.ok(answer.kind === 'built', answer.kind === 'failed' ? answer.sentence : '');
  const checked = checkWire(answer.request, {
    manifest,
    origin,
    plan,
    apiKeyPlaceholder: apiKey,
    signaturePlaceholder: spelled(manifest, keyType, signature),
  });
  const { path, headers, body } = signRequest(manifest, checked, { secret, apiKeyId: Buffer.from(API_KEY) });
  const sent = { url: `${origin}${path}`, method: plan.rule.method, headers, body };
  return { sent, parameters: plan.parameters };
}

interface TestKey {
  readonly name: string;
  readonly text: string;
  readonly secret: KeyObject;
}

function pemKey(name: string, key: KeyObject): TestKey {
  return {
    name,
    text: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    secret: createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' })),
  };
}

const hmac = 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j';
const krakenSecret =
  'kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==';
const krakenKey: TestKey = {
  name: 'hmac',
  text: krakenSecret,
  secret: createSecretKey(Buffer.from(krakenSecret, 'base64')),
};
const binanceKeys: readonly TestKey[] = [
  { name: 'hmac', text: hmac, secret: createSecretKey(Buffer.from(hmac)) },
  pemKey('ed25519', generateKeyPairSync('ed25519').privateKey),
  pemKey('rsa 2048', generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey),
  pemKey('rsa 4096', generateKeyPairSync('rsa', { modulusLength: 4_096 }).privateKey),
];

/** Names of the requests in which gate and ccxt differ. */
async function differences(t: TestContext, name: 'binance' | 'kraken', key: TestKey): Promise<string[]> {
  const builder = await askableBuilder(t);
  const plain = await plainCcxt(name, key.text);
  const different: string[] = [];
  for (const [i, method] of requestsOf(name).entries()) {
    const nonce = name === 'kraken' ? 1_767_225_600_000_000 + i : 1_767_225_600_000 + i;
    const { sent, parameters } = await sentByGate(builder, venueId.parse(name), key.secret, method, nonce);
    const theirs = await sentByCcxt(plain, nonce, sent, parameters);
    const bytes = ({ url, method: verb, headers, body }: Sent): string =>
      JSON.stringify([url, verb, Object.entries(headers).toSorted(([a], [b]) => (a < b ? -1 : 1)), body]);
    if (bytes(sent) !== bytes(theirs)) different.push(`${method.kind} ${i}`);
  }
  return different;
}

for (const key of binanceKeys) {
  test(`Binance, ${key.name}: every request is the one that plain ccxt sends with the raw secret`, async (t) => {
    assert.deepEqual(await differences(t, 'binance', key), []);
  });
}

test('Kraken: every request is the one that plain ccxt sends with the raw secret', async (t) => {
  assert.deepEqual(await differences(t, 'kraken', krakenKey), []);
});

test('the comparison sees another secret in every request', async (t) => {
  const [first] = binanceKeys;
  assert.ok(first !== undefined);
  const other = { ...first, secret: createSecretKey(Buffer.from(`${hmac.slice(1)}x`)) };
  assert.equal((await differences(t, 'binance', other)).length, requestsOf('binance').length);
});

test('the signature examples of Binance’s and Kraken’s documentation hold', () => {
  const [first] = binanceKeys;
  assert.ok(first !== undefined);
  const text =
    'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559';
  assert.equal(
    signBytes(first.secret, 'sha256', Buffer.from(text)).toString('hex'),
    'c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71',
  );
  const kraken = manifestOf('kraken');
  assert.ok(kraken !== undefined);
  const rule = kraken.methods.orderCreate;
  assert.ok(rule !== undefined);
  const nonce = 1_616_492_376_594;
  const plan = {
    method: { kind: 'balances' },
    rule,
    nonce,
    parameters: new Map([['nonce', String(nonce)]]),
  } as const;
  const body = `nonce=${nonce}&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25`;
  const signed = signRequest(
    kraken,
    { plan, text: body },
    { secret: krakenKey.secret, apiKeyId: Buffer.from('k') },
  );
  assert.equal(
    signed.headers['API-Sign'],
    '4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==',
  );
});

/** The places in ccxt where it signs, as this version has them: what the builder's build replaces rests on them. */
const seams = [
  ['binance', "import { rsa } from './base/functions/rsa.js';"],
  ['binance', "import { eddsa } from './base/functions/crypto.js';"],
  ['base/Exchange', 'hmac'],
] as const;

test('ccxt signs through the functions that the build replaces, and is the version that was looked at', () => {
  for (const [file, seam] of seams)
    assert.ok(readFileSync(join(ccxt, `js/src/${file}.js`), 'utf8').includes(seam), `${file}: ${seam}`);
  const { version } = JSON.parse(readFileSync(join(ccxt, 'package.json'), 'utf8')) as { version: string };
  assert.equal(version, '4.5.84');
});
