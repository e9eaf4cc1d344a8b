import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

export interface Served {
  readonly url: string;
  readonly adminUrl: string;
  readonly authority: string;
  readonly child: ChildProcess;
}

/** Connections that send at the same time: enough for orders to share the disk's syncs. */
const CONNECTIONS = 128;

export async function serve(what: 'exchange' | 'echo'): Promise<Served> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serve.ts'), what], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { ...(JSON.parse(line) as Omit<Served, 'child'>), child };
}

export interface Trader {
  readonly apiKey: string;
  readonly secret: string;
}

export async function openTrader({ adminUrl }: Served): Promise<Trader> {
  const post = async (path: string, body: unknown): Promise<Record<string, string>> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(adminUrl + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await response.json()) as Record<string, string>;
  };
  const balances = { USDT: '1000000000', BTC: '100000' };
  const { account } = await post('/accounts', { name: 'bench', balances });
  const { apiKey = '', secret = '' } = await post('/keys', { account, kind: 'hmac' });
  return { apiKey, secret };
}

/** The body of a signed order that rests. */
export function orderBody(secret: string, index: number): string {
  const isBuy = index % 2 === 0;
  const price = isBuy ? 60_000 + (index % 500) : 62_000 + (index % 500);
  const fields =
    `symbol=BTCUSDT&side=${isBuy ? 'BUY' : 'SELL'}&type=LIMIT&timeInForce=GTC&quantity=0.01&price=${price}` +
    `&newClientOrderId=bench-${index}&timestamp=${Date.now()}`;
  return `${fields}&signature=${createHmac('sha256', secret).update(fields).digest('hex')}`;
}

/** Posts `count` bodies over kept connections; throws when one is not answered with 200. */
export async function post(
  served: Served,
  apiKey: string,
  count: number,
  body: (index: number) => string,
): Promise<{ perSecond: number; p99Ms: number }> {
  const agent = new Agent({ ca: served.authority, keepAlive: true, maxSockets: CONNECTIONS });
  const tookMs: number[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      const started = performance.now();
      const status = await send(agent, served.url, apiKey, body(index));
      if (status !== 200) throw new Error(`order ${index} was answered with ${status}`);
      tookMs.push(performance.now() - started);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  const seconds = (performance.now() - started) / 1_000;
  agent.destroy();
  return { perSecond: count / seconds, p99Ms: quantile(tookMs, 0.99) };
}

function send(agent: Agent, url: string, apiKey: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      'x-mbx-apikey': apiKey,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
    };
    const outgoing = request(`${url}/api/v3/order`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/**
 * Opens `count` connections to the trade stream and measures how long after its time on the exchange each
 * subscriber has each of `trades` trades, one every 500 ms. Both clocks are this machine's.
 */
export async function subscribe(
  served: Served,
  trader: Trader,
  count: number,
  trades: number,
): Promise<{ received: number; p99Ms: number }> {
  const url = `${served.url.replace('https:', 'wss:')}/ws/btcusdt@trade`;
  const lateMs: number[] = [];
  const sockets: WebSocket[] = [];
  while (sockets.length < count) {
    const batch = Array.from(
      { length: Math.min(50, count - sockets.length) },
      () => new WebSocket(url, { ca: served.authority }),
    );
    await Promise.all(batch.map((socket) => once(socket, 'open')));
    for (const socket of batch) {
      socket.on('message', (data: Buffer) => {
        const { T } = JSON.parse(data.toString('utf8')) as { T: number };
        lateMs.push(Date.now() - T);
      });
    }
    sockets.push(...batch);
  }
  const agent = new Agent({ ca: served.authority, keepAlive: true });
  for (let trade = 0; trade < trades; trade++) {
    const fields = `symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.001&selfTradePreventionMode=NONE&timestamp=${Date.now()}`;
    const signature = createHmac('sha256', trader.secret).update(fields).digest('hex');
    await send(agent, served.url, trader.apiKey, `${fields}&signature=${signature}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  agent.destroy();
  for (const socket of sockets) socket.terminate();
  return { received: lateMs.length, p99Ms: quantile(lateMs, 0.99) };
}

export function quantile(values: number[], share: number): number {
  const sorted = values.sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
