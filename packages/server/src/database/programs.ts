import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { linkLibraries, reachableNative, unsupported, type Native } from './binaries.ts';
import { systemCode } from './folder-errors.ts';
import type { Place } from './place.ts';

/** PostgreSQL's programs, ready to be run by the identity of a place. */
export interface Programs {
  readonly native: Native;
  readonly place: Place;
}

// initdb and its sync took 3 s at most on a busy disk.
const runMsMax = 120_000;
const outputBytesMax = 64 * 1024;

/** Makes the binaries reachable for the identity and their libraries findable. */
export function preparePrograms(native: Native, place: Place): Programs {
  const reachable = reachableNative(native, place.identity, place.root);
  linkLibraries(reachable, place.libraries);
  return { native: reachable, place };
}

/**
 * Starts one program in a process group of its own, so that a Ctrl-C in the terminal reaches only the desk,
 * which stops everything in order. The environment holds nothing of ours: no secret, no `PG…` variable.
 */
export function launch(
  { native, place }: Programs,
  program: 'initdb' | 'postgres',
  args: readonly string[],
  output: number | 'pipe',
): ChildProcess {
  const libraryPath = `${place.libraries}:${join(native.folder, 'lib')}`;
  return spawn(join(native.folder, 'bin', program), args, {
    ...place.identity,
    cwd: '/',
    detached: true,
    stdio: ['ignore', output, output],
    env: {
      PATH: '/usr/bin:/bin',
      LC_ALL: 'C',
      TZ: 'UTC',
      [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: libraryPath,
    },
  });
}

/** Runs initdb to its end and returns its exit status and what it printed. */
export async function runInitdb(
  programs: Programs,
  args: readonly string[],
): Promise<{ readonly ok: boolean; readonly output: string }> {
  const child = launch(programs, 'initdb', args, 'pipe');
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-outputBytesMax);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const timer = setTimeout(() => child.kill('SIGKILL'), runMsMax);
  try {
    const ok = await new Promise<boolean>((resolve, reject) => {
      child.once('error', (cause) => reject(explainLaunch(cause)));
      child.once('close', (code) => resolve(code === 0));
    });
    return { ok, output };
  } finally {
    clearTimeout(timer);
  }
}

/** A program that exists and yet is "not found" lacks its loader: these builds are for glibc, not musl. */
export function explainLaunch(cause: unknown): Error {
  const reason = systemCode(cause);
  if (reason === 'ENOENT' || reason === 'ENOEXEC')
    return unsupported('needs a system with glibc (not Alpine)', cause);
  return unsupported(`could not be executed (${reason})`, cause);
}
