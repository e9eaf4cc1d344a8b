import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPaperExchange, type PaperExchange } from '../src/paper/paper-exchange.ts';
import type { MarketSpec } from '../src/paper/core/market.ts';
import { USUAL_LIMITS, type RequestLimits } from '../src/paper/limits.ts';
import { DEFAULT_MARKET } from '../src/paper/default-market.ts';

/** The default market without background flow: only the test moves it. */
export const STILL_MARKET: MarketSpec = { ...DEFAULT_MARKET, source: 'recorded' };

export interface Running {
  readonly exchange: PaperExchange;
  readonly folder: string;
  stop(): Promise<void>;
}

/** A paper exchange of its own on free ports, in a folder that goes away with it. */
export async function startExchange(
  markets: readonly MarketSpec[] = [STILL_MARKET],
  limits: RequestLimits = USUAL_LIMITS,
  clock: () => number = Date.now,
): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'paper-'));
  const exchange = await startPaperExchange({
    folder,
    port: 0,
    adminPort: 0,
    seed: 1,
    clock,
    flowEveryMs: 0,
    markets: () => Promise.resolve(markets),
    limits,
  });
  const stop = async (): Promise<void> => {
    await exchange.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { exchange, folder, stop };
}

/** An answer's status and JSON body, looked into with `at`. */
export class Reply {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    this.status = status;
    this.body = body;
  }

  /** The value at a path of names and indices; `undefined` where there is none. */
  at(...path: (string | number)[]): unknown {
    let value: unknown = this.body;
    for (const step of path) value = isObject(value) ? value[String(step)] : undefined;
    return value;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

export type Signer = (payload: string) => string;
export type Fields = Readonly<Record<string, string | number>>;

/** Sends REST requests over TLS, verifying the server's certificate against the exchange's own authority. */
export class Client {
  readonly #url: string;
  readonly #agent: Agent;
  readonly #apiKey: string;
  readonly #signer: Signer;

  constructor(exchange: Pick<PaperExchange, 'url' | 'authority'>, apiKey: string, signer: Signer) {
    this.#url = exchange.url;
    this.#agent = new Agent({ ca: exchange.authority, keepAlive: true });
    this.#apiKey = apiKey;
    this.#signer = signer;
  }

  /** A public request. */
  get(path: string, fields: Fields = {}): Promise<Reply> {
    return this.send('GET', `${path}?${form(fields)}`, '');
  }

  /** A signed request; `overrides` replaces any field, the timestamp and the signature too. */
  signed(method: string, path: string, fields: Fields = {}, overrides: Fields = {}): Promise<Reply> {
    const payload = form({ ...fields, timestamp: Date.now(), ...overrides });
    const signature = encodeURIComponent(this.#signer(payload));
    const signedPayload = `${payload}&signature=${signature}`;
    return method === 'POST'
      ? this.send(method, path, signedPayload)
      : this.send(method, `${path}?${signedPayload}`, '');
  }

  /** Rejects when the connection ends without an answer. */
  send(method: string, pathAndQuery: string, body: string, headers: Fields = {}): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${this.#url}${pathAndQuery}`,
        {
          method,
          agent: this.#agent,
          headers: {
            'x-mbx-apikey': this.#apiKey,
            'content-type': 'application/x-www-form-urlencoded',
            ...headers,
          },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () => resolve(new Reply(response.statusCode ?? 0, parse(text))));
          response.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function form(fields: Fields): string {
  return new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)])).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Calls the admin port. */
export async function admin(
  exchange: Pick<PaperExchange, 'adminUrl'>,
  method: string,
  path: string,
  body: unknown = {},
): Promise<Reply> {
  const response = await fetch(`${exchange.adminUrl}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
  });
  return new Reply(response.status, parse(await response.text()));
}

export type KeyKind = 'ed25519' | 'rsa' | 'hmac';

/** Opens an account with balances and a key of a kind, and returns a client that signs with it. */
export async function openClient(
  exchange: Pick<PaperExchange, 'adminUrl' | 'authority' | 'url'>,
  balances: Readonly<Record<string, string>> = { USDT: '100000', BTC: '10' },
  kind: KeyKind = 'ed25519',
): Promise<{ client: Client; account: number; apiKey: string; signer: Signer }> {
  const account = Number(
    (await admin(exchange, 'POST', '/accounts', { name: 'trader', balances })).at('account'),
  );
  const { publicKey, signer } = makeKey(kind);
  const registered = await admin(exchange, 'POST', '/keys', { account, kind, ...publicKey });
  const apiKey = String(registered.at('apiKey'));
  const secret = registered.at('secret');
  const hmac: Signer = (payload) => createHmac('sha256', String(secret)).update(payload).digest('hex');
  const used = kind === 'hmac' ? hmac : signer;
  return { client: new Client(exchange, apiKey, used), account, apiKey, signer: used };
}

function makeKey(kind: KeyKind): { publicKey: { publicKey?: string }; signer: Signer } {
  if (kind === 'hmac') return { publicKey: {}, signer: () => '' };
  const pair =
    kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
  const algorithm = kind === 'rsa' ? 'RSA-SHA256' : null;
  return {
    publicKey: { publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString() },
    signer: (payload) => sign(algorithm, Buffer.from(payload), pair.privateKey).toString('base64'),
  };
}

/** A good-till-cancelled limit order on the still market. */
export function limit(side: 'BUY' | 'SELL', quantity: string, price: string, more: Fields = {}): Fields {
  return { symbol: 'BTCUSDT', side, type: 'LIMIT', timeInForce: 'GTC', quantity, price, ...more };
}

/** A market order on the still market. */
export function market(side: 'BUY' | 'SELL', quantity: string, more: Fields = {}): Fields {
  return { symbol: 'BTCUSDT', side, type: 'MARKET', quantity, ...more };
}
