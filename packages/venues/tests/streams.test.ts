import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { DEFAULT_MARKET } from '../src/paper/default-market.ts';
import { readDepthSnapshot, readDepthUpdate } from '../src/public/binance-frames.ts';
import { DepthBook } from '../src/public/depth-book.ts';
import {
  admin,
  limit,
  market,
  openClient,
  startExchange,
  type Client,
  type Running,
  type Signer,
} from './_client.ts';

interface Frame {
  readonly e?: string;
  readonly x?: string;
  readonly X?: string;
  readonly c?: string;
  readonly [field: string]: unknown;
}

describe('streams', () => {
  let running: Running;
  let client: Client;
  let other: Client;
  let apiKey: string;
  let signer: Signer;

  before(async () => {
    running = await startExchange([DEFAULT_MARKET]);
    ({ client, apiKey, signer } = await openClient(running.exchange));
    ({ client: other } = await openClient(running.exchange));
  });
  after(async () => {
    client.close();
    other.close();
    await running.stop();
  });

  const open = async (path: string): Promise<WebSocket> => {
    const url = running.exchange.url.replace('https:', 'wss:') + path;
    const socket = new WebSocket(url, { ca: running.exchange.authority });
    await once(socket, 'open');
    return socket;
  };

  /** Collects frames until there are `count`, or until the socket closes. */
  const collect = (socket: WebSocket, count: number): Promise<Frame[]> =>
    new Promise((resolve) => {
      const frames: Frame[] = [];
      socket.on('message', (data: Buffer) => {
        const value = JSON.parse(data.toString('utf8')) as Frame & { event?: Frame };
        if (value.event !== undefined || value.e !== undefined) frames.push(value.event ?? value);
        if (frames.length === count) resolve([...frames]);
      });
      socket.on('close', () => resolve(frames));
    });

  const subscribeUser = async (): Promise<WebSocket> => {
    const socket = await open('/ws-api/v3');
    const params = { apiKey, timestamp: Date.now() };
    const signature = signer(`apiKey=${apiKey}&timestamp=${params.timestamp}`);
    const answered = once(socket, 'message');
    socket.send(
      JSON.stringify({
        id: 1,
        method: 'userDataStream.subscribe.signature',
        params: { ...params, signature },
      }),
    );
    const [data] = (await answered) as [Buffer];
    assert.equal((JSON.parse(data.toString('utf8')) as { status: number }).status, 200);
    return socket;
  };

  test('a book kept from the depth stream equals the depth that REST answers', async () => {
    const socket = await open('/ws/btcusdt@depth@100ms');
    const book = new DepthBook();
    socket.on('message', (data: Buffer) => {
      const update = readDepthUpdate(data.toString('utf8'));
      if (update !== null) assert.notEqual(book.apply(update), 'gap');
    });
    const { venue } = running.exchange;
    const step = async (): Promise<void> => {
      const sent = once(socket, 'message');
      venue.run('flow-step', { symbol: 'BTCUSDT' });
      await sent;
    };
    await step();
    const depth = async (): Promise<ReturnType<typeof readDepthSnapshot>> =>
      readDepthSnapshot(
        JSON.stringify((await client.get('/api/v3/depth', { symbol: 'BTCUSDT', limit: 1000 })).body),
      );
    const first = await depth();
    assert(first !== null);
    book.load(first, 1_000);
    for (let count = 0; count < 10; count++) await step();
    const last = await depth();
    assert.equal(book.lastUpdateId, last?.lastUpdateId);
    assert.deepEqual([book.bestBid(), book.bestAsk()], [last?.bids[0], last?.asks[0]]);
    socket.terminate();
  });

  test('an order is told of in the order in which it lived, with the balances after it', async () => {
    const socket = await subscribeUser();
    const frames = collect(socket, 5);
    await client.signed('POST', '/api/v3/order', market('BUY', '0.01', { newClientOrderId: 'told' }));
    await client.signed(
      'POST',
      '/api/v3/order',
      limit('BUY', '0.01', '50000', { newClientOrderId: 'rests' }),
    );
    const told = (await frames).map(({ e, x, X, c }) => (e === 'executionReport' ? `${c} ${x} ${X}` : e));
    assert.deepEqual(told.slice(0, 3), ['told NEW NEW', 'told TRADE FILLED', 'outboundAccountPosition']);
    assert.deepEqual(told.slice(3), ['rests NEW NEW', 'outboundAccountPosition']);
    socket.terminate();
  });

  test('canceling all open orders tells of each leg of a list once', async () => {
    // What the tests before left open.
    await client.signed('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
    const list = {
      symbol: 'BTCUSDT',
      side: 'SELL',
      quantity: '0.01',
      aboveClientOrderId: 'up',
      belowClientOrderId: 'down',
    };
    const types = {
      aboveType: 'LIMIT_MAKER',
      abovePrice: '70000',
      belowType: 'STOP_LOSS',
      belowStopPrice: '50000',
    };
    const placed = await client.signed('POST', '/api/v3/orderList/oco', { ...list, ...types });
    assert.equal(placed.status, 200, JSON.stringify(placed.body));
    const socket = await subscribeUser();
    const frames = collect(socket, 6);
    await client.signed('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
    await client.signed(
      'POST',
      '/api/v3/order',
      limit('BUY', '0.01', '50000', { newClientOrderId: 'after' }),
    );
    // A canceled order's own id stands in C, because a cancel has one too.
    const told = (await frames).map(({ e, x, c, C }) =>
      e === 'executionReport' ? `${String(C === '' ? c : C)} ${x}` : e,
    );
    const canceled = ['up CANCELED', 'down CANCELED', 'listStatus', 'outboundAccountPosition'];
    assert.deepEqual(told, [...canceled, 'after NEW', 'outboundAccountPosition']);
    socket.terminate();
  });

  test('events are lost, repeated and reordered on request', async () => {
    const socket = await subscribeUser();
    for (const kind of ['duplicate', 'lose', 'reorder']) {
      await admin(running.exchange, 'POST', '/event-faults', { fault: { kind } });
    }
    const frames = collect(socket, 5);
    await client.signed('POST', '/api/v3/order', limit('BUY', '0.01', '50000', { newClientOrderId: 'one' }));
    await client.signed('POST', '/api/v3/order', limit('BUY', '0.01', '50000', { newClientOrderId: 'two' }));
    await client.signed(
      'POST',
      '/api/v3/order',
      limit('BUY', '0.01', '50000', { newClientOrderId: 'three' }),
    );
    const told = (await frames).map(({ e, c }) => (e === 'executionReport' ? c : 'balances'));
    // The first report twice, its balances lost, the second report behind its balances.
    assert.deepEqual(told, ['one', 'one', 'balances', 'two', 'three']);
    socket.terminate();
  });

  test('a disconnect cuts every stream, and a new connection works', async () => {
    const socket = await subscribeUser();
    const closed = once(socket, 'close');
    await admin(running.exchange, 'POST', '/disconnect');
    await closed;
    (await subscribeUser()).terminate();
  });

  test('what is not durable is not told: every event of the stream is found over REST', async () => {
    const socket = await subscribeUser();
    const frames = collect(socket, 2);
    await client.signed(
      'POST',
      '/api/v3/order',
      limit('BUY', '0.01', '50001', { newClientOrderId: 'durable' }),
    );
    const [report] = await frames;
    const order = await client.signed('GET', '/api/v3/order', {
      symbol: 'BTCUSDT',
      origClientOrderId: String(report?.c),
    });
    assert.equal(order.at('status'), 'NEW');
    socket.terminate();
  });

  test('a client that sends more than five messages a second to the market streams is cut off', async () => {
    const socket = await open('/ws');
    const closed = once(socket, 'close');
    for (let count = 0; count < 12; count++)
      socket.send(JSON.stringify({ method: 'LIST_SUBSCRIPTIONS', id: count }));
    const [code] = (await closed) as [number];
    assert.equal(code, 1008);
  });
});
