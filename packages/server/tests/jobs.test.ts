import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type TestContext, test } from 'node:test';
import {
  type ApiClient,
  ApiProblem,
  type BacktestRequest,
  type Job,
  type SweepRequest,
  type TestPlan,
} from '@counterfoil/api';
import { candlesOf, ConditionSeries, dcaMachine, runBacktest } from '@counterfoil/engine';
import { defaultFillModel } from '@counterfoil/engine/fills';
import { closedDeals } from '@counterfoil/lab';
import { PublicRest } from '@counterfoil/venues';
import { type Amount, formatAmount, formatQuantity, type Quantity, type Rate } from '@counterfoil/vocabulary';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../src/database/tables.ts';
import { DataSets, readSource } from '../src/jobs/data-sets.ts';
import { JobStore, type JobWork } from '../src/jobs/job-store.ts';
import { enginePlan } from '../src/jobs/test-plan.ts';
import { embeddedServer } from './_database.ts';
import { paperMarket } from './_market.ts';
import { plainDcaDraft } from './_plain-dca.ts';
import { makeFolder, startClient, startPaper, writeWave } from './_tests.ts';

const dcaPlan = plainDcaDraft('100', '0.6', {
  steps: 3,
  deviation: '0.5',
  stepScale: '1.5',
  volumeScale: '1.2',
});

const request: BacktestRequest = {
  plan: dcaPlan,
  dataSet: 'BTCUSDT-1m',
  from: null,
  until: null,
  fee: '0.1',
  slippage: '0.01',
  quote: '10000',
  base: '0',
};

/** Some seconds of work: several times what is kept at once, so that it can be stopped in the middle. */
const sweepRequest: SweepRequest = {
  ...request,
  dataSet: 'synthetic:BTCUSDT',
  axes: [
    { path: '/averaging/ladder/deviation', values: ['0.3', '0.5', '0.7', '0.9', '1.1'] },
    { path: '/takeProfit/steps/0/percent', values: ['0.4', '0.6', '0.8', '1', '1.2'] },
    { path: '/averaging/ladder/steps', values: [1, 2, 3, 4, 5, 6, 7, 8] },
  ],
  randomCount: null,
  seed: 1,
};

async function start(t: TestContext) {
  const { kysely } = await embeddedServer.database(t);
  return serve(t, kysely);
}

async function serve(t: TestContext, kysely: Kysely<Tables>) {
  const recordings = makeFolder(t, 'recordings-');
  await writeWave(recordings);
  const paper = await startPaper(t);
  const { client, close } = await startClient(t, kysely, paper, recordings);
  const rest = new PublicRest({ venue: 'paper', url: paper.url, ca: paper.authority });
  t.after(() => rest.close());
  const again = () => startClient(t, kysely, paper, recordings);
  return { database: kysely, recordings, rest, client, close, again };
}

let keys = 0;
const newKey = (): string => `a-test-of-jobs-${(keys += 1)}`;

async function ended(client: ApiClient, id: string): Promise<Job> {
  for (;;) {
    const job = await client.getJob({ params: { job: id } });
    if (job.state !== 'waiting' && job.state !== 'running') return job;
    await pause(50);
  }
}

/** Waits until something of it is kept. */
async function begun(client: ApiClient, id: string): Promise<Job> {
  for (;;) {
    const job = await client.getJob({ params: { job: id } });
    if (job.hasResult || job.state === 'failed') return job;
    await pause(20);
  }
}

test('a backtest over the API is the run of the engine itself', async (t) => {
  const { client, recordings, rest } = await start(t);
  const made = await client.createBacktest({ body: request, idempotencyKey: newKey() });
  const job = await ended(client, made.id);
  assert.deepEqual([job.state, job.percent, job.hasResult, job.error], ['done', 100, true, null]);
  const result = await client.getJobResult({ params: { job: job.id } });
  assert.ok(result.kind === 'backtest');

  const sets = new DataSets(recordings, { markets: () => rest.markets(), price: () => assert.fail() });
  const { source } = await sets.find('BTCUSDT-1m');
  const { columns, stepMs } = await readSource(source);
  const market = { ...source.market, makerFee: 100_000n as Rate, takerFee: 100_000n as Rate };
  const candles = candlesOf(columns, stepMs);
  const plan = enginePlan(dcaPlan, market);
  assert.ok(plan.kind === 'dca');
  const run = runBacktest({
    machine: dcaMachine,
    options: plan.options,
    market,
    candles,
    conditions: new ConditionSeries(candles, market),
    model: defaultFillModel,
    quote: 1_000_000_000_000n as Amount,
    base: 0n as Quantity,
    pace: 'every-candle',
  });
  assert.ok(run.fills.length > 10);
  assert.deepEqual(
    result.fills.map(({ order, quantity }) => [order, quantity]),
    run.fills.map(({ order, fill }) => [order, formatQuantity(market, fill.quantity)]),
  );
  assert.deepEqual(
    result.deals.map(({ profit }) => profit),
    closedDeals(run.notes).map(({ profit }) => formatAmount(market, profit)),
  );
  assert.ok(result.assumptions.length > 0);
  assert.ok(!result.warnings.some((one) => one.sentence.startsWith('The prices are made up')));
});

test('a sweep that was cancelled and a server that was restarted find what an undisturbed one finds', async (t) => {
  const { client, close, again, database } = await start(t);
  const make = (on: ApiClient) => on.createSweep({ body: sweepRequest, idempotencyKey: newKey() });
  const undisturbed = await ended(client, (await make(client)).id);
  assert.equal(undisturbed.state, 'done', undisturbed.error ?? '');

  const { id } = await make(client);
  await begun(client, id);
  const cancelled = await client.cancelJob({ params: { job: id } });
  assert.equal(cancelled.state, 'cancelled');
  const part = await client.getJobResult({ params: { job: id } });
  assert.ok(part.kind === 'sweep' && part.tried > 0 && part.tried < 200, 'it was stopped in the middle');
  await assert.rejects(
    client.cancelJob({ params: { job: id } }),
    refusedWith('conflict', /cancelled already/),
  );
  await client.resumeJob({ params: { job: id } });
  await begun(client, id);
  await close();
  const left = await new JobStore(database).find('demo', id);
  assert.ok(left?.state === 'waiting' || left?.state === 'done');

  const { client: next } = await again();
  assert.equal((await ended(next, id)).state, 'done');
  const [whole, pieces] = await Promise.all(
    [undisturbed.id, id].map((job) => next.getJobResult({ params: { job } })),
  );
  assert.deepEqual(pieces, whole);
  assert.ok(whole?.kind === 'sweep');
  assert.equal(whole.tried, 200);
  assert.ok(whole.warnings.some((one) => one.sentence.startsWith('The prices are made up')));
  await assert.rejects(
    next.resumeJob({ params: { job: id } }),
    refusedWith('conflict', /only a cancelled or failed/),
  );
});

test('a server that lost its lease writes nothing, and another one runs the job', async (t) => {
  const { kysely: database } = await embeddedServer.database(t);
  const store = new JobStore(database);
  const made = await store.make('alice', { kind: 'backtest', request }, nowhere);
  const first = await claimed(store, 'first');
  assert.equal(first.id, made.id);
  assert.equal(await store.claim('second'), null);
  await database
    .updateTable('job')
    .set({ lease_until: new Date(0) })
    .execute();
  const second = await claimed(store, 'second');
  assert.equal(second.id, made.id);
  await store.finish(first, 'first', null);
  assert.equal((await store.find('alice', made.id))?.state, 'running');
  assert.equal(await store.renew(first, 'first', { step: 'x', percent: 1, secondsLeft: null }, true), false);
  await store.finish(second, 'second', null);
  assert.equal((await store.find('alice', made.id))?.state, 'done');
});

test('outcomes that are kept twice count once', async (t) => {
  const { kysely: database } = await embeddedServer.database(t);
  const store = new JobStore(database);
  const { id } = await store.make('alice', { kind: 'sweep', request: sweepRequest }, nowhere);
  const work = await claimed(store, 'first');
  const outcomes = [
    { index: 0, refused: 'too small' },
    { index: 1, refused: 'too small' },
  ];
  await store.keep(work, outcomes);
  await store.keep(work, outcomes);
  assert.equal((await store.find('alice', id))?.outcomes, 2);
  const result = await store.result('alice', id);
  assert.ok(result?.kind === 'sweep' && result.tried === 2);
  assert.match(
    result.warnings.map(({ sentence }) => sentence).join(),
    /2 combinations cannot work and were left out, the first because: too small/,
  );
});

test('a test whose recording is gone fails with its sentence, and goes on once it is back', async (t) => {
  const { kysely } = await embeddedServer.database(t);
  const store = new JobStore(kysely);
  const folder = makeFolder(t, 'gone-');
  const path = join(folder, 'BTCUSDT-1m.candles');
  const source = { kind: 'file', market: paperMarket, path } as const;
  const { id } = await store.make('demo', { kind: 'backtest', request }, source);
  const { client } = await serve(t, kysely);
  const failed = await ended(client, id);
  assert.equal(failed.state, 'failed');
  assert.equal(
    failed.error,
    'The recording BTCUSDT-1m.candles cannot be read any more; put it back and resume.',
  );
  await assert.rejects(
    client.getJobResult({ params: { job: id } }),
    refusedWith('not-found', /no such result/),
  );
  await writeWave(folder);
  await client.resumeJob({ params: { job: id } });
  const done = await ended(client, id);
  assert.deepEqual([done.state, done.error], ['done', null]);
  const told = await sql<{ said: string }>`
    select body->'job'->>'state' as said from outbox where owner = 'demo' order by id`.execute(kysely);
  assert.deepEqual(
    told.rows.map(({ said }) => said).filter((said) => said !== 'running'),
    ['waiting', 'failed', 'waiting', 'done'],
    'the event stream is told of each state',
  );
});

test('what cannot run is refused with its sentence, and nothing is made', async (t) => {
  const { client } = await start(t);
  const backtest = (change: Partial<BacktestRequest>) =>
    client.createBacktest({ body: { ...request, ...change }, idempotencyKey: newKey() });
  const sweep = (change: Partial<SweepRequest>) =>
    client.createSweep({ body: { ...sweepRequest, ...change }, idempotencyKey: newKey() });
  const withOptions = (change: Partial<typeof dcaPlan.options>): TestPlan => ({
    kind: 'dca',
    options: { ...dcaPlan.options, ...change },
  });
  const cases: readonly (readonly [() => Promise<Job>, string, RegExp])[] = [
    [() => backtest({ dataSet: '../../etc/passwd' }), 'not-found', /no such data set/],
    [() => backtest({ plan: withOptions({ markets: ['ETHUSDT'] }) }), 'impossible', /The data is of BTCUSDT/],
    [
      () => backtest({ plan: withOptions({ markets: ['BTCUSDT', 'ETHUSDT'] }) }),
      'impossible',
      /on one market/,
    ],
    [() => backtest({ quote: '0' }), 'impossible', /needs money/],
    [() => backtest({ quote: '0.0000000001' }), 'impossible', /does not count so finely/],
    [() => backtest({ fee: '100' }), 'impossible', /below 100 %/],
    [() => backtest({ slippage: '100' }), 'impossible', /slippage is below/],
    [() => backtest({ from: '2040-01-01T00:00:00.000Z' }), 'impossible', /nothing in this time/],
    [
      () => backtest({ plan: withOptions({ baseOrder: { by: 'quote', amount: '1' } }) }),
      'impossible',
      /This cannot work/,
    ],
    [() => sweep({ axes: [{ path: '/stopLoss/percent', values: ['1'] }] }), 'impossible', /no value at/],
    [() => sweep({ axes: [{ path: '/constructor/name', values: ['1'] }] }), 'impossible', /no value at/],
    [
      () => sweep({ axes: [{ path: '/averaging/ladder/steps', values: ['1.5'] }] }),
      'impossible',
      /does not take 1\.5/,
    ],
    [
      () => sweep({ axes: [...sweepRequest.axes, ...sweepRequest.axes.slice(0, 1)] }),
      'impossible',
      /is varied twice/,
    ],
    [
      () =>
        sweep({
          axes: [
            { path: '/averaging/ladder/deviation', values: upTo(200) },
            { path: '/averaging/ladder/stepScale', values: upTo(51) },
          ],
        }),
      'impossible',
      /10200 combinations, and one sweep tries at most 10000/,
    ],
  ];
  for (const [ask, code, sentence] of cases) await assert.rejects(ask(), refusedWith(code, sentence));
  const { items } = await client.listJobs({ query: { limit: 10 } });
  assert.deepEqual(items, []);
});

test('one owner has at most twenty tests open, and sees no other owner’s', async (t) => {
  const { kysely: database } = await embeddedServer.database(t);
  const store = new JobStore(database);
  const { id } = await store.make('alice', { kind: 'backtest', request }, nowhere);
  for (let n = 0; n < 20; n++) await store.make('demo', { kind: 'sweep', request: sweepRequest }, nowhere);
  await database
    .updateTable('job')
    .set({ state: 'running', lease_until: new Date('2100-01-01') })
    .execute();
  const { client } = await serve(t, database);
  await assert.rejects(client.getJob({ params: { job: id } }), refusedWith('not-found', /no such job/));
  await assert.rejects(client.cancelJob({ params: { job: id } }), refusedWith('not-found', /no such job/));
  await assert.rejects(
    client.createBacktest({ body: request, idempotencyKey: newKey() }),
    refusedWith('too-many', /20 tests wait or run/),
  );
  const page = await client.listJobs({ query: { limit: 15 } });
  const rest = await client.listJobs({ query: { limit: 15, cursor: page.next ?? '' } });
  assert.equal(new Set([...page.items, ...rest.items].map((one) => one.id)).size, 20);
});

const nowhere = { kind: 'file', market: paperMarket, path: '/nonexistent/x.candles' } as const;

async function claimed(store: JobStore, name: string): Promise<JobWork> {
  const work = await store.claim(name);
  assert.ok(work !== null);
  return work;
}

const upTo = (count: number): string[] => Array.from({ length: count }, (_, n) => String(n + 1));

const refusedWith = (code: string, sentence: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ApiProblem, String(error));
  assert.equal(error.problem.code, code);
  assert.match(
    `${error.problem.detail} ${error.problem.errors.map(({ message }) => message).join(' ')}`,
    sentence,
  );
  return true;
};
