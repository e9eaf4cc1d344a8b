/** Ctrl-C on `npm start` while bots and people trade: a signal to the whole process group, as a terminal sends it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openDatabase, startDatabase } from '@counterfoil/server';
import { Installation, freePort, removeHome } from './_installation.ts';
import { type Started, descendants, processesNaming, ready, signalGroup, start } from './_start.ts';

const CALLERS = 4;
/** One press is heard several times within a second; a second press comes later. */
const NEXT_PRESS_MS = 1_500;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Trading {
  readonly home: string;
  readonly port: number;
  readonly started: Started;
  /** Resolves when the server takes no more orders. */
  readonly over: Promise<unknown>;
}

/** An installation with its first bots, and people who place orders all the time until nobody answers. */
async function trade(t: TestContext, launcher?: readonly string[]): Promise<Trading> {
  const home = mkdtempSync(join(tmpdir(), 'counterfoil-stop-'));
  t.after(() => removeHome(home));
  const port = await freePort();
  const started = begin(t, home, port, launcher);
  await ready(started);
  let placed = 0;
  const token = readFileSync(join(home, 'run', 'token'), 'utf8');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({
    symbol: 'BTCUSDT',
    side: 'buy',
    type: 'market',
    amount: '0.001',
    sizedBy: 'base',
    price: null,
    timeInForce: null,
  });
  const caller = async (): Promise<void> => {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/paper/orders`, {
        method: 'POST',
        headers,
        body,
      }).catch(() => null);
      if (answer === null) return;
      const { state } = (await answer.json().catch(() => ({}))) as { readonly state?: string };
      if (state === 'accepted') placed++;
    }
  };
  const over = Promise.all(Array.from({ length: CALLERS }, caller));
  while (placed < CALLERS * 5) await wait(20);
  return { home, port, started, over };
}

function begin(t: TestContext, home: string, port: number, launcher?: readonly string[]): Started {
  const started = start(['--port', String(port), '--home', home, '--workers', '2'], {}, launcher);
  // A test that failed half-way leaves nothing running.
  t.after(() => {
    if (started.child.exitCode === null && started.child.signalCode === null) signalGroup(started, 'SIGKILL');
  });
  return started;
}

interface Left {
  /** Leases that a worker still holds. */
  readonly leases: number;
  readonly workers: number;
  /** Orders of which the ledger does not know what became. */
  readonly open: number;
  readonly orders: number;
  readonly byBots: number;
}

/** What the ledger says once everything has ended. */
async function left(home: string): Promise<Left> {
  const database = await startDatabase({
    folder: join(home, 'database'),
    databaseUrl: undefined,
    log: () => {},
  });
  try {
    return await leftIn(database.url);
  } finally {
    await database.stop();
  }
}

async function leftIn(url: string): Promise<Left> {
  const { pool, close } = await openDatabase({ url });
  try {
    const { rows } = await pool.query<Left>(`select
      (select count(*)::int from shard where worker is not null) as leases,
      (select count(*)::int from worker) as workers,
      (select count(*)::int from intent where state in ('journalled', 'unknown')) as open,
      (select count(*)::int from intent) as orders,
      (select count(*)::int from intent where order_name is not null) as "byBots"`);
    const [row] = rows;
    assert.ok(row);
    return row;
  } finally {
    await close();
  }
}

for (const [name, launcher, exitCode] of [
  ['the start program', undefined, 0],
  // npm's shell heard the key as well, and says so by its own end, which comes last.
  ['npm start', ['npm', 'start', '--silent', '--'], null],
] as const) {
  test(`Ctrl-C on ${name} while orders flow ends quietly, every lease given back, every outcome known`, async (t) => {
    const { home, port, started, over } = await trade(t, launcher);
    const before = started.text();
    signalGroup(started, 'SIGINT');
    assert.equal(await started.ended, exitCode);
    assert.deepEqual(processesNaming(home), []);
    await over;
    assert.equal(
      started.text().slice(before.length),
      '\nStopping … (Ctrl-C again ends everything at once)\n',
    );
    assert.doesNotMatch(readFileSync(join(home, 'counterfoil.log'), 'utf8'), /was killed|ended (by|with)/);
    const { orders, byBots, ...rest } = await left(home);
    assert.deepEqual(rest, { leases: 0, workers: 0, open: 0 });
    assert.ok(orders > 0 && byBots > 0, `${orders} orders, ${byBots} of bots`);
    const again = begin(t, home, port);
    await ready(again);
    signalGroup(again, 'SIGINT');
    assert.equal(await again.ended, 0);
  });
}

test('workers that hear the terminal themselves leave their leases behind', async (t) => {
  const { home, started, over } = await trade(t);
  const programs = descendants(started.child.pid ?? 0);
  // As if they stood in the terminal's group; PostgreSQL never did.
  for (const pid of programs)
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('runner/main.ts')) process.kill(pid, 'SIGINT');
  signalGroup(started, 'SIGINT');
  await started.ended;
  await over;
  assert.ok((await left(home)).leases > 0);
});

test('a second Ctrl-C ends everything at once, says what that means, and the next start trades on', async (t) => {
  const { home, started, over } = await trade(t);
  const worker = descendants(started.child.pid ?? 0).find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('runner/main.ts'),
  );
  assert.ok(worker);
  // It cannot stop now, so that the first Ctrl-C takes long.
  process.kill(worker, 'SIGSTOP');
  signalGroup(started, 'SIGINT');
  await wait(NEXT_PRESS_MS);
  signalGroup(started, 'SIGINT');
  assert.equal(await started.ended, 1);
  await over;
  assert.match(started.text(), /Everything was ended at once\. .*looks it up and never sends it twice/);
  // Killed ones are gone once the system has taken them away.
  while (processesNaming(home).length > 0) await wait(20);
  // What was under way is looked up by the next workers once the dead ones' leases have run out.
  const installation = await Installation.start('product', home);
  try {
    const url = installation.desk.database?.url ?? '';
    while ((await leftIn(url)).open > 0) await wait(50);
  } finally {
    await installation.stop();
  }
});
