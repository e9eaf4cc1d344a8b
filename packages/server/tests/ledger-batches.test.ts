import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import type { QueryConfig } from 'pg';
import type { Append } from '../src/ledger/append.ts';
import { toExactJson } from '../src/ledger/exact-json.ts';
import { Leases, shardOf } from '../src/ledger/leases.ts';
import { Ledger } from '../src/ledger/ledger.ts';
import { BotService } from '../src/runner/service.ts';
import { embeddedServer, execute, oneRow } from './_database.ts';
import { appendAfter, CONNECTION, makeBot } from './_ledger.ts';

const shard = shardOf('ada', CONNECTION);

test('bursts, quiet appends and a stale one in one commit leave every event and no hole in the outbox', async (t) => {
  const database = await embeddedServer.database(t);
  for (const bot of ['burst', 'quiet', 'stale', 'plain']) await makeBot(database, 'ada', bot);
  const leases = new Leases(database.pool, 'w1');
  await leases.round();
  const epoch = leases.held.get(shard) ?? -1;
  const ledger = new Ledger(database.pool);
  const event = (n: number) => ({ event: toExactJson({ n }), notes: toExactJson([n]) });
  const of = (bot: string, after: number, events: number, told: number): Append => {
    const append = appendAfter('ada', bot, after, epoch);
    return {
      ...append,
      position: { ...append.position, seq: after + events },
      events: Array.from({ length: events }, (_, n) => event(n + 1)),
      outbox: Array.from({ length: told }, (_, n) => ({ kind: 'test', body: toExactJson([bot, n]) })),
    };
  };
  const results = await Promise.all([
    ledger.append(of('burst', 0, 3, 2)),
    ledger.append(of('quiet', 0, 0, 0)),
    ledger.append(of('stale', 7, 2, 3)),
    ledger.append(of('plain', 0, 1, 1)),
  ]);
  assert.deepEqual(results, ['committed', 'committed', 'stale', 'committed']);
  const events = await execute(
    database.url,
    `select bot, seq::int, event->>'n' as n, notes->>0 as note from bot_event order by bot, seq`,
  );
  assert.deepEqual(events, [
    { bot: 'burst', seq: 1, n: '1', note: '1' },
    { bot: 'burst', seq: 2, n: '2', note: '2' },
    { bot: 'burst', seq: 3, n: '3', note: '3' },
    { bot: 'plain', seq: 1, n: '1', note: '1' },
  ]);
  const service = new BotService(database.kysely);
  const told = async (after: number, limit: number) =>
    (await service.outbox('ada', after, limit)).map(({ id, bot, body }) => ({ id, bot, body }));
  const all = await told(0, 10);
  assert.deepEqual(
    all.map(({ id }) => id),
    [1, 2, 3],
  );
  assert.deepEqual(
    all.filter(({ bot }) => bot === 'burst').map(({ body }) => body),
    [
      ['burst', 0],
      ['burst', 1],
    ],
  );
  assert.deepEqual([...(await told(0, 2)), ...(await told(2, 2))], all, 'a page may end inside a commit');
});

test('a stale bot takes nothing of its own with it, and nothing of the others', async (t) => {
  const database = await embeddedServer.database(t);
  for (const bot of ['first', 'stale', 'last']) await makeBot(database, 'ada', bot);
  const leases = new Leases(database.pool, 'w1');
  await leases.round();
  const epoch = leases.held.get(shard) ?? -1;
  const written = async (): Promise<unknown> =>
    (
      await execute(
        database.url,
        `select e.bot as event, i.bot as intent, o.bot as told from bot_event e full join intent i on i.bot = e.bot
         full join outbox o on o.bot = i.bot order by 1`,
      )
    ).map(({ event, intent, told }) => [event, intent, told]);
  const all = (pool: typeof database.pool): Promise<unknown> => {
    const ledger = new Ledger(pool);
    return Promise.all(
      ['first', 'stale', 'last'].map((bot) =>
        ledger.append(appendAfter('ada', bot, bot === 'stale' ? 7 : 0, epoch)),
      ),
    );
  };
  assert.deepEqual(await all(database.pool), ['committed', 'stale', 'committed']);
  const each = (bot: string) => [bot, bot, bot];
  assert.deepEqual(await written(), [each('first'), each('last')]);
  // Where the database does not refuse the batch, the stale one's event, order and entry are written without it.
  await execute(
    database.url,
    'delete from bot_event; delete from intent; delete from outbox_batch; update bot set seq = 0',
  );
  const weakened = {
    query: ({ text, values }: QueryConfig) =>
      database.pool.query(text.replace('refuse_stale_batch()', '1'), values),
  };
  // The planted pool answers the one method that the ledger calls.
  await all(weakened as unknown as typeof database.pool);
  assert.deepEqual(await written(), [each('first'), each('last'), each('stale')]);
});

test('of bots of two shards in one commit only that of the lost shard is stale', async (t) => {
  const database = await embeddedServer.database(t);
  for (const bot of ['kept', 'lost']) await makeBot(database, 'ada', bot);
  const leases = new Leases(database.pool, 'w1');
  await leases.round();
  const other = (shard + 1) % 64;
  const ledger = new Ledger(database.pool);
  const both = (after: number, lostEpoch: number) =>
    Promise.all([
      ledger.append(appendAfter('ada', 'kept', after, leases.held.get(shard) ?? -1, shard)),
      ledger.append(appendAfter('ada', 'lost', after, lostEpoch, other)),
    ]);
  assert.deepEqual(await both(0, leases.held.get(other) ?? -1), ['committed', 'committed']);
  assert.deepEqual(await both(1, (leases.held.get(other) ?? 1) - 1), ['committed', 'stale']);
});

test("an owner's outbox is locked after everything else of a commit is written", async (t) => {
  const database = await embeddedServer.database(t);
  await makeBot(database, 'ada', 'b1');
  const leases = new Leases(database.pool, 'w1');
  await leases.round();
  const ledger = new Ledger(database.pool);
  const append = (after: number) => appendAfter('ada', 'b1', after, leases.held.get(shard) ?? -1);
  await ledger.append(append(0));
  // The same event by somebody else who has not committed: the append waits for the end of that.
  const other = await database.pool.connect();
  try {
    await other.query(`begin; insert into bot_event (owner, bot, seq, epoch, event, notes)
      values ('ada', 'b1', 2, 1, '{}', '[]')`);
    const waiting = ledger.append(append(1));
    const isWaiting = `select count(*)::int as n from pg_locks where not granted and locktype = 'transactionid'`;
    while ((await oneRow(database.url, isWaiting))['n'] === 0) await delay(10);
    await execute(database.url, `select last from outbox_head where owner = 'ada' for update nowait`);
    await other.query('rollback');
    assert.equal(await waiting, 'committed');
  } finally {
    other.release(true);
  }
});

test('the database itself refuses a bot without a name, of no known kind or state, or of no shard', async (t) => {
  const database = await embeddedServer.database(t);
  await makeBot(database, 'ada', 'b1');
  const wrong = ["id = ''", "owner = repeat('x', 41)", "name = repeat('x', 81)", "kind = 'martingale'"];
  for (const set of [...wrong, "status = 'asleep'", 'shard = 64', 'seq = -1', 'intent_seq = -1'])
    await assert.rejects(execute(database.url, `update bot set ${set}`), /check constraint/, set);
});
