import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { assetCode, tradeId, venueOrderId, venueSymbol } from '@counterfoil/vocabulary';
import type { AccountFill, GateResult, Intent, StreamEvent } from '@counterfoil/vocabulary/protocol';
import type { Leases } from '../src/ledger/leases.ts';
import { outboxEvents } from '../src/http/trading/outbox-events.ts';
import { ConnectionDesk } from '../src/runner/connection-desk.ts';
import type { LiveBot } from '../src/runner/live-bot.ts';
import { OrderDesk } from '../src/runner/order-desk.ts';
import { BotService } from '../src/runner/service.ts';
import { CONNECTION } from './_ledger.ts';
import { embeddedServer, execute, type TestDatabase } from './_database.ts';
import { lineOf, OWNER, stage, started, tell } from './_runner.ts';

const at = (units: bigint, scale: number) => ({ units, scale });

/** A trade of the order with this number at the venue. */
function trade(id: number, order: string, quantity = 1_000_000n): AccountFill {
  return {
    tradeId: tradeId.parse(String(id)),
    venueOrderId: venueOrderId.parse(order),
    clientOrderId: null,
    symbol: venueSymbol.parse('BTCUSDT'),
    side: 'buy',
    price: at(6_200_000n, 2),
    quantity: at(quantity, 8),
    quoteAmount: at((6_200_000n * quantity) / 100n, 8),
    fee: at(0n, 8),
    feeAsset: assetCode.parse('USDT'),
    maker: false,
    atMs: 5_000,
  };
}

interface Scene {
  readonly bot: LiveBot;
  readonly leases: Leases;
  readonly desk: ConnectionDesk;
  readonly read: () => Promise<void>;
  /** What the private stream says; the first call opens it. */
  readonly say: (event: StreamEvent) => void;
  /** Lists of trades that were asked for. */
  readonly reads: () => number;
}

/** A bot whose entry is at the venue under number 77 (null: not known yet), and the venue's list of trades. */
async function scene(
  database: TestDatabase,
  trades: readonly AccountFill[],
  number: string | null,
): Promise<Scene> {
  const { bot, ledger, leases } = await stage(database);
  await tell(bot, started());
  const [order] = bot.orders.values();
  if (order === undefined) throw new Error('the bot placed nothing');
  order.state = 'accepted';
  order.venueOrderId = number;
  let hear: (result: GateResult) => void = () => {};
  const line = lineOf((intent: Intent): GateResult => {
    const from = intent.kind === 'tradesHistory' ? Number(intent.fromId ?? '0') : 0;
    return { kind: 'trades', trades: trades.filter((one) => Number(one.tradeId) >= from) };
  });
  const session: typeof line = { ...line, listen: (_intent, onResult) => (hear = onResult) };
  const log = (line: string): void => assert.fail(line);
  const orders = new OrderDesk({
    ledger,
    epochOf: (shard) => leases.held.get(shard),
    session: () => session,
    onTraded: () => {},
    checkKey: () => Promise.resolve(false),
    onStale: () => {},
    log,
  });
  const epoch = leases.held.get(bot.shard) ?? -1;
  const checkKey = (): Promise<boolean> => Promise.resolve(true);
  const desk = new ConnectionDesk({
    owner: OWNER,
    connection: CONNECTION,
    pool: database.pool,
    orders,
    session: () => session,
    fence: () => ({ shard: bot.shard, epoch }),
    checkKey,
    log,
  });
  desk.bots.add(bot);
  const read = async (): Promise<void> => {
    const asked = session.asked.length;
    desk.readTrades('BTCUSDT');
    const end = Date.now() + 10_000;
    while (session.asked.length === asked && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 20));
    // A read ends with a pause, after which the next may begin.
    await new Promise((resolve) => setTimeout(resolve, 1_200));
  };
  const say = (event: StreamEvent): void => {
    desk.listen();
    hear({ kind: 'streamEvent', event });
  };
  const reads = (): number => line.asked.filter(({ kind }) => kind === 'tradesHistory').length;
  return { bot, leases, desk, read, say, reads };
}

const cursorOf = async (database: TestDatabase): Promise<unknown> =>
  (await execute(database.url, 'select next_id::int as next from trade_cursor'))[0]?.['next'] ?? null;
const fillsOf = (database: TestDatabase): Promise<readonly Record<string, unknown>[]> =>
  execute(database.url, 'select trade_id, order_name from fill order by trade_id');

test('a trade becomes a fill of its bot and moves the cursor, once however often it is read', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot, read } = await scene(database, [trade(10, '77')], '77');
  await read();
  await read();
  assert.deepEqual(await fillsOf(database), [{ trade_id: '10', order_name: 's-entry-1' }]);
  assert.equal(await cursorOf(database), 11);
  const told = await execute(database.url, `select from bot_event where event ->> 'kind' = 'orderFilled'`);
  assert.equal(told.length, 1);
  bot.leave();
});

test('a trade waits while an order without a number may be the one that traded', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot, read } = await scene(database, [trade(10, '77')], null);
  await read();
  assert.deepEqual(await fillsOf(database), []);
  assert.equal(await cursorOf(database), null);
  const [order] = bot.orders.values();
  assert.ok(order !== undefined);
  order.venueOrderId = '77';
  await read();
  assert.deepEqual(await fillsOf(database), [{ trade_id: '10', order_name: 's-entry-1' }]);
  bot.leave();
});

test('a trade waits while a bot of the connection is being read again', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot, desk, read } = await scene(database, [trade(10, '99')], '77');
  desk.reloading = 1;
  await read();
  assert.equal(await cursorOf(database), null);
  desk.reloading = 0;
  await read();
  // Nobody's order: it is in the books, and no bot was told.
  assert.deepEqual(await fillsOf(database), [{ trade_id: '10', order_name: null }]);
  assert.equal(await cursorOf(database), 11);
  bot.leave();
});

test('the cursor stays before a fill whose commit failed', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot, read } = await scene(database, [trade(10, '77', 400_000n), trade(11, '99')], '77');
  bot.leave();
  await read();
  assert.deepEqual(await fillsOf(database), [{ trade_id: '11', order_name: null }]);
  assert.equal(await cursorOf(database), null);
});

test('a list that was read before the shard went to another worker changes nothing', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot, desk, leases, read } = await scene(database, [trade(10, '77')], '77');
  // The bot has gone with its shard: without the fence its trade would be taken for a stranger's.
  desk.bots.delete(bot);
  await leases.renewEpochs();
  await read();
  assert.deepEqual(await fillsOf(database), []);
  assert.equal(await cursorOf(database), null);
  bot.leave();
});

test('a fill whose frame overtook the answer is told with the answer, and no list is read for it', async (t) => {
  const database = await embeddedServer.database(t);
  const { bot, desk, read, say, reads } = await scene(database, [], null);
  say({ kind: 'opened' });
  await read();
  const before = reads();
  const [order] = bot.orders.values();
  assert.ok(order !== undefined);
  say({ kind: 'fill', fill: trade(10, '77') });
  order.venueOrderId = '77';
  desk.traded(bot, order, 1_000_000n);
  // Told twice, and late: it is known.
  say({ kind: 'fill', fill: trade(10, '77') });
  await delay(1_500);
  assert.deepEqual(await fillsOf(database), [{ trade_id: '10', order_name: 's-entry-1' }]);
  assert.equal(reads(), before);
  bot.leave();
});

test('a fill that the stream lost is read once the order says that it has traded', async (t) => {
  const database = await embeddedServer.database(t);
  const trades: AccountFill[] = [];
  const { bot, desk, read, say, reads } = await scene(database, trades, '77');
  say({ kind: 'opened' });
  await read();
  const before = reads();
  trades.push(trade(10, '77'));
  const [order] = bot.orders.values();
  assert.ok(order !== undefined);
  desk.traded(bot, order, 1_000_000n);
  const end = Date.now() + 10_000;
  while ((await fillsOf(database)).length === 0 && Date.now() < end) await delay(50);
  assert.deepEqual(await fillsOf(database), [{ trade_id: '10', order_name: 's-entry-1' }]);
  assert.ok(reads() > before);
  bot.leave();
});

/** Foreign trades that the owner was told of, as the event stream says them, and the trades that are in the books. */
async function toldOf(
  database: TestDatabase,
  trades: readonly AccountFill[],
  isByHandOpen: boolean,
): Promise<{ readonly told: readonly unknown[]; readonly booked: number }> {
  const { bot, read } = await scene(database, trades, '77');
  await execute(
    database.url,
    `insert into connection (owner, id, venue, label, api_key_id, made_at)
     values ('${OWNER}', '${CONNECTION}', 'paper', 'mine', 'k', to_timestamp(10))`,
  );
  if (isByHandOpen)
    await execute(
      database.url,
      `insert into intent (owner, bot, seq, connection, body, state)
       values ('${OWNER}', 'manual', 1, '${CONNECTION}', '{}', 'unknown')`,
    );
  await read();
  await read();
  const { read: events } = outboxEvents(database.kysely, new BotService(database.kysely));
  const told = (await events(OWNER, 0, 100)).flatMap(({ event }) =>
    event.type === 'foreignTrade' ? [event.trade] : [],
  );
  bot.leave();
  return { told, booked: (await fillsOf(database)).length };
}

test('of a trade that is nobody’s of ours the owner is told once; not of one from before the key', async (t) => {
  const before = trade(10, '98');
  const since = { ...trade(11, '99', 400_000n), atMs: 20_000 };
  assert.deepEqual(await toldOf(await embeddedServer.database(t), [before, since], false), {
    told: [
      {
        id: `${CONNECTION}.BTCUSDT.11`,
        connection: CONNECTION,
        symbol: 'BTCUSDT',
        side: 'buy',
        price: '62000',
        quantity: '0.004',
        at: '1970-01-01T00:00:20.000Z',
        state: 'open',
      },
    ],
    booked: 2,
  });
});

test('of a trade that an order by hand may still explain nobody is alarmed', async (t) => {
  const since = { ...trade(11, '99'), atMs: 20_000 };
  assert.deepEqual(await toldOf(await embeddedServer.database(t), [since], true), { told: [], booked: 1 });
});
