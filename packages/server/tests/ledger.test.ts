import assert from 'node:assert/strict';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import type { QueryConfig } from 'pg';
import { migrationsFolder } from '../src/database/migration-files.ts';
import { migrate, openDatabase } from '../src/index.ts';
import { appendStatement } from '../src/ledger/append-statement.ts';
import { toExactJson } from '../src/ledger/exact-json.ts';
import { Leases, shardOf } from '../src/ledger/leases.ts';
import { Ledger } from '../src/ledger/ledger.ts';
import { type TestDatabase, embeddedServer, execute, oneRow, testServers } from './_database.ts';
import { temporaryFolder } from './_folder.ts';
import { appendAfter, CONNECTION, makeBot } from './_ledger.ts';

const shard = shardOf('ada', CONNECTION);

for (const server of testServers) {
  test(`${server.name}: an append writes event, state, intent and outbox in one commit`, async (t) => {
    const database = await server.database(t);
    await makeBot(database, 'ada', 'b1');
    const leases = new Leases(database.pool, 'w1');
    await leases.round();
    const ledger = new Ledger(database.pool);
    const append = appendAfter('ada', 'b1', 0, leases.held.get(shard) ?? -1);
    assert.equal(await ledger.append(append), 'committed');
    const row = await oneRow(
      database.url,
      `select b.seq::int, b.state::text, e.event::text, i.order_name, o.id::int as told from bot b
       join bot_event e on e.bot = b.id join intent i on i.bot = b.id join outbox o on o.bot = b.id`,
    );
    assert.deepEqual(row, {
      seq: 1,
      state: '{"seq":"#1"}',
      event: '{"kind":"test","price":"#6124050"}',
      order_name: 'o-1',
      told: 1,
    });
  });

  test(`${server.name}: of two writers at one position one commits and one is stale`, async (t) => {
    const database = await server.database(t);
    await makeBot(database, 'ada', 'b1');
    const leases = new Leases(database.pool, 'w1');
    await leases.round();
    const epoch = leases.held.get(shard) ?? -1;
    const writers = [new Ledger(database.pool), new Ledger(database.pool)];
    const results = await Promise.all(writers.map((one) => one.append(appendAfter('ada', 'b1', 0, epoch))));
    assert.deepEqual(results.toSorted(), ['committed', 'stale']);
    const counted = await oneRow(
      database.url,
      `select count(*)::int as n, (select count(*)::int from outbox) as told from bot_event`,
    );
    assert.deepEqual(counted, { n: 1, told: 1 });
  });
}

test('texts of every kind come back as they were, also beside appends that say less', async (t) => {
  const database = await embeddedServer.database(t);
  const leases = new Leases(database.pool, 'w1');
  await leases.round();
  const ledger = new Ledger(database.pool);
  const said = ['"', '\\', '\n', '{NULL,""}', '', 'NULL', '€😀', "'; drop table bot"];
  const results = await Promise.all(
    said.map(async (each, n) => {
      await makeBot(database, 'ada', `b${n}`);
      const append = appendAfter('ada', `b${n}`, 0, leases.held.get(shard) ?? -1);
      const position = { ...append.position, state: toExactJson({ each }), parked: toExactJson([each]) };
      const outbox = n % 2 === 0 ? [] : [{ kind: 'test', body: toExactJson({ each }) }];
      return ledger.append({
        ...append,
        position,
        outbox,
        options: n % 3 === 0 ? toExactJson({ each }) : null,
      });
    }),
  );
  assert.deepEqual(new Set(results), new Set(['committed']));
  const rows = await execute(
    database.url,
    `select b.state->>'each' as state, b.parked->>0 as parked, b.options->>'each' as options, o.body->>'each' as told
     from bot b left join outbox o on o.bot = b.id order by b.id`,
  );
  assert.deepEqual(
    rows,
    said.map((each, n) => ({
      state: each,
      parked: each,
      options: n % 3 === 0 ? each : null,
      told: n % 2 === 0 ? null : each,
    })),
  );
});

test('a value of more than one line is refused before anything is written', async (t) => {
  const database = await embeddedServer.database(t);
  await makeBot(database, 'ada', 'b1');
  const leases = new Leases(database.pool, 'w1');
  await leases.round();
  const ledger = new Ledger(database.pool);
  const append = appendAfter('ada', 'b1', 0, leases.held.get(shard) ?? -1);
  const torn = { ...append, bot: 'b\n1' };
  await assert.rejects(ledger.append(torn), /one line/);
  assert.deepEqual(await oneRow(database.url, 'select seq::int from bot'), { seq: 0 });
  assert.equal(await ledger.append(append), 'committed');
});

test('a worker that was away writes nothing after its shards went to another', async (t) => {
  const database = await embeddedServer.database(t);
  await makeBot(database, 'ada', 'b1');
  const away = new Leases(database.pool, 'away');
  await away.round();
  const old = away.held.get(shard) ?? -1;
  await execute(database.url, `delete from worker; update shard set until = now() - interval '1 s'`);
  const heir = new Leases(database.pool, 'heir');
  await heir.round();
  const now = heir.held.get(shard) ?? -1;
  assert.ok(now > old);
  const ledger = new Ledger(database.pool);
  assert.equal(await ledger.append(appendAfter('ada', 'b1', 0, old)), 'stale');
  assert.equal(await ledger.append(appendAfter('ada', 'b1', 0, now)), 'committed');
  assert.ok((await away.round()).lost.includes(shard));
});

test('a settlement of a worker that lost the shard changes nothing', async (t) => {
  const database = await embeddedServer.database(t);
  await makeBot(database, 'ada', 'b1');
  const leases = new Leases(database.pool, 'w1');
  await leases.round();
  const epoch = leases.held.get(shard) ?? -1;
  const ledger = new Ledger(database.pool);
  await ledger.append(appendAfter('ada', 'b1', 0, epoch));
  const settlement = {
    owner: 'ada',
    bot: 'b1',
    seq: 1,
    shard,
    state: 'accepted',
    clientOrderId: 'x1',
    outcome: {},
    receipt: null,
  } as const;
  const state = async (): Promise<unknown> =>
    (await oneRow(database.url, 'select state from intent'))['state'];
  await ledger.settle({ ...settlement, epoch: epoch - 1 });
  assert.equal(await state(), 'journalled');
  await ledger.settle({ ...settlement, epoch });
  assert.equal(await state(), 'accepted');
});

test('without the join on the epoch the worker that was away would have written', async (t) => {
  const database = await embeddedServer.database(t);
  await makeBot(database, 'ada', 'b1');
  const leases = new Leases(database.pool, 'w1');
  await leases.round();
  const weakened = {
    query: (statement: { readonly text: string; readonly values: unknown[] }) =>
      database.pool.query(
        statement.text.replaceAll(/\(\(select epochs from lease\)\)\[\w\.lease\] = \w\.epoch/g, 'true'),
        statement.values,
      ),
  };
  // The planted pool answers the one method that the ledger calls.
  const ledger = new Ledger(weakened as unknown as typeof database.pool);
  assert.equal(await ledger.append(appendAfter('ada', 'b1', 0, 0)), 'committed');
});

/** Whether another worker gets the shard of a holder that is silent, in the middle of a commit of it. */
async function takenDuringCommit(
  database: TestDatabase,
  statementOf: (text: string) => string,
  shards: readonly number[] = [shard],
): Promise<{ readonly during: boolean; readonly after: boolean }> {
  const holder = new Leases(database.pool, 'holder');
  await holder.round();
  for (const each of shards) await makeBot(database, 'ada', `b${each}`);
  const { text, values } = appendStatement(
    'ada',
    shards.map((each) => appendAfter('ada', `b${each}`, 0, holder.held.get(each) ?? -1, each)),
    [],
  );
  const commit = await database.pool.connect();
  try {
    await commit.query('begin');
    await commit.query(statementOf(text), values);
    // The holder may still renew: its own commit is not in its way.
    assert.equal((await holder.round()).lost.length, 0);
    await execute(database.url, `delete from worker; update shard set until = now() - interval '1 s'`);
    const heir = new Leases(database.pool, 'heir');
    await heir.round();
    const during = heir.held.has(shard);
    await commit.query('commit');
    await heir.round();
    return { during, after: heir.held.has(shard) };
  } finally {
    commit.release();
  }
}

// A commit of one shard and one of several find their leases by different words.
for (const shards of [[shard], [shard, (shard + 1) % 64]]) {
  test(`a shard is taken over after a silent holder's commit of ${shards.length}, not before`, async (t) => {
    const database = await embeddedServer.database(t);
    const taken = await takenDuringCommit(database, (text) => text, shards);
    assert.deepEqual(taken, { during: false, after: true });
  });

  test(`without the lock of the lease it is taken over in the middle of a commit of ${shards.length}`, async (t) => {
    const database = await embeddedServer.database(t);
    const weakened = (text: string): string => text.replace('for key share', '');
    assert.deepEqual(await takenDuringCommit(database, weakened, shards), { during: true, after: true });
  });
}

test('with a stronger lock of the lease its holder could not renew while it commits', async (t) => {
  const database = await embeddedServer.database(t);
  const options = encodeURIComponent('-c lock_timeout=300ms');
  const impatient = await openDatabase({ url: `${database.url}&options=${options}` });
  t.after(() => impatient.close());
  const stronger = (text: string): string => text.replace('for key share', 'for share');
  await assert.rejects(takenDuringCommit({ ...impatient, url: database.url }, stronger), /lock timeout/);
});

test('writes of one bot keep their order over commits that are under way at once', async (t) => {
  const database = await embeddedServer.database(t);
  const bots = Array.from({ length: 64 }, (_, n) => `b${n}`);
  for (const bot of bots) await makeBot(database, 'ada', bot);
  const leases = new Leases(database.pool, 'w1');
  await leases.round();
  const epoch = leases.held.get(shard) ?? -1;
  let [underWay, most] = [0, 0];
  const watched = {
    query: async (statement: QueryConfig) => {
      most = Math.max(most, ++underWay);
      try {
        return await database.pool.query(statement);
      } finally {
        underWay--;
      }
    },
  };
  // The watched pool answers the one method that the ledger calls.
  const ledger = new Ledger(watched as unknown as typeof database.pool);
  // Nobody waits for the answer before the next: each is the event before the next one's.
  const results = await Promise.all(
    bots.flatMap((bot) => [0, 1, 2, 3].map((after) => ledger.append(appendAfter('ada', bot, after, epoch)))),
  );
  assert.deepEqual(new Set(results), new Set(['committed']));
  assert.equal(most, 2, 'two commits at once');
});

test('the outbox of an owner has no gap and no double, however many bots write at once', async (t) => {
  const database = await embeddedServer.database(t);
  const bots = Array.from({ length: 40 }, (_, n) => `b${n}`);
  for (const bot of bots) await makeBot(database, 'ada', bot);
  const leases = new Leases(database.pool, 'w1');
  await leases.round();
  const epoch = leases.held.get(shard) ?? -1;
  const ledgers = [new Ledger(database.pool), new Ledger(database.pool)];
  const ROUNDS = 10;
  await Promise.all(
    bots.map(async (bot, n) => {
      for (let round = 0; round < ROUNDS; round++) {
        const result = await ledgers[n % 2]?.append(appendAfter('ada', bot, round, epoch));
        assert.equal(result, 'committed');
      }
    }),
  );
  const { n, least, most } = await oneRow(
    database.url,
    'select count(distinct id)::int as n, min(id)::int as least, max(id)::int as most from outbox',
  );
  assert.deepEqual([n, least, most], [bots.length * ROUNDS, 1, bots.length * ROUNDS]);
});

test('entries that were written one by one are there under their numbers after the migration', async (t) => {
  const running = await embeddedServer.emptyDatabase(t);
  const earlier = temporaryFolder(t);
  for (const file of readdirSync(migrationsFolder))
    if (file < '0011') cpSync(join(migrationsFolder, file), join(earlier, file));
  await migrate(running, { folder: earlier });
  await execute(
    running.url,
    `insert into outbox (owner, id, kind, bot, body)
     values ('ada', 1, 'note', 'b1', '{"at": "#17"}'), ('ada', 2, 'event', null, '[1.50]'),
       ('bob', 1, 'bot', 'b2', '{}')`,
  );
  await migrate(running);
  const rows = await execute(
    running.url,
    `select owner, id::int, kind, bot, body::text from outbox order by owner, last, id`,
  );
  assert.deepEqual(rows, [
    { owner: 'ada', id: 1, kind: 'note', bot: 'b1', body: '{"at": "#17"}' },
    { owner: 'ada', id: 2, kind: 'event', bot: null, body: '[1.50]' },
    { owner: 'bob', id: 1, kind: 'bot', bot: 'b2', body: '{}' },
  ]);
});

test('workers share the shards evenly, and the shards of a dead one go to the others', async (t) => {
  const database = await embeddedServer.database(t);
  const workers = ['a', 'b', 'c'].map((id) => new Leases(database.pool, id));
  for (let round = 0; round < 4; round++) for (const one of workers) await one.round();
  const sizes = workers.map((one) => one.held.size);
  assert.ok(Math.max(...sizes) <= 22, sizes.join());
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    64,
  );
  const epochs = new Set(workers.flatMap((one) => [...one.held.values()]));
  assert.ok(epochs.size >= 3);
  const [first, second] = workers;
  // `c` is silent for longer than a lease.
  for (let waited = 0; waited < 5; waited++) {
    await delay(400);
    await first?.round();
    await second?.round();
  }
  assert.equal((first?.held.size ?? 0) + (second?.held.size ?? 0), 64);
});

test('what a worker held before it died goes to the others where its share is smaller now', async (t) => {
  const database = await embeddedServer.database(t);
  const dead = new Leases(database.pool, 'w1');
  const other = new Leases(database.pool, 'w2');
  await dead.round();
  await other.round();
  assert.deepEqual([dead.held.size, other.held.size], [64, 0]);
  const again = new Leases(database.pool, 'w1');
  await again.round();
  await execute(database.url, `update shard set until = now() - interval '1 s'`);
  // It renews what it holds, and not what has its name on it.
  await again.round();
  await other.round();
  assert.deepEqual([again.held.size, other.held.size], [32, 32]);
});

test('a new epoch for the held shards makes every earlier append stale', async (t) => {
  const database = await embeddedServer.database(t);
  await makeBot(database, 'ada', 'b1');
  const leases = new Leases(database.pool, 'w1');
  await leases.round();
  const before = leases.held.get(shard) ?? -1;
  await leases.renewEpochs();
  const ledger = new Ledger(database.pool);
  assert.equal(await ledger.append(appendAfter('ada', 'b1', 0, before)), 'stale');
  assert.equal(await ledger.append(appendAfter('ada', 'b1', 0, leases.held.get(shard) ?? -1)), 'committed');
});
