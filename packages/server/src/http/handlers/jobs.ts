/** Routes of tests: backtests and sweeps as jobs. */
import type { BacktestRequest, RouteName } from '@counterfoil/api';
import { DecimalError, parseAmount, parseQuantity } from '@counterfoil/vocabulary';
import type { DataSets, FoundSet } from '../../jobs/data-sets.ts';
import type { JobRunner } from '../../jobs/job-runner.ts';
import { jobOf, type JobRequest, type JobRow, type JobStore, OPEN_MAX } from '../../jobs/job-store.ts';
import {
  axesOf,
  enginePlan,
  impossible,
  marketOfTest,
  modelOfTest,
  symbolsOfTest,
} from '../../jobs/test-plan.ts';
import type { Handlers } from '../handlers.ts';
import { pageOf, readCursor } from '../page.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { refuseImpossible } from './bots.ts';

type Names = Extract<
  RouteName,
  `${string}Job` | 'listJobs' | 'createBacktest' | 'createSweep' | 'getJobResult'
>;

export interface JobParts {
  readonly dataSets: DataSets;
  readonly jobs: JobStore;
  readonly runner: JobRunner;
}

export function jobHandlers({ dataSets, jobs, runner }: JobParts): Pick<Handlers, Names> {
  const find = async (owner: string, id: string): Promise<JobRow> => {
    const row = await jobs.find(owner, id);
    if (row === null) throw notFound('job');
    return row;
  };
  const make = async (owner: string, asked: JobRequest) => {
    const { request } = asked;
    const found = await dataSets.find(request.dataSet);
    refuseRequest(request, found);
    if (asked.kind === 'sweep') axesOf(asked.request);
    const from = request.from === null ? found.fromMs : Date.parse(request.from);
    const market = marketOfTest(found.source.market, request);
    refuseImpossible(enginePlan(request.plan, market), [await found.openAfter(from)]);
    if ((await jobs.openCount(owner)) >= OPEN_MAX)
      throw new HttpProblem(
        'too-many',
        `${OPEN_MAX} tests wait or run already; nothing was made. Cancel one, or wait.`,
        { retryAfterSeconds: 10 },
      );
    const job = await jobs.make(owner, asked, found.source);
    runner.look();
    return job;
  };

  return {
    createBacktest: ({ caller, body }) => make(caller.owner, { kind: 'backtest', request: body }),
    createSweep: ({ caller, body }) => make(caller.owner, { kind: 'sweep', request: body }),
    listJobs: async ({ caller, query }) => {
      const [madeAt, id] = readCursor(query, 2) ?? [];
      const before = madeAt === undefined || id === undefined ? null : { madeAt: readTime(madeAt), id };
      const rows = await jobs.list(caller.owner, before, query.limit + 1);
      return pageOf(rows, query.limit, (row) => [row.made_at.toISOString(), row.id], jobOf);
    },
    getJob: async ({ caller, params }) => jobOf(await find(caller.owner, params.job)),
    getJobResult: async ({ caller, params }) => {
      const result = await jobs.result(caller.owner, params.job);
      if (result === null) throw notFound('result');
      return result;
    },
    cancelJob: async ({ caller, params }) => {
      const { state } = await find(caller.owner, params.job);
      const job = await jobs.move(caller.owner, params.job, ['waiting', 'running'], 'cancelled');
      if (job === null)
        throw new HttpProblem('conflict', `The test is ${state} already; there is nothing to cancel.`);
      runner.cancel(caller.owner, params.job);
      return job;
    },
    resumeJob: async ({ caller, params }) => {
      const { state } = await find(caller.owner, params.job);
      const job = await jobs.move(caller.owner, params.job, ['cancelled', 'failed'], 'waiting');
      if (job === null)
        throw new HttpProblem('conflict', `The test is ${state}; only a cancelled or failed one can go on.`);
      runner.look();
      return job;
    },
  };
}

/** What can be seen of a request before anything runs. */
function refuseRequest(request: BacktestRequest, { source, fromMs, untilMs }: FoundSet): void {
  const { market } = source;
  const symbols = symbolsOfTest(request.plan);
  if (symbols.length !== 1)
    throw impossible('/plan/options/markets', 'A test runs on one market: choose one of the plan’s.', '1');
  if (symbols[0] !== market.symbol)
    throw impossible(
      '/dataSet',
      `The data is of ${market.symbol} and the plan trades ${symbols[0] ?? ''}: choose data of its market.`,
      market.symbol,
    );
  const [from, until] = [request.from ?? '', request.until ?? ''];
  if (Math.max(fromMs, Date.parse(from) || fromMs) >= Math.min(untilMs, Date.parse(until) || untilMs))
    throw impossible('/from', 'The data has nothing in this time: choose another time.', null);
  modelOfTest(request);
  if (
    readMoney(() => parseAmount(market, request.quote)) +
      readMoney(() => parseQuantity(market, request.base)) ===
    0n
  )
    throw impossible('/quote', 'A test needs money to begin with: quote, base or both.', null);
}

function readMoney(read: () => bigint): bigint {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DecimalError)) throw error;
    throw impossible('/quote', `The market does not count so finely: ${error.message}.`, null);
  }
}

function readTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new HttpProblem('bad-form', 'This cursor did not come from here.');
  return time;
}
