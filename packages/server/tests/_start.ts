import type { TestContext } from 'node:test';
import { startDatabase, StartError, type RunningDatabase, type StartErrorCode } from '../src/index.ts';
import { atEnd } from './_at-end.ts';

/** Starts the embedded database of a folder; it stops when the test ends. */
export async function start(
  t: TestContext,
  folder: string,
  log: (line: string) => void = () => {},
): Promise<RunningDatabase> {
  const running = await startDatabase({ folder, databaseUrl: undefined, log });
  atEnd(t, running.stop);
  return running;
}

/** For `assert.rejects`: whether an error is a refusal with this code. */
export function refusedWith(code: StartErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof StartError && error.code === code;
}
