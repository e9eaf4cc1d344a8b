/**
 * Runs jobs, one at a time, on a thread: the other cores belong to what trades. A job is claimed in the database, so
 * that it goes on after a restart, and no two servers run it at once for longer than a lease.
 */
import { Worker } from 'node:worker_threads';
import { newId } from '../accounts/secrets.ts';
import type { JobStore, JobWork } from './job-store.ts';
import type { Said } from './thread.ts';

/** How soon a job begins that another server left or another made. */
const LOOK_MS = 500;
/** How often the row says how far it is; a fifth of the lease. */
const RENEW_MS = 1_000;
/** A test of ten years of minutes needs some 600 MB; more would be taken from what trades. */
const HEAP_MB_MAX = 1_024;

interface Running {
  readonly work: JobWork;
  readonly worker: Worker;
  readonly begunAtMs: number;
  /** What was written last, and what is to be written. */
  step: string;
  percent: number;
  toldPercent: number;
  toldStep: string;
  /** Writes of this job, one after another. */
  writes: Promise<void>;
}

export class JobRunner {
  readonly #store: JobStore;
  readonly #name = newId('jobs');
  readonly #onFault: (error: unknown) => void;
  readonly #timers: NodeJS.Timeout[];
  #running: Running | null = null;
  #looking: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(store: JobStore, onFault: (error: unknown) => void) {
    this.#store = store;
    this.#onFault = onFault;
    this.#timers = [setInterval(() => this.look(), LOOK_MS), setInterval(() => this.#renew(), RENEW_MS)];
  }

  /** Begins the next job, if none runs. */
  look(): void {
    this.#looking = this.#looking.then(() => this.#claim()).catch(this.#onFault);
  }

  /** Ends the thread of a job that its owner cancelled. */
  cancel(owner: string, id: string): void {
    const running = this.#running;
    if (running?.work.owner === owner && running.work.id === id) this.#end(running);
  }

  /** Leaves the job that runs to the next server. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#looking;
    const running = this.#running;
    if (running === null) return;
    this.#end(running);
    await running.writes;
    await this.#store.release(running.work, this.#name);
  }

  async #claim(): Promise<void> {
    if (this.#running !== null || this.#isClosed) return;
    const work = await this.#store.claim(this.#name);
    if (work === null) return;
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: work,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    });
    const running: Running = {
      work,
      worker,
      begunAtMs: performance.now(),
      step: 'beginning',
      percent: work.percent,
      toldPercent: work.percent,
      toldStep: '',
      writes: Promise.resolve(),
    };
    this.#running = running;
    worker.on('message', (said: Said) => this.#hear(running, said));
    worker.on('error', (error) => {
      this.#onFault(error);
      const sentence = `The test ended before its time: ${reasonOf(error)} Nothing was traded. Change the plan or the data, or try again.`;
      this.#finish(running, () => this.#store.fail(work, this.#name, sentence));
    });
  }

  #hear(running: Running, said: Said): void {
    switch (said.kind) {
      case 'progress':
        running.step = said.step;
        running.percent = said.percent;
        return;
      case 'outcomes':
        running.percent = said.percent;
        this.#write(running, () => this.#store.keep(running.work, said.outcomes));
        return;
      case 'done':
        return this.#finish(running, () => this.#store.finish(running.work, this.#name, said.result));
      case 'failed':
        return this.#finish(running, () => this.#store.fail(running.work, this.#name, said.sentence));
      default:
        return said satisfies never;
    }
  }

  #finish(running: Running, write: () => Promise<void>): void {
    if (this.#running !== running) return;
    this.#write(running, write);
    this.#end(running);
    this.look();
  }

  #end(running: Running): void {
    if (this.#running === running) this.#running = null;
    void running.worker.terminate();
  }

  #renew(): void {
    const running = this.#running;
    if (running === null) return;
    this.#write(running, async () => {
      const { step, percent } = running;
      const isNews = Math.floor(percent) > Math.floor(running.toldPercent) || step !== running.toldStep;
      running.toldPercent = percent;
      running.toldStep = step;
      const at = { step, percent, secondsLeft: secondsLeft(running) };
      if (!(await this.#store.renew(running.work, this.#name, at, isNews))) this.#end(running);
    });
  }

  #write(running: Running, write: () => Promise<void>): void {
    running.writes = running.writes.then(write).catch(this.#onFault);
  }
}

/** By the pace since it began; null while there is none. */
function secondsLeft({ work, percent, begunAtMs }: Running): number | null {
  const gained = percent - work.percent;
  if (gained <= 0) return null;
  return Math.ceil(((performance.now() - begunAtMs) / 1_000) * ((100 - percent) / gained));
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return `${text.replace(/[^ -~]+/g, ' ').slice(0, 300)}.`;
}
