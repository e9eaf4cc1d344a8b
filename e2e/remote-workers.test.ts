/**
 * Workers on other machines: a PostgreSQL server over TCP, a desk with its door, and `counterfoil worker` in a folder
 * of its own with nothing but its credentials file.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Database, migrate, openDatabase } from '@counterfoil/server';
import { PublicRest } from '@counterfoil/venues';
import { botId, connectionId } from '@counterfoil/vocabulary';
import { newIdentity } from '@counterfoil/wire';
import {
  type RemoteWorker as Credentials,
  parseCredentials,
} from '../packages/server/src/remote/credentials.ts';
import { openLine } from '../packages/server/src/remote/door-line.ts';
import { GateLink } from '../packages/server/src/worker/gate-link.ts';
import { execute, startOnPort } from '../packages/server/tests/_database.ts';
import { marketBuy } from '../packages/vault/tests/_order.ts';
import { type TestConnection, makeConnection, withSession } from './_accounts.ts';
import {
  OWNER,
  START,
  calmDown,
  comparedBooks,
  comparedFills,
  comparedLeaves,
  comparedOrders,
  venueOrders,
} from './_chaos.ts';
import { startBots } from './_chaos-bots.ts';
import { Installation, freePort, removeHome } from './_installation.ts';
import { RemoteWorker, counterfoil } from './_remote-worker.ts';
import { start } from './_start.ts';

/** So many begin at a time; most of them at once, at market. */
const BOTS = 8;
const CONNECTIONS = 4;
/** Fills that show that somebody runs bots, old ones and those that begin now. */
const FILLS = 4;
/** How late the books of the last fills may be. */
const BOOKS_MS_MAX = 60_000;
/** Of what the newest worker printed, which says why where something fails. */
const LINES_SHOWN = 30;
/** Past what a bot may ask meanwhile, and not too far for the gate's fence. */
const SEQ_AHEAD = 500;
const scratch = (): string => mkdtempSync(join(tmpdir(), 'counterfoil-remote-'));

test('a door without a database that other machines reach is refused', async () => {
  const home = scratch();
  const port = String(await freePort());
  const door = `127.0.0.1:${await freePort()}`;
  const started = start(['--port', port, '--home', home, '--worker-door', door]);
  assert.equal(await started.ended, 1);
  assert.match(started.text(), /needs a database that they reach too.*Nothing was started/su);
  removeHome(home);
});

test('bots move between this machine and another one, and no order is doubled or lost', async (t) => {
  const server = await startOnPort();
  const root = scratch();
  const elsewhere = scratch();
  const remotes: RemoteWorker[] = [];
  const door = { host: '127.0.0.1', port: await freePort() };
  const options = { databaseUrl: server.url, workers: 1, workerDoor: door };
  let installation = await Installation.start('product', root, options);
  t.after(async () => {
    for (const remote of remotes) remote.signal('SIGKILL');
    for (const line of remotes.at(-1)?.printed.split('\n').slice(-LINES_SHOWN) ?? []) t.diagnostic(line);
    await installation.stop();
    removeHome(root);
    rmSync(elsewhere, { recursive: true, force: true });
    await server.stop();
  });
  const file = join(elsewhere, 'attic.worker.json');
  const run = (credentials = file, databaseUrl = server.url): RemoteWorker => {
    const remote = new RemoteWorker(elsewhere, credentials, databaseUrl);
    remotes.push(remote);
    return remote;
  };

  const address = `127.0.0.1:${door.port}`;
  const asked = `workers add attic --door ${address} --file ${file} --home ${root}`;
  const added = await counterfoil(asked.split(' '));
  assert.equal(added.code, 0, added.printed);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const written = readFileSync(file, 'utf8');
  assert.ok(!written.includes('correct') && !written.includes('postgres'), 'it says nothing of the database');
  assert.match((await counterfoil(['workers', '--home', root])).printed, /^attic +[0-9a-f]{64}\n$/u);

  // The running vault has not heard of the key.
  await refused(run(), 'worker-not-admitted');
  await installation.stop();
  installation = await Installation.start('product', root, options);
  const database = await openDatabase({ url: server.url });
  t.after(() => database.close());

  await refusesWhatIsWrong(t, { written, elsewhere, databaseUrl: server.url, run });

  const remote = run();
  await installation.until('it is attached', () => Promise.resolve(remote.attachments > 0));
  const adminUrl = installation.desk.paperAdminUrl;
  const connections = await withSession(installation, database, async (session) => {
    const made: TestConnection[] = [];
    for (let n = 0; n < CONNECTIONS; n++)
      made.push(await makeConnection(session, database, adminUrl, OWNER, `remote-${n}`, START));
    return made;
  });
  const ca = readFileSync(join(root, 'paper', 'paper-ca.pem'), 'utf8');
  const rest = new PublicRest({ venue: 'paper', url: installation.desk.paperUrl, ca });
  const ids = connections.map(({ id }) => id);
  t.after(() => rest.close());
  const botsGoOn = async (): Promise<void> => {
    const before = await fillsIn(database);
    await startBots(rest, database, OWNER, ids, BOTS);
    await installation.until('bots go on', async () => (await fillsIn(database)) >= before + FILLS);
  };
  await botsGoOn();
  const holders = async (): Promise<string> => (await shardsOf(database)).join(' ');
  await installation.until('both have shards', async () => /attic-\w+ worker-1/u.test(await holders()));

  // The local one is paused, as a machine that swaps or sleeps is.
  const local = installation.desk.running().get('worker-1') ?? 0;
  process.kill(local, 'SIGSTOP');
  await installation.until('the other machine has all', async () => /^attic-\w+$/u.test(await holders()));
  await botsGoOn();
  const credentials = parseCredentials(written, file);
  assert.equal(await staleOrder(credentials, database, ids[0] ?? ''), 'stale-fence');
  process.kill(local, 'SIGCONT');
  await installation.until('both have shards', async () => /attic-\w+ worker-1/u.test(await holders()));

  // The door hangs: the line is dead without anybody having closed it.
  const doorProcess = installation.desk.running().get('worker-door') ?? 0;
  process.kill(doorProcess, 'SIGSTOP');
  await installation.until('its bots are left to this machine', async () => (await holders()) === 'worker-1');
  await botsGoOn();
  process.kill(doorProcess, 'SIGCONT');
  await installation.until('it came back', () => Promise.resolve(remote.attachments > 1));
  const times = remote.attachments;
  installation.kill('worker-door');
  await installation.until('and again', () => Promise.resolve(remote.attachments > times));

  // Both ways of dying.
  installation.kill('worker-1');
  await botsGoOn();
  remote.signal('SIGKILL');
  await installation.until('this machine has all', async () => (await holders()) === 'worker-1');
  await botsGoOn();

  const second = run();
  await installation.until('both have shards', async () => /attic-\w+ worker-1/u.test(await holders()));
  await calmDown(installation, database, (line) => t.diagnostic(line));
  const atVenue = await sameBooks(database, connections, adminUrl);

  // The desk is started again: the worker comes back by itself.
  const before = second.attachments;
  await installation.stop();
  installation = await Installation.start('product', root, options);
  await installation.until('it came back', () => Promise.resolve(second.attachments > before));

  const removed = await counterfoil(['workers', 'remove', 'attic', '--home', root]);
  assert.equal(removed.code, 0, removed.printed);
  await installation.until('its key opens nothing', () =>
    Promise.resolve(second.printed.includes('no line to the vault (worker-not-admitted)')),
  );
  await installation.until('this machine has all', async () => (await holders()) === 'worker-1');
  second.terminate();
  assert.equal(await second.ended, 0, second.printed);
  assert.ok(!second.printed.includes('PRIVATE KEY') && !second.printed.includes('correct'));

  await installation.stop();
  assert.deepEqual(await comparedLeaves(installation, connections, atVenue), []);
});

/** The workers that hold shards now, in alphabetical order. */
async function shardsOf(database: Database): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ readonly worker: string }>(
    'select distinct worker from shard where until > now() order by worker',
  );
  return rows.map(({ worker }) => worker);
}

async function fillsIn(database: Database): Promise<number> {
  const { rows } = await database.pool.query<{ readonly count: bigint }>('select count(*) from fill');
  return Number(rows[0]?.count);
}

async function sameBooks(
  database: Database,
  connections: readonly TestConnection[],
  adminUrl: string,
): ReturnType<typeof venueOrders> {
  const end = Date.now() + BOOKS_MS_MAX;
  for (;;) {
    const atVenue = await venueOrders(adminUrl);
    const contradictions = [
      ...(await comparedBooks(database, connections, adminUrl)),
      ...(await comparedOrders(database, connections, atVenue)),
      ...(await comparedFills(database, connections, atVenue)),
    ];
    if (contradictions.length === 0) return atVenue;
    if (Date.now() > end) assert.deepEqual(contradictions, []);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

async function refused(remote: RemoteWorker, code: string): Promise<void> {
  assert.equal(await remote.ended, 3, remote.printed);
  assert.match(
    remote.printed,
    new RegExp(`^counterfoil worker: ${code}: .*(?:Nothing|nothing) was started`, 'su'),
  );
  assert.ok(!remote.printed.includes('PRIVATE KEY') && !remote.printed.includes('correct%20horse'));
}

interface Wrong {
  readonly written: string;
  readonly elsewhere: string;
  readonly databaseUrl: string;
  readonly run: (credentials: string, databaseUrl?: string) => RemoteWorker;
}

/** Each thing that an operator can have wrong ends the start with its own code. */
async function refusesWhatIsWrong(
  t: TestContext,
  { written, elsewhere, databaseUrl, run }: Wrong,
): Promise<void> {
  const other = newIdentity();
  const changed = (fields: Readonly<Record<string, unknown>>): string => {
    const path = join(elsewhere, 'changed.worker.json');
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(written) as object), ...fields }));
    return path;
  };
  const keyPem = other.key.export({ type: 'pkcs8', format: 'pem' });
  await refused(run(changed({ keyPem })), 'worker-not-admitted');
  await refused(run(changed({ doorPin: other.pin })), 'worker-door-other');
  await refused(run(changed({ gatePin: other.pin })), 'worker-vault-other');
  await refused(run(changed({ door: `127.0.0.1:${await freePort()}` })), 'worker-door-unreachable');
  await refused(run(changed({ door: 'nowhere' })), 'worker-credentials');
  await refused(run(changed({}), ''), 'database-url-invalid');

  await execute(databaseUrl, 'create database elsewhere');
  const elsewhereUrl = databaseUrl.replace(/postgres$/u, 'elsewhere');
  await refused(run(changed({}), elsewhereUrl), 'database-other');
  await migrate({ url: elsewhereUrl });
  await refused(run(changed({}), elsewhereUrl), 'database-other');
  const [row] = await execute(elsewhereUrl, 'select id from counterfoil_installation');
  const installation = String(row?.['id']);
  await execute(elsewhereUrl, 'delete from counterfoil_migration where number > 10');
  await refused(run(changed({ installation }), elsewhereUrl), 'database-older');
  await execute(
    elsewhereUrl,
    `insert into counterfoil_migration select n, 'later', repeat('0', 64), '9.9.9' from generate_series(11, 99) n`,
  );
  await refused(run(changed({ installation }), elsewhereUrl), 'newer-version');
  t.diagnostic('ten ways of being set up wrongly were refused');
}

/** What the gate says to an order of a bot's earlier epoch that comes by the door. */
async function staleOrder(
  credentials: Credentials,
  database: Database,
  connection: string,
): Promise<string | null> {
  const { rows } = await database.pool.query<{ readonly bot: string; readonly seq: bigint }>(
    `select bot, max(seq) as seq from intent where connection = $1 group by bot
     having bool_or(state = 'accepted') limit 1`,
    [connection],
  );
  const { bot = '', seq = 0n } = rows[0] ?? {};
  const link = new GateLink({
    reach: () => openLine(credentials, 'worker'),
    isDistant: true,
    identity: credentials.identity,
    gatePin: credentials.gatePin,
    nextEpoch: () => Promise.resolve(1),
    onAttached: () => Promise.resolve(),
    log: () => {},
  });
  try {
    const session = await link.session(10_000);
    const at = Number(seq) + SEQ_AHEAD;
    const id = { bot: botId.parse(bot), seq: at };
    const answer = await session?.ask(marketBuy(connectionId.parse(connection), at, { id }));
    return answer?.kind === 'refused' ? answer.code : null;
  } finally {
    await link.close();
  }
}
