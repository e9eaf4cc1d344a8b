/** The installation of `_canary-desk.ts`, from outside. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ProgramName } from '../packages/desk/src/desk.ts';
import { removeHome } from './_installation.ts';
import { descendants } from './_start.ts';

export interface CanaryAddress {
  readonly root: string;
  readonly port: number;
  readonly adminUrl: string;
  readonly venueUrl: string;
  readonly databaseUrl: string;
}

export interface CanaryProcess {
  readonly pid: number;
  /** The program's name, or what its command line begins with. */
  readonly name: string;
  /** Started by the desk itself, or the desk. */
  readonly isProgram: boolean;
}

type Said = Partial<CanaryAddress> & {
  readonly programs?: Readonly<Record<string, number>>;
  readonly lines?: readonly string[];
};

export class CanaryInstallation {
  readonly address: CanaryAddress;
  readonly #child: ChildProcess;
  readonly #next: () => Promise<Said>;

  private constructor(child: ChildProcess, next: () => Promise<Said>, address: CanaryAddress) {
    this.#child = child;
    this.#next = next;
    this.address = address;
  }

  /** Its Node programs write a heap snapshot into `snapshots` at SIGUSR2; those with an empty environment do not. */
  static async start(snapshots: string): Promise<CanaryInstallation> {
    const child = spawn(process.execPath, [join(import.meta.dirname, '_canary-desk.ts')], {
      env: {
        ...process.env,
        NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${snapshots}`,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<Said> => {
      const { value, done } = await lines.next();
      if (done === true) throw new Error('the installation has ended');
      // What `_canary-desk.ts` writes.
      return JSON.parse(value) as Said;
    };
    return new CanaryInstallation(child, next, (await next()) as CanaryAddress);
  }

  kill(name: ProgramName | 'database'): void {
    this.#child.stdin?.write(`${name}\n`);
  }

  async #programs(): Promise<ReadonlyMap<string, number>> {
    this.#child.stdin?.write('\n');
    return new Map(Object.entries((await this.#next()).programs ?? {}));
  }

  /** Every process of it, whoever started it. */
  async processes(): Promise<readonly CanaryProcess[]> {
    const names = new Map([...(await this.#programs())].map(([name, pid]) => [pid, name]));
    return descendants(this.#child.pid ?? 0).flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ');
        const program = pid === this.#child.pid ? 'desk' : names.get(pid);
        return [{ pid, name: program ?? command.slice(0, 60), isProgram: program !== undefined }];
      } catch {
        return [];
      }
    });
  }

  token(): string {
    return readFileSync(join(this.address.root, 'run', 'token'), 'utf8');
  }

  async isWell(): Promise<boolean> {
    const headers = { authorization: `Bearer ${this.token()}` };
    const answer = await fetch(`http://127.0.0.1:${this.address.port}/healthz`, { headers }).catch(
      () => null,
    );
    return answer !== null && ((await answer.json()) as { readonly status?: unknown }).status === 'ok';
  }

  /** All that its programs printed. The data folder stays. */
  async stop(): Promise<readonly string[]> {
    this.#child.stdin?.end();
    for (;;) {
      const { lines } = await this.#next();
      if (lines !== undefined) return lines;
    }
  }

  remove(): void {
    this.#child.kill('SIGKILL');
    removeHome(this.address.root);
  }
}
