import { parentPort, workerData } from 'node:worker_threads';
import { Evaluator } from './evaluate.ts';
import type { Answer, Job, WorkerData } from './message.ts';

/** A sweep worker: gets jobs, answers outcomes, in order. The pool in `sweep.ts` is its only caller. */
const data = workerData as WorkerData; // Written by the pool in this package.
const evaluator = new Evaluator({ ...data, roundedVolumes: 0, isTrades: false }, data.args, data.signals);
parentPort?.on('message', (jobs: readonly Job[]) => {
  const begun = performance.now();
  const outcomes = evaluator.run(jobs);
  const answer: Answer = { outcomes, tookMs: performance.now() - begun };
  parentPort?.postMessage(answer);
});
