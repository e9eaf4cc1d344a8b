/** Orders by hand on the event stream: every change of state, numbered, over restarts and a database that is away. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { EVENTS_PATH, type Order } from '@counterfoil/api';
import { type Database, openDatabase } from '@counterfoil/server';
import { limit, openClient } from '../packages/venues/tests/_client.ts';
import { EventReader } from './_event-reader.ts';
import { Installation } from './_installation.ts';

let installation: Installation;
let database: Database;
let reader: EventReader;

before(async () => {
  installation = await Installation.start('product');
  database = await openDatabase({ url: installation.desk.database?.url ?? '' });
  reader = new EventReader(`http://localhost:${installation.port}${EVENTS_PATH}`, 0);
});
after(async () => {
  await reader?.close();
  await database?.close();
  await installation?.stop();
  installation?.remove();
});

const told = (seq: number): readonly Order[] =>
  reader.numbered.flatMap(({ event }) =>
    event.type === 'order' && event.order.id === `manual.${seq}` ? [event.order] : [],
  );
const states = (seq: number): readonly string[] => told(seq).map(({ state }) => state);

async function listed(): Promise<readonly Order[]> {
  const answer = await fetch(`http://localhost:${installation.port}/api/v1/orders?limit=100`);
  return ((await answer.json()) as { readonly items: readonly Order[] }).items;
}

async function journalled(): Promise<number> {
  const { rows } = await database.pool.query<{ n: bigint }>('select count(*) as n from intent');
  return Number(rows[0]?.n);
}

/** Waits until the last that the stream said of every order is what the API says. */
async function agree(): Promise<readonly Order[]> {
  let orders: readonly Order[] = [];
  await installation.until('stream and list agree', async () => {
    orders = await listed().catch(() => []);
    const isSettled = ({ state }: Order): boolean => state !== 'journalled' && state !== 'unknown';
    return (
      orders.length > 0 &&
      orders.every((order) => isSettled(order)) &&
      orders.every(
        (order) => JSON.stringify(told(Number(order.id.split('.')[1])).at(-1)) === JSON.stringify(order),
      )
    );
  });
  return orders;
}

test('an order is told when it is journalled and when its outcome is known', async () => {
  const placed = await installation.place();
  assert.equal(placed?.state, 'accepted');
  await agree();
  assert.deepEqual(states(placed.seq), ['journalled', 'filled']);
  const refused = await installation.place({ symbol: 'NOSUCH' });
  await agree();
  assert.deepEqual(states(refused?.seq ?? 0), ['journalled', refused?.state]);
});

test('what became of orders while the server died is told once it is back, with no number twice or missing', async () => {
  for (let round = 0; round < 3; round++) {
    const { lines } = reader;
    const before = await journalled();
    const under = Array.from({ length: 4 }, () => installation.place());
    // One of them at least is in the ledger, and nobody waits for its outcome.
    while ((await journalled()) === before);
    installation.kill('server');
    await Promise.all(under);
    await installation.until('the stream is followed again', async () => reader.lines > lines);
  }
  const orders = await agree();
  assert.equal(orders.length, await journalled());
  const ids = reader.numbered.map(({ id }) => id);
  assert.deepEqual(
    ids,
    ids.map((_, n) => (ids[0] ?? 0) + n),
  );
  for (const { id } of orders) {
    const said = states(Number(id.split('.')[1]));
    assert.deepEqual([said[0], new Set(said).size], ['journalled', said.length], id);
  }
});

test('an order that rests is followed to its fill, over a server that dies meanwhile', async () => {
  const { desk, root, port } = installation;
  const trades = `http://localhost:${port}/api/v1/markets/BTCUSDT/candles?timeframe=1m&limit=1`;
  const { close } = (await (await fetch(trades)).json()) as { readonly close: readonly string[] };
  const price = String(Math.floor(Number(close[0]) * 0.999));
  const placed = await installation.place({ type: 'limit', price, timeInForce: 'gtc' });
  const seq = placed?.seq ?? 0;
  await agree();
  assert.deepEqual(states(seq), ['journalled', 'acknowledged']);
  installation.kill('server');
  const authority = readFileSync(join(root, 'paper', 'paper-ca.pem'), 'utf8');
  const exchange = { adminUrl: desk.paperAdminUrl, url: desk.paperUrl, authority };
  const { client } = await openClient(exchange, { BTC: '100' });
  // Everything down to its price, and so it too; what is left does not stay to hold the price down.
  const sale = limit('SELL', '90', price, { timeInForce: 'IOC' });
  assert.equal((await client.signed('POST', '/api/v3/order', sale)).status, 200);
  await installation.until('somebody buys again, and so the gate knows a price', async () => {
    const { body } = await client.get('/api/v3/depth', { symbol: 'BTCUSDT', limit: 5 });
    return (body as { readonly bids: readonly unknown[] }).bids.length > 0;
  });
  client.close();
  await installation.until('the stream says what became of it', async () => states(seq).at(-1) === 'filled');
  assert.equal((await agree()).find(({ id }) => id === `manual.${seq}`)?.state, 'filled');
});

for (const [kind, price, outcome] of [
  ['market', null, 'filled'],
  ['limit', '30000', 'acknowledged'],
] as const)
  test(`what the gate said of a ${kind} order while the ledger could not be written is written and told afterwards`, async () => {
    // As PostgreSQL cancels a statement over its time.
    await database.pool.query(`
    create or replace function away() returns trigger language plpgsql as $$
      begin raise exception 'away' using errcode = '57014'; end $$`);
    await database.pool.query(
      'create trigger away before update on intent for each row execute function away()',
    );
    const token = readFileSync(join(installation.root, 'run', 'token'), 'utf8');
    const answer = await fetch(`http://127.0.0.1:${installation.port}/v1/paper/orders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        symbol: 'BTCUSDT',
        side: 'buy',
        type: kind,
        amount: '0.001',
        sizedBy: 'base',
        price,
        timeInForce: price === null ? null : 'gtc',
      }),
    });
    assert.equal(answer.status, 503);
    assert.equal(((await answer.json()) as { readonly code: string }).code, 'database-away');
    const [newest] = await listed();
    assert.equal(newest?.state, 'journalled', 'the ledger does not know yet');
    await database.pool.query('drop trigger away on intent');
    const [settled] = await agree();
    assert.deepEqual([settled?.id, settled?.state, settled?.refusal], [newest.id, outcome, null]);
  });

test('a change that is not told leaves the stream behind the list', async () => {
  const placed = await installation.place();
  await agree();
  await database.pool.query('update intent set receipt = null where owner = $1 and bot = $2 and seq = $3', [
    'demo',
    'manual',
    placed?.seq,
  ]);
  const [order] = await listed();
  assert.equal(order?.hasReceipt, false);
  assert.equal(told(placed?.seq ?? 0).at(-1)?.hasReceipt, true);
});
