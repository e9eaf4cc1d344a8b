import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { randomBelow } from '../src/paper/core/random.ts';
import { METHODS } from '../src/paper/websocket/methods.ts';
import {
  STILL_MARKET,
  admin,
  openClient,
  startExchange,
  type Client,
  type Fields,
  type Reply,
} from './_client.ts';
import { pick, type Choices } from './_random-orders.ts';

const LIMITS = { weightPerMinute: 1e9, ordersPer10Seconds: 1e9, ordersPerDay: 1e9 };
const IN_FLIGHT = 32;
/** How a WebSocket server says that it failed. */
const BROKEN = 1011;

const NAMES = [
  'symbol', 'side', 'type', 'timeInForce', 'quantity', 'quoteOrderQty', 'price', 'stopPrice', 'trailingDelta',
  'newClientOrderId', 'orderId', 'origClientOrderId', 'limit', 'startTime', 'endTime', 'recvWindow', 'timestamp',
  'interval', 'fromId', 'cancelReplaceMode', 'cancelOrderId', 'aboveType', 'belowType', 'abovePrice', 'belowStopPrice',
  'orderListId', 'symbols', '__proto__', 'constructor', '',
]; // prettier-ignore
const VALUES = [
  'BTCUSDT', 'BUY', 'SELL', 'LIMIT', 'MARKET', 'STOP_LOSS', 'LIMIT_MAKER', 'GTC', 'FOK', '1', '0', '0.00000001', '-1',
  '62000', '1e9', 'NaN', '9'.repeat(19), '9'.repeat(40), '0.123456789', '', ' ', '%', '%00', '\u0000', '💣', '[]',
  '["BTCUSDT"]',
  '{}', 'null', 'true', '../..', "' or 1=1", 'x'.repeat(300), '1m', 'STOP_ON_FAILURE', 'toString',
]; // prettier-ignore
const PATHS = Array.from(METHODS.values(), (route) => route.split(' '));
const DOCUMENTED = new Set([200, 400, 401, 404, 409, 413, 429]);

/** Fields that nearly make sense: some of the right ones, some of any. */
function randomFields(choices: Choices): Fields {
  const fields: Record<string, string> = {};
  if (randomBelow(choices, 2) === 0) {
    Object.assign(fields, {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'LIMIT',
      timeInForce: 'GTC',
      quantity: '1',
      price: '62000',
    });
  }
  for (let count = randomBelow(choices, 6); count > 0; count--) {
    fields[pick(choices, NAMES)] = randomValue(choices);
  }
  return fields;
}

function randomValue(choices: Choices): string {
  if (randomBelow(choices, 3) > 0) return pick(choices, VALUES);
  const length = randomBelow(choices, 12);
  return Array.from({ length }, () => String.fromCharCode(randomBelow(choices, 0x250))).join('');
}

/**
 * Sends random requests over TLS as a user who owns nothing. Each must be answered with a documented status and
 * an error in the exchange's form, and in the end nobody may own anything.
 */
export async function fuzzRest(seed: number, cases: number): Promise<void> {
  const running = await startExchange([STILL_MARKET], LIMITS);
  const { client, account } = await openClient(running.exchange, {}, 'hmac');
  const choices: Choices = { seed };
  try {
    for (let done = 0; done < cases; done += IN_FLIGHT) {
      await Promise.all(Array.from({ length: IN_FLIGHT }, () => sendOne(client, choices)));
    }
    await expectNothingOwned(running.exchange, account);
  } finally {
    client.close();
    await running.stop();
  }
}

async function sendOne(client: Client, choices: Choices): Promise<void> {
  const [method = '', path = ''] = pick(choices, PATHS);
  const fields = randomFields(choices);
  const dice = randomBelow(choices, 4);
  const text = new URLSearchParams(
    Object.entries(fields).map(([name, value]) => [name, String(value)]),
  ).toString();
  const reply =
    dice === 0
      ? await client.send(method, `${path}?${text}`, method === 'POST' ? randomValue(choices) : '')
      : dice === 1
        ? await client.send(
            method,
            `${path}?${text}&signature=${encodeURIComponent(randomValue(choices))}`,
            '',
          )
        : await client.signed(method, path, fields);
  expectDocumented(reply, `${method} ${path} ${JSON.stringify(fields)}`);
}

function expectDocumented(reply: Reply, request: string): void {
  assert(DOCUMENTED.has(reply.status), `${request} was answered with ${reply.status}`);
  if (reply.status === 200 || reply.status === 404) return;
  assert(
    Number(reply.at('code')) < 0 && typeof reply.at('msg') === 'string',
    `${request}: ${JSON.stringify(reply.body)}`,
  );
}

async function expectNothingOwned(exchange: Parameters<typeof admin>[0], account: number): Promise<void> {
  const accounts = (await admin(exchange, 'GET', '/accounts')).body as {
    account: number;
    balances: object;
  }[];
  const balances = Object.values(
    accounts.find((one) => one.account === account)?.balances ?? {},
  ) as unknown[];
  assert(
    balances.every((balance) => JSON.stringify(balance) === '{"free":"0.00000000","locked":"0.00000000"}'),
  );
  const orders = (await admin(exchange, 'GET', `/orders?account=${account}`)).body;
  // A market order needs no funds where there is no book to spend them on: it expires at once.
  for (const { status, executedQty } of orders as { status: string; executedQty: string }[]) {
    assert.deepEqual([status, executedQty], ['EXPIRED', '0.00000000']);
  }
}

/** Sends random frames to the WebSocket API: each is answered with a documented status, or the socket closes. */
export async function fuzzWebSocket(seed: number, cases: number): Promise<void> {
  const running = await startExchange([STILL_MARKET], LIMITS);
  const { account, apiKey } = await openClient(running.exchange, {}, 'hmac');
  const choices: Choices = { seed };
  const url = `${running.exchange.url.replace('https:', 'wss:')}/ws-api/v3`;
  try {
    for (let sent = 0; sent < cases;) {
      const socket = new WebSocket(url, { ca: running.exchange.authority });
      await once(socket, 'open');
      sent += await fuzzConnection(socket, choices, apiKey, cases - sent);
      socket.terminate();
    }
    await expectNothingOwned(running.exchange, account);
  } finally {
    await running.stop();
  }
}

/** Sends up to `most` frames over one connection; returns how many it took until the exchange closed it. */
async function fuzzConnection(
  socket: WebSocket,
  choices: Choices,
  apiKey: string,
  most: number,
): Promise<number> {
  for (let sent = 1; sent <= most; sent++) {
    const answered = new Promise<string | null>((resolve) => {
      socket.once('message', (data: Buffer) => resolve(data.toString('utf8')));
      socket.once('close', (code) => resolve(code === BROKEN ? 'broken' : null));
    });
    socket.send(randomFrame(choices, apiKey));
    const text = await answered;
    socket.removeAllListeners();
    assert(text !== 'broken', 'the exchange met something it did not expect');
    if (text === null) return sent;
    const answer = JSON.parse(text) as { status: number; error?: { code: number } };
    assert(DOCUMENTED.has(answer.status), text);
    assert(answer.status === 200 || (answer.error?.code ?? 0) < 0, text);
  }
  return most;
}

function randomFrame(choices: Choices, apiKey: string): string | Buffer {
  const dice = randomBelow(choices, 20);
  if (dice === 0) return Buffer.from(randomValue(choices));
  if (dice === 1) return randomValue(choices);
  if (dice === 2)
    return JSON.stringify(pick(choices, [null, 1, [], {}, { method: 1 }, { method: 'ping', params: [] }]));
  const method = pick(choices, [
    ...METHODS.keys(),
    'session.logon',
    'userDataStream.subscribe',
    'nothing',
    '__proto__',
  ]);
  const params: Record<string, unknown> = { ...randomFields(choices) };
  if (randomBelow(choices, 2) === 0) params['apiKey'] = apiKey;
  if (randomBelow(choices, 2) === 0) params['signature'] = randomValue(choices);
  if (randomBelow(choices, 5) === 0)
    params['quantity'] = pick<unknown>(choices, [1, null, {}, [], true, -0.1]);
  return JSON.stringify({ id: pick<unknown>(choices, [1, 'a', null, {}, '']), method, params });
}
