import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ApiClient, ApiProblem, type BotDraft, EVENTS_PATH, apiClient } from '@counterfoil/api';
import { newViewRecipient, openViewKey } from '@counterfoil/seal';
import { post } from './_accounts.ts';
import { EventReader } from './_event-reader.ts';
import { Installation } from './_installation.ts';
import { plainDcaDraft } from '../packages/server/tests/_plain-dca.ts';

let installation: Installation;
let api: ApiClient;
let connection: string;

const marketBuy = {
  symbol: 'BTCUSDT',
  side: 'buy',
  type: 'market',
  amount: '0.001',
  sizedBy: 'base',
  price: null,
  timeInForce: null,
} as const;

before(async () => {
  installation = await Installation.start('product');
  api = apiClient((path, init) => fetch(`http://localhost:${installation.port}${path}`, init));
  const reader = await api.listMarkets();
  assert.ok(reader.items.length > 0);
  // The demo's one connection is named by its first order.
  const order = await api.placeOrder({
    body: marketBuy,
    idempotencyKey: crypto.randomUUID(),
  });
  connection = order.connection;
});

after(async () => {
  await installation.stop();
  installation.remove();
});

const key = (): { readonly idempotencyKey: string } => ({ idempotencyKey: crypto.randomUUID() });
const refusedWith = (code: string) => (error: unknown) =>
  error instanceof ApiProblem && error.problem.code === code;

function draft(name: string, change: Partial<{ order: string; target: string }> = {}): BotDraft {
  return { name, connection, plan: plainDcaDraft(change.order ?? '50', change.target ?? '1') };
}

async function until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a bot is made, started, paused, edited and stopped over the API, and every order has its receipt', async () => {
  const asked = draft('Walk');
  const made = await api.createBot({ body: asked, ...key() });
  assert.equal(made.state, 'draft');
  assert.deepEqual(made.plan, asked.plan, 'what was asked for comes back as it was said');
  const bot = { bot: made.id };
  assert.match((await api.whyBot({ params: bot })).sentence, /not been started/);
  assert.equal((await api.startBot({ params: bot, ...key() })).state, 'running');
  const deal = await until('a deal is open', async () =>
    (await api.listDeals({ query: { bot: made.id } })).items.find((one) => one.state === 'open'),
  );
  assert.equal((await api.pauseBot({ params: bot, ...key() })).state, 'paused');
  const now = await api.getBot({ params: bot });
  const edited = await api.editBot({
    params: bot,
    body: { name: 'Walked', plan: now.plan, version: now.version },
    ...key(),
  });
  assert.equal(edited.name, 'Walked');
  await assert.rejects(
    api.editBot({ params: bot, body: { name: 'Late', plan: now.plan, version: now.version + 1 }, ...key() }),
    refusedWith('conflict'),
  );
  await assert.rejects(api.removeBot({ params: bot }), refusedWith('conflict'));
  await api.closeDeal({ params: { deal: deal.id }, ...key() });
  const closed = await until('the deal is closed', async () => {
    const one = await api.getDeal({ params: { deal: deal.id } });
    return one.state === 'closed' && one;
  });
  assert.equal(closed.closedBy, 'closed-by-user');
  assert.equal(
    (
      await until('the bot stops', async () => {
        const one = await api.getBot({ params: bot });
        return one.state === 'stopped' && one;
      })
    ).profit[0]?.amount,
    closed.profit?.amount,
  );
  const orders = (await api.listOrders({ query: { bot: made.id } })).items;
  assert.ok(orders.length >= 4, 'base, averaging, target and close');
  for (const order of orders) {
    const { proof } = await api.getReceipt({ params: { order: order.id } });
    assert.match(proof, /^c2sp\.org\/tlog-proof@v1\n/);
  }
  const fills = (await api.listFills({ query: { bot: made.id } })).items;
  const sum = (side: string): number =>
    fills.filter((one) => one.side === side).reduce((total, one) => total + Number(one.quantity), 0);
  assert.ok(fills.length >= 2 && sum('buy') >= sum('sell'));
  await api.removeBot({ params: bot });
  await assert.rejects(api.getBot({ params: bot }), refusedWith('not-found'));
});

test('a bot that was made under finer steps trades on those that its venue has come to demand', async (t) => {
  const adminUrl = installation.desk.paperAdminUrl;
  const steps = (tickSize: string, stepSize: string): Promise<unknown> =>
    post(adminUrl, '/markets/BTCUSDT/rules', { tickSize, stepSize }, 'PATCH');
  t.after(() => steps('0.01', '0.00001'));
  const made = await api.createBot({ body: draft('Coarser', { target: '1.01' }), ...key() });
  const bot = { bot: made.id };
  await steps('0.1', '0.0001');
  // The worker that has traded on this market reads its rules every 15 s.
  await until('the worker has read them', async () =>
    installation.lines.some((line) => line.includes('prices step by 0.1 now, quantities by 0.0001')),
  );
  await api.startBot({ params: bot, ...key() });
  const resting = await until('two averaging orders and an exit rest', async () => {
    const { items } = await api.listOrders({ query: { bot: made.id } });
    const open = items.filter(({ state, type }) => type === 'limit' && state === 'acknowledged');
    return open.length === 3 && open;
  });
  for (const { price, quantity } of resting) {
    assert.match(price ?? '', /^\d+(\.\d0*)?$/);
    assert.match(quantity ?? '', /^\d+\.\d{1,4}0*$/);
  }
  await api.stopBot({ params: bot, body: { positions: 'close', gridAction: null }, ...key() });
  await until('it is stopped', async () => (await api.getBot({ params: bot })).state === 'stopped');
});

test('a key says what it may do and when it signed last', async () => {
  const demo = async () => (await api.listConnections()).items.find(({ id }) => id === connection);
  const before = await demo();
  assert.deepEqual(before?.permissions, { trade: true, withdraw: false, ipAllowList: false });
  assert.equal(before.grade, 'B');
  const { journalledAt } = await api.placeOrder({ body: marketBuy, ...key() });
  const after = await demo();
  assert.equal(after?.lastUsedAt, journalledAt);
  assert.notEqual(before.lastUsedAt, journalledAt);
});

test('what cannot work is refused with every reason before a bot exists', async () => {
  const before = (await api.listBots()).items.length;
  await assert.rejects(
    api.createBot({ body: draft('Tiny', { order: '1' }), ...key() }),
    refusedWith('impossible'),
  );
  const { connection: _, plan } = draft('Tiny', { order: '1' });
  const { ok, refusals } = await api.validateBot({ body: { connection, plan } });
  assert.equal(ok, false);
  assert.match(refusals[0]?.message ?? '', /5/);
  await assert.rejects(
    api.createBot({ body: { ...draft('Foreign'), connection: 'somebody-elses' }, ...key() }),
    refusedWith('not-found'),
  );
  assert.equal((await api.listBots()).items.length, before);
});

test('a SmartTrade enters, shows its exit and closes', async () => {
  const made = await api.createSmartTrade({
    body: {
      name: 'Once',
      connection,
      options: {
        market: 'BTCUSDT',
        direction: 'long',
        quantity: '0.001',
        entry: { kind: 'market' },
        exit: {
          targets: [{ at: { by: 'percent', percent: '5' }, share: '100', type: 'limit' }],
          trailing: null,
          stop: null,
        },
      },
    },
    ...key(),
  });
  const smartTrade = { smartTrade: made.id };
  await until('it is open', async () => (await api.getSmartTrade({ params: smartTrade })).state === 'open');
  await api.closeSmartTrade({ params: smartTrade, ...key() });
  const closed = await until('it is closed', async () => {
    const one = await api.getSmartTrade({ params: smartTrade });
    return one.state === 'closed' && one;
  });
  assert.notEqual(closed.profit, null);
});

/** Exit code and what a command against this installation printed. */
function command(...words: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  const program = join(import.meta.dirname, '../packages/cli/src/main.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...words, '--home', installation.root], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr }),
    );
  });
}

test('the command line shows and moves what the API does', async () => {
  const made = await api.createBot({ body: draft('Typed'), ...key() });
  assert.match((await command('status')).text, /PAPER.*\n.*Bots/);
  assert.match((await command('bots')).text, /PAPER +Typed +draft/);
  assert.match((await command('bots', 'why', 'Typed')).text, /not been started/);
  assert.match((await command('bots', 'start', 'Typed')).text, /running/);
  await until('it trades', async () => (await api.listFills({ query: { bot: made.id } })).items.length > 0);
  assert.match((await command('deals')).text, new RegExp(`${made.id}-1 +BTCUSDT`));
  const frozen = await command('freeze', '--json');
  assert.equal((JSON.parse(frozen.text) as { unprotected: unknown[] }).unprotected.length, 1);
  const order = { symbol: 'BTCUSDT', side: 'buy', type: 'market', amount: '0.001', sizedBy: 'base' } as const;
  const refused = await api.placeOrder({ body: { ...order, price: null, timeInForce: null }, ...key() });
  assert.equal(refused.state, 'refused');
  assert.match((await command('thaw')).text, /Nothing is frozen/);
  assert.match((await command('bots', 'stop', 'Typed', '--close')).text, /Typed/);
  assert.equal((await command('doctor')).code, 0);
  assert.deepEqual(
    [(await command('bots', 'start', 'Nobody')).code, (await command('bots', 'fly')).code],
    [3, 2],
  );
});

test('a key is replaced while its bot trades, and removed when nothing does; its history stays', async () => {
  const recipient = await newViewRecipient();
  const viewRecipient = Buffer.from(recipient.publicKey).toString('base64url');
  const made = await api.createConnection({
    body: { venue: 'paper', label: 'Second', keyType: 'ed25519', viewRecipient, assertion: null },
    ...key(),
  });
  const params = { connection: made.id };
  const { id } = await api.createBot({ body: { ...draft('Rotated'), connection: made.id }, ...key() });
  const fills = async () => (await api.listFills({ query: { bot: id } })).items;
  await api.startBot({ params: { bot: id }, ...key() });
  await until('it trades', async () => (await fills()).length > 0);
  const rotated = await api.rotateConnection({ params, body: { keyType: 'rsa', assertion: null }, ...key() });
  assert.deepEqual([rotated.keyType, rotated.state, rotated.successor], ['rsa', 'ready', null]);
  assert.notEqual(rotated.apiKeyId, made.apiKeyId);
  await assert.rejects(
    api.registerConnection({ params, body: { apiKeyId: made.apiKeyId ?? '' } }),
    refusedWith('refused'),
    'there is no way back to the old key',
  );
  // Both ends of the line have to find the chain again, which began under the old key's id.
  installation.kill('gate');
  await installation.well();
  const remove = () => api.removeConnection({ params, body: { assertion: null } });
  await assert.rejects(remove(), refusedWith('conflict'), 'a bot needs it');
  await api.stopBot({ params: { bot: id }, body: { positions: 'close', gridAction: null }, ...key() });
  await until('it is over', async () => (await api.getBot({ params: { bot: id } })).state === 'stopped');
  const { sealed, ...view } = await api.getViewKey({ params });
  assert.equal(view.apiKeyId, made.apiKeyId, 'its leaves begin under the old id');
  const { vaultId } = await api.beginApproval();
  const of = { vaultId, connection: made.id };
  const viewKey = await openViewKey(recipient, of, Buffer.from(sealed ?? '', 'base64url'));
  const { venue, apiKeyId, epoch } = view;
  const file = join(installation.root, 'second.json');
  const history = async (change = {}) => {
    const content = { venue, apiKeyId, epoch, viewKey: Buffer.from(viewKey).toString('hex'), ...change };
    writeFileSync(file, JSON.stringify(content));
    return (await command('verify', 'history', '--connection', file)).code;
  };
  assert.equal(await history(), 0, 'one history over both keys');
  assert.notEqual(await history({ apiKeyId: rotated.apiKeyId }), 0, 'none begins under the new id');
  const typed = await command('connections', 'rotate', 'Second', '--json');
  assert.equal((JSON.parse(typed.text) as { keyType: string }).keyType, 'ed25519');
  assert.match((await command('connections', 'remove', 'Second')).text, /PAPER +Second .* removed/);
  assert.deepEqual(
    [
      (await command('connections', 'remove', 'Second')).code,
      (await command('connections', 'fly', 'demo')).code,
    ],
    [3, 2],
  );
  const removed = await api.getConnection({ params });
  assert.equal(removed.state, 'removed');
  assert.notEqual(removed.removedAt, null);
  assert.ok((await api.listConnections()).items.some((one) => one.id === made.id));
  assert.ok((await fills()).length >= 2);
  for (const order of (await api.listOrders({ query: { bot: id } })).items)
    assert.match(
      (await api.getReceipt({ params: { order: order.id } })).proof,
      /^c2sp\.org\/tlog-proof@v1\n/,
    );
  await assert.rejects(api.startBot({ params: { bot: id }, ...key() }), refusedWith('conflict'));
  await assert.rejects(remove(), refusedWith('conflict'));
  await assert.rejects(
    api.removeConnection({ params: { connection }, body: { assertion: null } }),
    refusedWith('conflict'),
    'the demo keeps its own',
  );
});

test('a stream over killed servers loses no event and repeats none', async () => {
  const url = `http://localhost:${installation.port}${EVENTS_PATH}`;
  const whole = new EventReader(url, 0);
  for (const round of [1, 2, 3]) {
    const made = await until('the server answers', () =>
      api.createBot({ body: draft(`Stream ${round}`), ...key() }).catch(() => null),
    );
    await api.startBot({ params: { bot: made.id }, ...key() });
    await until('it trades', async () => (await api.listFills({ query: { bot: made.id } })).items.length > 0);
    installation.kill('server');
    await installation.well();
    await api.stopBot({ params: { bot: made.id }, body: { positions: 'close', gridAction: null }, ...key() });
    await until(
      'it is over',
      async () => (await api.getBot({ params: { bot: made.id } })).state === 'stopped',
    );
  }
  const expected = new EventReader(url, 0);
  await until('a second reader has caught up', async () => {
    const count = expected.numbered.length;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return (
      count > 0 &&
      count === expected.numbered.length &&
      whole.numbered.at(-1)?.id === expected.numbered.at(-1)?.id
    );
  });
  await Promise.all([whole.close(), expected.close()]);
  assert.ok(whole.lines >= 4, 'its line broke with each server');
  const numbers = whole.numbered.map(({ id }) => id);
  assert.deepEqual(
    numbers,
    numbers.map((_, n) => n + 1),
    'every number from the first on, once and in order',
  );
  assert.deepEqual(
    numbers,
    expected.numbered.map(({ id }) => id),
  );
});
