/**
 * The main job on real prices: a DCA bot trades a recorded stretch of a real market through ledger, gate, builder,
 * switch and TLS, and everything that it did can be checked afterwards.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { BotService, type Database, openDatabase } from '@counterfoil/server';
import { ledgerBalances, venueBalances } from './_books.ts';
import { Installation } from './_installation.ts';

const recording = join(import.meta.dirname, '../../shared/data/market/binance-raw/spot_btcusdt_20240808.gz');
const skip = existsSync(recording) ? false : 'data folder absent: the recording is not there';
const run = promisify(execFile);
const cli = join(import.meta.dirname, '../packages/cli/bin/counterfoil.mjs');
/** 346 recorded seconds in a minute and a half: faster, a loaded machine's delays would grow into price moves. */
const SPEED = 4;
const OWNER = 'demo';

let installation: Installation;
let database: Database;
let service: BotService;
let ended = '';

async function counterfoil(...args: readonly string[]): Promise<{ code: number; text: string }> {
  const env = { ...process.env, COUNTERFOIL_HOME: installation.root };
  try {
    const { stdout } = await run(process.execPath, [cli, ...args], { env, cwd: installation.root });
    return { code: 0, text: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: stdout + stderr };
  }
}

before(async () => {
  if (skip !== false) return;
  installation = await Installation.start('product', mkdtempSync(join(tmpdir(), 'counterfoil-')), {
    recording: { files: [recording], symbol: 'BTCUSDT', speed: SPEED },
    presets: true,
    onRecordingEnded: (sentence) => (ended = sentence),
  });
  database = await openDatabase({ url: installation.desk.database?.url ?? '' });
  service = new BotService(database.kysely);
  const end = Date.now() + 180_000;
  while (ended === '' && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 200));
  // The last answers arrive; then nothing is open but what rests.
  await installation.until('every intent is settled', async () => {
    const open = await database.kysely
      .selectFrom('intent')
      .select('seq')
      .where('state', 'in', ['journalled', 'unknown'])
      .execute();
    return open.length === 0;
  });
});

after(async () => {
  if (skip !== false) return;
  await database.close();
  await installation.stop();
  installation.remove();
});

test('the recording ends once, and that is said', { skip }, () => {
  assert.match(ended, /The recording of BTCUSDT ends at 2024-08-0[89]/);
});

test('at least three deals with an averaging order each are closed', { skip }, async (t) => {
  const deals = await service.deals(OWNER, null, 100);
  const averaged = deals.filter((deal) => (deal.result as { averagings?: number } | null)?.averagings ?? 0);
  t.diagnostic(`${deals.length} deals, ${averaged.length} closed after averaging`);
  assert.ok(averaged.length >= 3, `${averaged.length} of ${deals.length}`);
});

test('every order and every cancel has its receipt', { skip }, async () => {
  const intents = await database.kysely.selectFrom('intent').select(['seq', 'state', 'receipt']).execute();
  assert.ok(intents.length > 20);
  // What the vault refused used no key, and has nothing to show.
  const used = intents.filter(({ state }) => state !== 'refused');
  for (const { seq, receipt } of used) assert.ok(receipt !== null, `intent ${seq} has no receipt`);
});

test('the books of the ledger and of the venue agree to the last unit', { skip }, async () => {
  const connection = await database.kysely.selectFrom('connection').select('id').executeTakeFirstOrThrow();
  const start = { USDT: '100000', BTC: '1' };
  const bases = { BTCUSDT: 'BTC' };
  const venue = await venueBalances(installation.desk.paperAdminUrl, 'demo');
  const ledger = await ledgerBalances(database.pool, connection.id, start, bases);
  assert.deepEqual(ledger, venue);
  // One lost fill shows.
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    await client.query('delete from fill where trade_id = (select min(trade_id) from fill)');
    assert.notDeepEqual(await ledgerBalances(client, connection.id, start, bases), venue);
  } finally {
    await client.query('rollback');
    client.release();
  }
});

test('the command says why the bot does not trade any more', { skip }, async () => {
  const { code, text } = await counterfoil('bots', 'why', 'Demo DCA BTC');
  assert.equal(code, 0, text);
  assert.match(text, /BTCUSDT is closed: nothing is bought or sold/);
  assert.match((await counterfoil('bots')).text, /PAPER {2}Demo DCA BTC/);
  assert.equal((await counterfoil('bots', 'why', 'nobody')).code, 3);
});

test('the history of the whole run is verified, and not after one changed byte', { skip }, async () => {
  const orders = await installation.venueOrders();
  await installation.stop();
  const leaves = await installation.leaves();
  const signed = leaves.flatMap((leaf) =>
    leaf.kind === 'sign' && leaf.method === 'orderCreate' ? [leaf.clientOrderId] : [],
  );
  assert.equal(new Set(signed).size, signed.length);
  for (const { clientOrderId } of orders) assert.ok(signed.includes(clientOrderId), clientOrderId);
  const history = await counterfoil('verify', 'history');
  assert.equal(history.code, 0, history.text);
  // The bundle of entries that covers the end of the log; older ones are not read any more.
  const folder = join(installation.root, 'log', 'journal', 'public', 'tile', 'entries');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  const bundles = files.filter((path) => /\d$/.test(path) && statSync(path).isFile());
  const file = bundles.toSorted((a, b) => statSync(b).size - statSync(a).size)[0];
  assert.ok(file !== undefined);
  const altered = readFileSync(file);
  const middle = Math.floor(altered.length / 2);
  altered[middle] = (altered[middle] ?? 0) ^ 1;
  writeFileSync(file, altered);
  // 1: a check failed; 3: what was changed is a length, and the bundle cannot be read at all.
  assert.ok([1, 3].includes((await counterfoil('verify', 'history')).code));
});
