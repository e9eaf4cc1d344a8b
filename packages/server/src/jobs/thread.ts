/** One job on a thread of its own: reads the candles, runs, tells what it found, ends. */
import { parentPort, workerData } from 'node:worker_threads';
import type { BacktestResult } from '@counterfoil/api';
import { LabError } from '@counterfoil/lab';
import { HttpProblem } from '../http/problem.ts';
import { setUp } from './bench.ts';
import type { JobWork } from './job-store.ts';
import { backtest } from './run-backtest.ts';
import { type Outcome, sweep } from './run-sweep.ts';

/** What the thread says, in this order; `percent` never falls. */
export type Said =
  | { readonly kind: 'progress'; readonly step: string; readonly percent: number }
  | { readonly kind: 'outcomes'; readonly outcomes: readonly Outcome[]; readonly percent: number }
  | { readonly kind: 'done'; readonly result: BacktestResult | null }
  | { readonly kind: 'failed'; readonly sentence: string };

const say = (said: Said): void => parentPort?.postMessage(said);

try {
  const work = workerData as JobWork; // written by the runner beside this file
  const before = work.kind === 'sweep' ? work.percent : 0;
  say({ kind: 'progress', step: 'reading the candles', percent: before });
  const bench = await setUp(work.source, work.request);
  say({ kind: 'progress', step: 'running', percent: before });
  if (work.kind === 'backtest') {
    const result = backtest(bench, work.request, (share) =>
      say({ kind: 'progress', step: 'running', percent: share * 100 }),
    );
    say({ kind: 'done', result });
  } else {
    sweep(bench, work.request, new Set(work.done), (outcomes, share) =>
      say({ kind: 'outcomes', outcomes, percent: share * 100 }),
    );
    say({ kind: 'done', result: null });
  }
} catch (error) {
  if (!(error instanceof LabError) && !(error instanceof HttpProblem)) throw error;
  say({ kind: 'failed', sentence: error.message });
}
