import { Worker } from 'node:worker_threads';
import { LabError } from '../errors.ts';
import type { Answer, Outcome, WorkerData } from './message.ts';
import { type Axis, settingsOf } from './space.ts';

export interface Sweep {
  readonly data: WorkerData;
  readonly axes: readonly Axis[];
  /** Configurations still to run. */
  readonly plan: readonly number[];
  readonly workers: number;
  readonly signal: AbortSignal;
  /** Called with each batch as it comes back; its promise is waited for before the sweep ends. */
  readonly onOutcomes: (outcomes: readonly Outcome[]) => void;
}

/**
 * Configurations handed to a worker at once: few at first, so that progress shows; then as many as take this long, so
 * that a cancel loses little, messages do not count, and plain bots run together.
 */
const BATCH_FIRST = 8;
const BATCH_MOST = 64;
const BATCH_MS = 50;

/**
 * Runs the plan on worker threads. Resolves with `true` when all of it ran, `false` when the signal stopped it; what
 * came back until then was handed to `onOutcomes`.
 */
export async function runSweep(sweep: Sweep): Promise<boolean> {
  let next = 0;
  const takeBatch = (size: number): readonly number[] => {
    const batch = sweep.plan.slice(next, next + size);
    next += batch.length;
    return batch;
  };
  const count = Math.max(1, Math.min(sweep.workers, Math.ceil(sweep.plan.length / BATCH_FIRST)));
  await Promise.all(Array.from({ length: count }, () => runWorker(sweep, takeBatch)));
  return !sweep.signal.aborted;
}

function runWorker(sweep: Sweep, takeBatch: (size: number) => readonly number[]): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: sweep.data });
  let size = BATCH_FIRST;
  return new Promise<void>((resolve, reject) => {
    const end = (): void => {
      void worker.terminate().then(() => resolve());
    };
    const feed = (): void => {
      const batch = sweep.signal.aborted ? [] : takeBatch(size);
      if (batch.length === 0) end();
      else worker.postMessage(batch.map((index) => ({ index, settings: settingsOf(sweep.axes, index) })));
    };
    sweep.signal.addEventListener('abort', end, { once: true });
    worker.on('message', ({ outcomes, tookMs }: Answer) => {
      sweep.onOutcomes(outcomes);
      if (tookMs < BATCH_MS) size = Math.min(size * 2, BATCH_MOST);
      feed();
    });
    worker.on('error', (error) => {
      const reason = error instanceof Error ? error.message : String(error);
      reject(new LabError('bad-option', `A configuration cannot be run: ${reason}`));
    });
    feed();
  });
}
