import assert from 'node:assert/strict';
import { WebSocket } from 'ws';
import { randomBelow } from '../src/paper/core/random.ts';
import { DEFAULT_MARKET } from '../src/paper/default-market.ts';
import { admin, openClient, startExchange, type Client, type Fields, type Running } from './_client.ts';
import { checkInvariants } from './_invariants.ts';
import { pick, type Choices } from './_random-orders.ts';

const UNITS = 100_000_000;
const BALANCES = { USDT: '1000000', BTC: '100' };
/** So many orders are in the air at once. */
const LANES = 8;

/** What the client may conclude about an order that it sent once. */
type Conclusion = 'taken' | 'refused' | 'unknown';

interface Sent {
  readonly clientOrderId: string;
  readonly conclusion: Conclusion;
}

/**
 * A client trades while every fault of the exchange is on. Afterwards, in calm: what was acknowledged exists once,
 * what was refused does not exist, balances are what the account's own trades say, and no unit is lost.
 */
export async function tradeUnderFaults(
  seed: number,
  orders: number,
  spoil: (running: Running, account: number) => void = () => {},
): Promise<ReadonlyMap<Conclusion, number>> {
  const running = await startExchange([DEFAULT_MARKET], {
    weightPerMinute: 1e9,
    ordersPer10Seconds: 1e9,
    ordersPerDay: 1e9,
  });
  const { client, account, apiKey } = await openClient(running.exchange, BALANCES);
  const choices: Choices = { seed };
  const listener = new WebSocket(`${running.exchange.url.replace('https', 'wss')}/ws/btcusdt@trade`, {
    ca: running.exchange.authority,
  });
  listener.on('error', () => {});
  try {
    const sent: Sent[] = [];
    for (let round = 0; sent.length < orders; round++) {
      await worsen(choices, running, apiKey);
      running.exchange.venue.run('flow-step', { symbol: 'BTCUSDT' });
      const lanes = Array.from({ length: LANES }, (_, lane) =>
        placeOnce(choices, client, `f-${round}-${lane}`),
      );
      sent.push(...(await Promise.all(lanes)));
    }
    await calm(running, apiKey);
    spoil(running, account);
    await checkOrders(running, client, account, sent);
    await checkBalances(client);
    checkInvariants(running.exchange.venue.state);
    return countBy(sent);
  } finally {
    listener.terminate();
    client.close();
    await running.stop();
  }
}

function countBy(sent: readonly Sent[]): ReadonlyMap<Conclusion, number> {
  const counts = new Map<Conclusion, number>();
  for (const { conclusion } of sent) counts.set(conclusion, (counts.get(conclusion) ?? 0) + 1);
  return counts;
}

/** Sends an order exactly once and says what its answer, or the lack of one, allows to conclude. */
async function placeOnce(choices: Choices, client: Client, clientOrderId: string): Promise<Sent> {
  const side = pick(choices, ['BUY', 'SELL']);
  const quantity = `0.000${1 + randomBelow(choices, 9)}`;
  const common: Fields = { symbol: 'BTCUSDT', side, quantity, newClientOrderId: clientOrderId };
  const price = String(61_500 + randomBelow(choices, 1_000));
  const order: Fields =
    randomBelow(choices, 2) === 0
      ? { ...common, type: 'MARKET' }
      : { ...common, type: 'LIMIT', price, timeInForce: pick(choices, ['GTC', 'IOC', 'FOK']) };
  const answer = await client.signed('POST', '/api/v3/order', order).catch(() => null);
  const code = answer?.at('code');
  const isUnknown = answer === null || code === -1006 || code === -1007;
  return { clientOrderId, conclusion: isUnknown ? 'unknown' : answer.status === 200 ? 'taken' : 'refused' };
}

/** Switches something on, or off again. */
async function worsen(choices: Choices, { exchange }: Running, apiKey: string): Promise<void> {
  const call = (method: string, path: string, body: unknown): Promise<unknown> =>
    admin(exchange, method, path, body);
  const fault = (body: object): Promise<unknown> =>
    call('POST', '/faults', { method: 'POST', times: 1 + randomBelow(choices, 4), fault: body });
  const delayMs = randomBelow(choices, 4);
  const faults: readonly (() => Promise<unknown>)[] = [
    () => fault({ kind: 'lost-answer' }),
    () => fault({ kind: 'late-arrival', delayMs }),
    () => fault({ kind: 'slow-answer', delayMs }),
    () => fault({ kind: 'refuse', refusal: pick(choices, [-1000, -1001, -1008, -1016]) }),
    () => fault({ kind: 'unknown-outcome', refusal: pick(choices, [-1006, -1007]) }),
    () => call('POST', '/partial-fills', { times: 6 }),
    () =>
      call('POST', '/event-faults', {
        fault: { kind: pick(choices, ['duplicate', 'lose', 'reorder']) },
        times: 3,
      }),
    () => call('POST', '/event-faults', { fault: { kind: 'late', delayMs }, times: 3 }),
    () => call('POST', '/disconnect', {}),
    () => call('PUT', '/clock', { skewMs: pick(choices, [-900, 0, 900, 30_000]) }),
    () =>
      call('PUT', '/markets/BTCUSDT/status', { status: pick(choices, ['HALT', 'TRADING', 'CANCEL_ONLY']) }),
    () => call('PATCH', '/markets/BTCUSDT/rules', { minNotional: pick(choices, ['5', '30']) }),
    () => call('PATCH', `/keys/${apiKey}`, { permissions: { spotTrading: randomBelow(choices, 2) === 0 } }),
    () => call('PATCH', `/keys/${apiKey}`, { isRevoked: randomBelow(choices, 3) === 0 }),
    () => calm({ exchange }, apiKey),
  ];
  await pick(choices, faults)();
}

async function calm({ exchange }: Pick<Running, 'exchange'>, apiKey: string): Promise<void> {
  await admin(exchange, 'DELETE', '/faults');
  await admin(exchange, 'PUT', '/markets/BTCUSDT/status', { status: 'TRADING' });
  await admin(exchange, 'PATCH', `/keys/${apiKey}`, {
    permissions: { spotTrading: true },
    isRevoked: false,
  });
}

async function checkOrders(
  { exchange }: Running,
  client: Client,
  account: number,
  sent: readonly Sent[],
): Promise<void> {
  const kept = (await admin(exchange, 'GET', `/orders?account=${account}`)).body as {
    readonly clientOrderId: string;
  }[];
  const times = new Map<string, number>();
  for (const { clientOrderId } of kept) times.set(clientOrderId, (times.get(clientOrderId) ?? 0) + 1);
  for (const { clientOrderId, conclusion } of sent) {
    const found = times.get(clientOrderId) ?? 0;
    if (conclusion === 'taken') assert.equal(found, 1, `${clientOrderId} was acknowledged and exists once`);
    else if (conclusion === 'refused')
      assert.equal(found, 0, `${clientOrderId} was refused and does not exist`);
    else assert(found <= 1, `${clientOrderId} exists at most once`);
  }
  // One of the unknown ones, looked up as a client would.
  const unknown = sent.find(({ conclusion }) => conclusion === 'unknown');
  if (unknown === undefined) return;
  const { clientOrderId } = unknown;
  const looked = await client.signed('GET', '/api/v3/order', {
    symbol: 'BTCUSDT',
    origClientOrderId: clientOrderId,
  });
  assert.equal(looked.status, times.has(clientOrderId) ? 200 : 400);
}

/** Adds the account's own trades up and compares with its balances, to the unit. */
async function checkBalances(client: Client): Promise<void> {
  const units = (text: unknown): number => Math.round(Number(text) * UNITS);
  const expected = { USDT: units(BALANCES.USDT), BTC: units(BALANCES.BTC) };
  for (let fromId = 1; ;) {
    const page = (await client.signed('GET', '/api/v3/myTrades', { symbol: 'BTCUSDT', fromId, limit: 1_000 }))
      .body as {
      readonly id: number;
      readonly qty: string;
      readonly quoteQty: string;
      readonly commission: string;
      readonly isBuyer: boolean;
    }[];
    for (const { qty, quoteQty, commission, isBuyer } of page) {
      const sign = isBuyer ? 1 : -1;
      expected.BTC += sign * units(qty);
      expected.USDT -= sign * units(quoteQty);
      expected[isBuyer ? 'BTC' : 'USDT'] -= units(commission);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < 1_000) break;
    fromId = last.id + 1;
  }
  const { body } = await client.signed('GET', '/api/v3/account');
  const { balances } = body as { balances: { asset: 'USDT' | 'BTC'; free: string; locked: string }[] };
  for (const { asset, free, locked } of balances) {
    assert.equal(units(free) + units(locked), expected[asset], `${asset} is what the trades say`);
  }
}
