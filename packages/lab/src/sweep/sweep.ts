import { Worker } from 'node:worker_threads';
import { LabError } from '../errors.ts';
import type { Outcome, WorkerData } from './message.ts';
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

/** Small enough that the first progress shows at once and a cancel loses little, large enough to hide messages. */
const BATCH = 8;

/**
 * Runs the plan on worker threads. Resolves with `true` when all of it ran, `false` when the signal stopped it; what
 * came back until then was handed to `onOutcomes`.
 */
export async function runSweep(sweep: Sweep): Promise<boolean> {
  let next = 0;
  const takeBatch = (): readonly number[] => {
    const batch = sweep.plan.slice(next, next + BATCH);
    next += batch.length;
    return batch;
  };
  const count = Math.max(1, Math.min(sweep.workers, Math.ceil(sweep.plan.length / BATCH)));
  await Promise.all(Array.from({ length: count }, () => runWorker(sweep, takeBatch)));
  return !sweep.signal.aborted;
}

function runWorker(sweep: Sweep, takeBatch: () => readonly number[]): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: sweep.data });
  return new Promise<void>((resolve, reject) => {
    const end = (): void => {
      void worker.terminate().then(() => resolve());
    };
    const feed = (): void => {
      const batch = sweep.signal.aborted ? [] : takeBatch();
      if (batch.length === 0) end();
      else worker.postMessage(batch.map((index) => ({ index, settings: settingsOf(sweep.axes, index) })));
    };
    sweep.signal.addEventListener('abort', end, { once: true });
    worker.on('message', (outcomes: readonly Outcome[]) => {
      sweep.onOutcomes(outcomes);
      feed();
    });
    worker.on('error', (error) => {
      const reason = error instanceof Error ? error.message : String(error);
      reject(new LabError('bad-option', `A configuration cannot be run: ${reason}`));
    });
    feed();
  });
}
