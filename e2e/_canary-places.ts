/** The places where a secret could lie about, and how often it does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openDatabase } from '@counterfoil/server';
import { countIn } from '../packages/vault/tests/_memory.ts';

const CHUNK = 16 * 1024 * 1024;
const SNAPSHOT_MS_MAX = 120_000;

export const isRoot = process.getuid?.() === 0;

/** In a file of any length. */
export function countInFile(path: string, shapes: readonly Buffer[]): number {
  const overlap = Math.max(...shapes.map(({ length }) => length)) - 1;
  const buffer = Buffer.alloc(CHUNK + overlap);
  const file = openSync(path, 'r');
  let count = 0;
  for (let at = 0; ; at += CHUNK) {
    const length = readSync(file, buffer, 0, buffer.length, at);
    // What begins in the overlap is counted with the next chunk.
    count += countIn(buffer.subarray(0, length), shapes, Math.min(CHUNK, length));
    if (length < buffer.length) break;
  }
  closeSync(file);
  return count;
}

/** Every row of every table, as text: files of a database hold long values compressed. */
export async function countInDatabase(url: string, shapes: readonly Buffer[]): Promise<number> {
  const database = await openDatabase({ url });
  try {
    const { rows: tables } = await database.pool.query<{ name: string }>(
      `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    let count = 0;
    for (const { name } of tables) {
      const { rows } = await database.pool.query<{ row: string }>(`select t::text as row from ${name} t`);
      // Binary columns are hexadecimal in a row's text, which is one of the shapes.
      count += countIn(Buffer.from(rows.map(({ row }) => row).join('\n')), shapes);
    }
    return count;
  } finally {
    await database.close();
  }
}

/** Makes a program that was started with `--heapsnapshot-signal=SIGUSR2` write its heap; the file's path. */
export async function heapSnapshot(pid: number, folder: string): Promise<string> {
  process.kill(pid, 'SIGUSR2');
  const end = Date.now() + SNAPSHOT_MS_MAX;
  while (Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const name = readdirSync(folder).find((one) => one.includes(`.${pid}.`) && one.endsWith('.heapsnapshot'));
    if (name !== undefined && isWhole(join(folder, name))) return join(folder, name);
  }
  throw new Error(`process ${pid} wrote no heap snapshot`);
}

/** A snapshot is JSON and ends with the list of its strings. */
function isWhole(path: string): boolean {
  const { size } = statSync(path);
  const file = openSync(path, 'r');
  const end = Buffer.alloc(3);
  readSync(file, end, 0, end.length, Math.max(0, size - end.length));
  closeSync(file);
  return end.toString().trim().endsWith(']}');
}

export interface Capture {
  /** Ends it, once or again; how often the secret went by, or that only root may listen. */
  readonly end: () => Promise<(shapes: readonly Buffer[]) => number | 'closed'>;
}

/** Listens to these ports from now on. */
export async function startCapture(path: string, ports: readonly number[]): Promise<Capture> {
  if (!isRoot) return { end: () => Promise.resolve(() => 'closed') };
  const child = spawn(
    process.execPath,
    [
      '--experimental-ffi',
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, '_canary-capture.ts'),
      path,
      ...ports.map(String),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await firstLine(child);
  return {
    end: async () => {
      // The last segments are on their way through the kernel.
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (child.signalCode === null) {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await gone;
      }
      return (shapes) => countInFile(path, shapes);
    },
  };
}

/** Rejects where the program ends without one. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error('a program without standard output');
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the program ended with ${code}`)));
  });
}
