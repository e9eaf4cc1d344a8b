/** A worker on another machine, as far as one machine can be two: `counterfoil worker` in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const command = join(import.meta.dirname, '../packages/cli/src/main.ts');

export interface Ended {
  readonly code: number | null;
  readonly printed: string;
}

/** `counterfoil ARGS`, to its end. */
export async function counterfoil(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [command, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, printed: out + error };
}

export class RemoteWorker {
  readonly #child: ChildProcess;
  #printed = '';
  readonly ended: Promise<number | null>;

  /** In a process group of its own; nothing of the vault's machine is given but the file. */
  constructor(folder: string, credentials: string, databaseUrl: string) {
    const child = spawn(process.execPath, [command, 'worker', '--credentials', credentials], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, DATABASE_URL: databaseUrl },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.#printed += chunk.toString()));
    this.ended = new Promise((resolve) => child.once('exit', resolve));
    this.#child = child;
  }

  get printed(): string {
    return this.#printed;
  }

  /** How often it came to the vault. */
  get attachments(): number {
    return this.#printed.split(' is attached to the vault at ').length - 1;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null)
      process.kill(-(this.#child.pid ?? 0), signal);
  }

  /** As an operator's service manager does: to the command, which hands it on. */
  terminate(): void {
    this.#child.kill('SIGTERM');
  }
}
