/** Markets and candles, data sets, backtests and sweeps. */
import { z } from 'zod';
import { backtestRequest, job, jobResult, sweepRequest } from '../schemas/job.ts';
import { candles, dataSet, market } from '../schemas/market.ts';
import { id, pageOf, pageQuery, symbol, timeframe } from '../schemas/values.ts';
import { routesOf } from './define.ts';

const markets = routesOf('markets');

export const marketRoutes = {
  listMarkets: markets('GET', '/markets', {
    summary: 'Markets that can be traded here',
    access: 'viewer',
    answer: pageOf('Markets', market),
  }),
  getCandles: markets('GET', '/markets/:symbol/candles', {
    summary: 'The newest closed candles, oldest first; a bot sees the same ones',
    access: 'viewer',
    params: z.strictObject({ symbol }),
    query: z.strictObject({
      timeframe,
      limit: z.coerce.number().int().min(1).max(999).default(500),
    }),
    answer: candles,
    problems: ['not-found'],
  }),
  listDataSets: markets('GET', '/data-sets', {
    summary: 'Recorded and synthetic data for tests',
    access: 'viewer',
    answer: pageOf('DataSets', dataSet),
  }),
} as const;

const jobs = routesOf('jobs');
const jobId = z.strictObject({ job: id });

export const jobRoutes = {
  listJobs: jobs('GET', '/jobs', {
    summary: 'Long work, newest first',
    access: 'viewer',
    query: pageQuery,
    answer: pageOf('Jobs', job),
  }),
  createBacktest: jobs('POST', '/backtests', {
    summary: 'Run a plan over recorded candles',
    access: 'viewer',
    body: backtestRequest,
    answer: job,
    status: 202,
    idempotent: true,
    problems: ['not-found', 'impossible'],
  }),
  createSweep: jobs('POST', '/sweeps', {
    summary: 'Run many variants of a plan over recorded candles',
    access: 'viewer',
    body: sweepRequest,
    answer: job,
    status: 202,
    idempotent: true,
    problems: ['not-found', 'impossible'],
  }),
  getJob: jobs('GET', '/jobs/:job', {
    summary: 'How far it is',
    access: 'viewer',
    params: jobId,
    answer: job,
    problems: ['not-found'],
  }),
  getJobResult: jobs('GET', '/jobs/:job/result', {
    summary: 'What came out',
    access: 'viewer',
    params: jobId,
    answer: jobResult,
    problems: ['not-found'],
  }),
  cancelJob: jobs('POST', '/jobs/:job/cancel', {
    summary: 'Stop it; what it found so far stays',
    access: 'viewer',
    params: jobId,
    answer: job,
    problems: ['not-found', 'conflict'],
  }),
  resumeJob: jobs('POST', '/jobs/:job/resume', {
    summary: 'Go on where it was stopped',
    access: 'viewer',
    params: jobId,
    answer: job,
    problems: ['not-found', 'conflict'],
  }),
} as const;
