import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventDescriptor, type FileEvent } from './file-events.ts';
import { reporterPath } from './find-tests.ts';
import { onlyPattern } from './only-pattern.ts';
import { stopGroup, watch } from './stop-group.ts';

/** What one test file did. `failures` includes what the file as a whole did wrong. */
export type FileResult = {
  readonly path: string;
  readonly passed: number;
  readonly skips: readonly { readonly name: string; readonly reason: string }[];
  readonly failures: readonly { readonly name: string; readonly error: string }[];
  readonly durationMs: number;
  /** What the file printed, cut to its last part. */
  readonly output: string;
};

// A failing file explains itself in its last lines; a runaway one must not fill the terminal or the memory.
const keptOutput = 20_000;

// A descendant that left the group may hold our pipes open after the file ended; its output is not worth waiting for.
const drainMs = 2_000;

/** Runs one test file in a process (and process group) of its own and ends it after `limitMs` at the latest. */
export async function runFile(root: string, path: string, limitMs: number): Promise<FileResult> {
  const startedAt = performance.now();
  const ended = await runProcess(root, path, limitMs);
  const { events } = ended;
  const failures = events
    .filter((event) => event.kind === 'fail')
    .map(({ name, at, error }) => ({ name: `${name} (${path}:${at})`, error }));
  const told = events.some((event) => event.kind === 'end');
  const tests = events.filter((event) => event.kind !== 'end').length;
  const wrong = wholeFileFailure(root, path, ended, { told, tests, failed: failures.length }, limitMs);
  if (wrong !== undefined) failures.push({ name: path, error: wrong });
  return {
    path,
    passed: events.filter((event) => event.kind === 'pass').length,
    skips: events.filter((event) => event.kind === 'skip'),
    failures,
    durationMs: performance.now() - startedAt,
    output: ended.output,
  };
}

type Ended = {
  readonly events: readonly FileEvent[];
  readonly output: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly late: boolean;
};

function wholeFileFailure(
  root: string,
  path: string,
  { code, signal, late }: Ended,
  { told, tests, failed }: { told: boolean; tests: number; failed: number },
  limitMs: number,
): string | undefined {
  if (late) {
    return `The file did not end within ${limitMs / 1000} s and was stopped; something in it hangs or is never closed.`;
  }
  if (!told && (code !== 0 || signal !== null || tests > 0)) {
    return `The file ended (${signal ?? `exit code ${code}`}) before its tests did; those not reported did not run.`;
  }
  if (tests === 0) return 'The file holds no test, or left before the first one.';
  if (code !== 0 && failed === 0) return `Every test passed but the process ended with exit code ${code}.`;
  if (onlyPattern.test(readFileSync(join(root, path), 'utf8'))) {
    return 'The file says `only`, so its other tests did not run: remove it.';
  }
  return undefined;
}

function runProcess(root: string, path: string, limitMs: number): Promise<Ended> {
  return new Promise((settle, reject) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', `--test-reporter=${reporterPath}`, path],
      {
        cwd: root,
        env: childEnvironment(),
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
        // A group of its own, so that whatever the file started can be stopped with it.
        detached: process.platform !== 'win32',
      },
    );
    const release = watch(child);
    let output = '';
    let told = '';
    let late = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-keptOutput);
      });
    }
    const channel = child.stdio[eventDescriptor];
    channel?.on('data', (bytes: Buffer) => {
      told += bytes.toString();
    });
    const limit = setTimeout(() => {
      late = true;
      stopGroup(child);
    }, limitMs);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(limit);
      stopGroup(child);
      const drain = setTimeout(() => child.stdio.forEach((stream) => stream?.destroy()), drainMs);
      child.on('close', () => {
        clearTimeout(drain);
        release();
        settle({ events: parseEvents(told), output, code, signal, late });
      });
    });
  });
}

function parseEvents(told: string): FileEvent[] {
  // A process that was killed may leave its last line unfinished.
  return told
    .slice(0, told.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FileEvent); // our own reporter wrote it
}

function childEnvironment(): NodeJS.ProcessEnv {
  // Set where these very tests run under `node --test`; a child that sees it reports in another format.
  const { NODE_TEST_CONTEXT: _, ...rest } = process.env;
  return rest;
}
