/** One child program: the lines that it says, its end, and how it is stopped. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How long a program may take to stop before it is killed: the journal and the paper exchange sync first. */
const STOP_MS_MAX = 15_000;

export type Status = Readonly<Record<string, unknown>>;

export class ProgramEnded extends Error {
  override readonly name = 'ProgramEnded';
  readonly program: string;
  readonly exitCode: number | null;

  constructor(program: string, code: number | null, signal: NodeJS.Signals | null) {
    super(`${program} ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}`);
    this.program = program;
    this.exitCode = code;
  }
}

/** A child that says what it has to say in lines of JSON on its standard output. */
export class Program {
  readonly name: string;
  readonly child: ChildProcess;
  readonly ended: Promise<ProgramEnded>;
  readonly #onLine: (line: string) => void;
  #statuses: Status[] = [];
  #listeners = new Set<(status: Status) => void>();

  /** `onLine` gets what is not JSON, and all of standard error. */
  constructor(name: string, child: ChildProcess, onLine: (line: string) => void) {
    this.name = name;
    this.child = child;
    this.#onLine = onLine;
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(new ProgramEnded(name, code, signal)));
      child.once('error', (error) => onLine(`${name}: ${error.message}`));
    });
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('{')) this.#say(JSON.parse(line) as Status);
        else if (line !== '') onLine(`${name}: ${line}`);
      });
    }
    if (child.stderr !== null) {
      createInterface({ input: child.stderr }).on(
        'line',
        (line) => line !== '' && onLine(`${name}: ${line}`),
      );
    }
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  #say(status: Status): void {
    this.#statuses.push(status);
    for (const listener of this.#listeners) listener(status);
  }

  /** The first status, said already or later, that `accept` takes. Rejects with `ProgramEnded`. */
  async status<T>(accept: (status: Status) => T | undefined): Promise<T> {
    for (const status of this.#statuses) {
      const taken = accept(status);
      if (taken !== undefined) return taken;
    }
    let listener: (status: Status) => void = () => {};
    const later = new Promise<T>((resolve) => {
      listener = (status) => {
        const taken = accept(status);
        if (taken !== undefined) resolve(taken);
      };
      this.#listeners.add(listener);
    });
    try {
      return await Promise.race([
        later,
        this.ended.then((end) => {
          throw end;
        }),
      ]);
    } finally {
      this.#listeners.delete(listener);
    }
  }

  /** Every status from now on. */
  onStatus(listener: (status: Status) => void): void {
    this.#listeners.add(listener);
  }

  /** Asks to stop, and makes it stop where it does not. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.#onLine(`${this.name}: it did not stop within ${STOP_MS_MAX / 1_000} s and was killed`);
      this.child.kill('SIGKILL');
    }, STOP_MS_MAX);
    await this.ended;
    clearTimeout(timer);
  }
}
