// The runner: from a price to the venue's answer beside a bare script, waiting bots, and a worker that dies.
// Run: node benches/runner.ts [--quick]
import { spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BotService, type Database, openDatabase } from '@counterfoil/server';
import { PublicRest } from '@counterfoil/venues';
import { type Market, type Price, parsePrice, parseQuantity, parseRate } from '@counterfoil/vocabulary';
import { identityOf } from '@counterfoil/wire';
import { makeConnection, post, withSession } from '../e2e/_accounts.ts';
import { Installation } from '../e2e/_installation.ts';
import type { BotPlan } from '../packages/server/src/runner/plan.ts';
import { atSwitch } from '../packages/server/src/worker/at-switch.ts';
import { Runner } from '../packages/server/src/runner/runner.ts';

const quick = process.argv.includes('--quick');
const BOTS = quick ? 2_000 : 10_000;
const ORDERS = quick ? 60 : 300;
const FAILOVERS = quick ? 2 : 5;
/** Bots that fire while all the others wait. */
const FIRING_BESIDE = quick ? 20 : 200;
const TICKS_PER_S = 200;
const OWNER = 'bench';
const SCALE = 8;

/** A trade that waits for a price far above the market's; with `trailing` it then follows it without an order. */
function waitingTrade(market: Market, level: Price, trailing: boolean): BotPlan {
  return {
    kind: 'smart-trade',
    options: {
      market,
      direction: 'long',
      quantity: parseQuantity(market, '0.001'),
      entry: {
        kind: 'conditional',
        price: level,
        when: 'at-or-above',
        limit: null,
        trailing: trailing ? parseRate('0.5') : null,
      },
      exit: null,
    },
  };
}

const failover = await measureFailover();
const installation = await Installation.start('product', undefined, { workers: 0 });
try {
  const database = await openDatabase({ url: installation.desk.database?.url ?? '' });
  const adminUrl = installation.desk.paperAdminUrl;
  const balances = { USDT: '10000000', BTC: '1' };
  const connection = await withSession(installation, database, (session) =>
    makeConnection(session, database, adminUrl, OWNER, 'bench', balances),
  );
  const ca = readFileSync(join(installation.root, 'paper', 'paper-ca.pem'), 'utf8');
  const rest = new PublicRest({ venue: 'paper', url: installation.desk.paperUrl, ca });
  const [market] = await rest.markets(['BTCUSDT']);
  if (market === undefined) throw new Error('the paper exchange has no BTCUSDT');
  const runner = await startRunner(installation, database, rest, ca);
  const levelOf = (usd: number): Price => parsePrice(market, String(usd));
  const service = new BotService(database.kysely);

  // Bots that fire one by one, each at a price of its own.
  const firing: string[] = [];
  for (let n = 0; n < ORDERS; n++)
    firing.push(await start(service, waitingTrade(market, levelOf(500_000 + n), false)));
  await until(() => runner.prices.armed >= ORDERS);
  const script = await startScript(adminUrl, installation.desk.paperUrl);
  const ours: number[] = [];
  const direct: number[] = [];
  // In turns, so that whatever else the machine does meanwhile slows both.
  for (const [n] of firing.entries()) {
    const answered = new Promise<void>((resolve) => (runner.orders.onAnswer = () => resolve()));
    const before = performance.now();
    runner.prices.tell('BTCUSDT', BigInt(500_000 + n) * 10n ** BigInt(SCALE));
    await answered;
    ours.push(performance.now() - before);
    // Spread over the venue's limit of orders in ten seconds.
    await pause(55);
    direct.push(await script.order());
    await pause(55);
  }
  script.end();

  // Many that wait, and one tick that moves all of them a stage further without an order.
  const waiting = waitingTrade(market, levelOf(800_000), true);
  const startUpTo = async (count: number): Promise<number> => {
    for (let n = count - BOTS / 2; n < count; n += 50)
      await Promise.all(Array.from({ length: 50 }, () => start(service, waiting)));
    await until(() => runner.prices.armed >= count);
    return bytesHeld();
  };
  // The first half also pays for what all of them share, and for what the orders before left behind.
  const heldByHalf = await startUpTo(BOTS / 2);
  const bytesPerBot = ((await startUpTo(BOTS)) - heldByHalf) / (BOTS / 2);
  const cpuShare = await tickFor(runner, quick ? 2_000 : 5_000);
  for (let n = 0; n < FIRING_BESIDE; n++)
    await start(service, waitingTrade(market, levelOf(600_000 + n), false));
  await until(() => runner.prices.armed >= BOTS + FIRING_BESIDE);
  const toIntent = await ticksToIntents(runner);
  const { rows: before } = await database.pool.query<{ n: bigint }>('select count(*) as n from bot_event');
  const burstAt = performance.now();
  runner.prices.tell('BTCUSDT', 800_001n * 10n ** BigInt(SCALE));
  const events = Number(before[0]?.n) + BOTS;
  await until(async () => {
    const { rows } = await database.pool.query<{ n: bigint }>('select count(*) as n from bot_event');
    return Number(rows[0]?.n) >= events;
  });
  const eventsPerSecond = BOTS / ((performance.now() - burstAt) / 1_000);

  await runner.close();
  rest.close();
  await database.close();
  const p50 = quantile(ours, 0.5);
  const figures = {
    tick_to_wire_p50_ms: round2(p50),
    tick_to_wire_p99_ms: round2(quantile(ours, 0.99)),
    bots: BOTS,
    bytes_per_bot: Math.round(bytesPerBot),
    events_per_s: Math.round(eventsPerSecond),
    failover_s: round2(failover),
    tick_to_wire_vs_direct: round2(p50 / quantile(direct, 0.5)),
    cpu_share_200_ticks_per_s: round2(cpuShare),
    tick_to_intent_p50_ms: round2(quantile(toIntent, 0.5)),
    tick_to_intent_p99_ms: round2(quantile(toIntent, 0.99)),
  };
  const rows: readonly (readonly [string, string])[] = [
    [
      'price to the venue’s answer, through ledger and vault',
      `p50 ${figures.tick_to_wire_p50_ms} ms, p99 ${figures.tick_to_wire_p99_ms} ms`,
    ],
    ['bare script: two syncs, ccxt, the same venue', `p50 ${round2(quantile(direct, 0.5))} ms`],
    [
      `${BOTS} waiting bots`,
      `${figures.bytes_per_bot} bytes each, ${figures.cpu_share_200_ticks_per_s} of a core at ${TICKS_PER_S} ticks/s`,
    ],
    [
      `price to journalled intent, beside ${BOTS} that wait`,
      `p50 ${figures.tick_to_intent_p50_ms} ms, p99 ${figures.tick_to_intent_p99_ms} ms`,
    ],
    ['all of them firing at one price', `${figures.events_per_s} committed events/s`],
    ['all shards of a silent worker with the other', `${figures.failover_s} s`],
  ];
  for (const [what, figure] of rows) process.stdout.write(`${what.padEnd(56)} ${figure}\n`);
  process.stdout.write(`${JSON.stringify(figures)}\n`);

  async function start(service: BotService, plan: BotPlan): Promise<string> {
    const id = await service.create({ owner: OWNER, name: 'bench', connection: connection.id, plan });
    await service.request(OWNER, id, { kind: 'start' });
    return id;
  }
} finally {
  await installation.stop();
  installation.remove();
}

async function startRunner(
  at: Installation,
  database: Database,
  rest: PublicRest,
  ca: string,
): Promise<Runner> {
  const runner = new Runner({
    pool: database.pool,
    worker: 'bench',
    reach: atSwitch(join(at.root, 'run', 'vault.sock')),
    isDistant: false,
    identity: identityOf(createPrivateKey(readFileSync(join(at.root, 'vault', 'worker.pem')))),
    gatePin: readFileSync(join(at.root, 'vault', 'identity'), 'utf8').trim(),
    rest,
    streamUrl: at.desk.paperUrl.replace('https:', 'wss:'),
    ca,
    log: () => {},
  });
  await until(() => runner.attached);
  return runner;
}

/** The same order by a script of its own, which trusts the venue's authority by its environment. */
async function startScript(
  adminUrl: string,
  url: string,
): Promise<{ order: () => Promise<number>; end: () => void }> {
  const { account } = (await post(adminUrl, '/accounts', {
    name: 'direct',
    balances: { USDT: '10000000' },
  })) as { account: number };
  const { apiKey, secret } = (await post(adminUrl, '/keys', { account, kind: 'hmac' })) as {
    apiKey: string;
    secret: string;
  };
  const script = join(import.meta.dirname, '../packages/venues/tests/_direct-orders.ts');
  const file = join(installation.root, 'direct.log');
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(installation.root, 'paper', 'paper-ca.pem') };
  const child = spawn(process.execPath, [script, url, apiKey, secret, file], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the script that orders without a vault has ended');
    return value;
  };
  await next();
  return {
    order: async () => {
      child.stdin.write('\n');
      return Number(await next());
    },
    end: () => child.stdin.end(),
  };
}

/** Share of one core while prices come that nobody waits for. */
async function tickFor(runner: Runner, forMs: number): Promise<number> {
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  for (let tick = 0; performance.now() - startedAt < forMs; tick++) {
    runner.prices.tell('BTCUSDT', (62_000n + BigInt(tick % 100)) * 10n ** BigInt(SCALE));
    await pause(1_000 / TICKS_PER_S);
  }
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1_000 / (performance.now() - startedAt);
}

/** Milliseconds from a price to the committed intent that it sets off, while prices keep coming. */
async function ticksToIntents(runner: Runner): Promise<readonly number[]> {
  const { orders, prices } = runner;
  const send = orders.send.bind(orders);
  const others = setInterval(
    () => prices.tell('BTCUSDT', 62_000n * 10n ** BigInt(SCALE)),
    1_000 / TICKS_PER_S,
  );
  const took: number[] = [];
  for (let n = 0; n < FIRING_BESIDE; n++) {
    const sent = new Promise<void>((resolve) => {
      // What is handed over here was committed just before.
      orders.send = (...intent) => {
        resolve();
        send(...intent);
      };
    });
    const before = performance.now();
    prices.tell('BTCUSDT', BigInt(600_000 + n) * 10n ** BigInt(SCALE));
    await sent;
    took.push(performance.now() - before);
    await pause(110);
  }
  clearInterval(others);
  orders.send = send;
  return took;
}

/** Seconds from the last sign of one of two workers until the other has all shards; the median of several. */
async function measureFailover(): Promise<number> {
  const at = await Installation.start('product', undefined, { workers: 2 });
  const took: number[] = [];
  try {
    const database = await openDatabase({ url: at.desk.database?.url ?? '' });
    const heldBy = async (): Promise<ReadonlyMap<string, number>> => {
      const { rows } = await database.pool.query<{ worker: string; n: bigint }>(
        'select worker, count(*) as n from shard where until > now() group by worker',
      );
      return new Map(rows.map(({ worker, n }) => [worker, Number(n)]));
    };
    for (let round = 0; round < FAILOVERS; round++) {
      await until(
        async () => (await heldBy()).get('worker-1') === 32 && (await heldBy()).get('worker-2') === 32,
      );
      // Silent, not ended: a worker that ends is started again at once by the desk, and takes its shards back.
      const pid = at.desk.running().get('worker-1') ?? 0;
      process.kill(pid, 'SIGSTOP');
      const silentAt = performance.now();
      await until(async () => (await heldBy()).get('worker-2') === 64);
      took.push((performance.now() - silentAt) / 1_000);
      process.kill(pid, 'SIGKILL');
    }
    await database.close();
  } finally {
    await at.stop();
    at.remove();
  }
  return quantile(took, 0.5);
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('what the bench waits for did not come within two minutes');
    await pause(10);
  }
}

/** Bytes in use once what has just ended, such as answered orders, was let go of. */
async function bytesHeld(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await pause(200);
  }
  return process.memoryUsage().heapUsed;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
