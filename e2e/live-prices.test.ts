import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type ApiClient, type Market, type Order, apiClient } from '@counterfoil/api';
import { freePort, removeHome } from './_installation.ts';
import { LiveVenue } from './_live-venue.ts';
import { type Started, ready, signalGroup, start } from './_start.ts';

const scratch = mkdtempSync(join(tmpdir(), 'counterfoil-live-'));
const starts: Started[] = [];
after(() => {
  for (const started of starts) if (started.child.exitCode === null) started.child.kill('SIGTERM');
  for (const name of ['live', 'alone']) removeHome(join(scratch, name));
  rmSync(scratch, { recursive: true, force: true });
});

interface Running {
  readonly started: Started;
  readonly api: ApiClient;
}

async function run(
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Running> {
  const port = await freePort();
  const started = start(['--port', String(port), '--home', home, ...args], env);
  starts.push(started);
  await ready(started);
  return { started, api: apiClient((path, init) => fetch(`http://localhost:${port}${path}`, init)) };
}

async function marketOf({ api }: Running, symbol: string): Promise<Market> {
  const market = (await api.listMarkets()).items.find((one) => one.symbol === symbol);
  assert(market !== undefined, `${symbol} is a market`);
  return market;
}

/** No timed assertion: what never comes ends the test file by its runner's limit. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100));
}

async function stop({ started }: Running): Promise<void> {
  signalGroup(started, 'SIGINT');
  assert.equal(await started.ended, 0);
}

const buy = ({ api }: Running): Promise<Order> =>
  api.placeOrder({
    body: {
      symbol: 'BTCUSDT',
      side: 'buy',
      type: 'market',
      amount: '0.001',
      sizedBy: 'base',
      price: null,
      timeInForce: null,
    },
    idempotencyKey: crypto.randomUUID(),
  });

test('a new installation follows live prices, says so, and trades on no other: a lost stream closes its market', async (t) => {
  const venue = new LiveVenue(await freePort(), (trade) => (91_234 + (trade % 6)).toFixed(2));
  t.after(() => venue.remove());
  t.after(() => venue.close());
  await venue.open();
  const home = join(scratch, 'live');
  const env = { NODE_EXTRA_CA_CERTS: venue.authorityFile };
  const first = await run(home, ['--live', venue.url], env);
  assert.match(
    first.started.text(),
    /Prices are live: public trades of localhost:\d+; a market is closed while they are missing/,
  );
  await until(async () => (await marketOf(first, 'BTCUSDT')).status === 'trading');
  const live = await marketOf(first, 'BTCUSDT');
  assert.equal(live.origin, 'live');
  assert.match(live.price ?? '', /^9123\d/);
  // Ether has never traded there: the market is closed, and no price is invented for it.
  const silent = await marketOf(first, 'ETHUSDT');
  assert.deepEqual([silent.status, silent.price], ['closed', null]);
  const names = async (): Promise<readonly string[]> =>
    (await first.api.listBots()).items.map(({ name }) => name);
  await until(async () => (await names()).length === 2);
  assert.deepEqual((await names()).toSorted(), ['Demo DCA BTC', 'Demo grid BTC']);
  // The vault takes no price older than five seconds: on a busy machine an order may have to be placed again.
  await until(async () => (await buy(first)).state === 'filled');

  await venue.close();
  await until(() =>
    first.started.text().includes('The public stream of BTCUSDT is not there, so its market is closed'),
  );
  await until(async () => (await marketOf(first, 'BTCUSDT')).status === 'closed');
  // By the vault, which has no fresh price, or by the venue, whose market is closed.
  assert.match((await buy(first)).state, /^(refused|rejected)$/);
  await stop(first);

  // The next start finds nobody outside: the markets stay live ones, and closed.
  const second = await run(home, ['--live', venue.url], env);
  assert.deepEqual(
    [(await marketOf(second, 'BTCUSDT')).origin, (await marketOf(second, 'BTCUSDT')).status],
    ['live', 'closed'],
  );
  await venue.open();
  await until(() => second.started.text().includes('BTCUSDT follows live prices; fills are simulated'));
  await until(async () => (await marketOf(second, 'BTCUSDT')).status === 'trading');
  await stop(second);
});

test('where the public streams do not answer the markets are synthetic, and that is said', async (t) => {
  const taken: Socket[] = [];
  // Takes every connection and says nothing, as a filtered network does.
  const silent = createServer((socket) => taken.push(socket));
  const port = await freePort();
  await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
  t.after(() => silent.close());
  t.after(() => taken.forEach((socket) => socket.destroy()));
  const running = await run(join(scratch, 'alone'), ['--live', `wss://localhost:${port}`], {});
  assert.match(
    running.started.text(),
    new RegExp(`Prices are synthetic: invented on this machine, because localhost:${port} cannot be reached`),
  );
  assert(taken.length > 0, 'the streams were asked for');
  const market = await marketOf(running, 'BTCUSDT');
  assert.deepEqual([market.origin, market.status], ['synthetic', 'trading']);
  await stop(running);
});
