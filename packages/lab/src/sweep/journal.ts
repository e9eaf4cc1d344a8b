import { createHash } from 'node:crypto';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { LabError } from '../errors.ts';
import type { Outcome } from './message.ts';

/**
 * The outcomes of a sweep as lines of JSON, so that a cancelled sweep goes on where it stopped. The first line names
 * the sweep; a file of another sweep is refused rather than mixed.
 */
export class SweepJournal {
  readonly #path: string;
  #pending = Promise.resolve();

  private constructor(path: string) {
    this.#path = path;
  }

  /** Opens or begins the file; returns what it holds. */
  static async open(
    path: string,
    sweep: readonly string[],
  ): Promise<{ journal: SweepJournal; done: readonly Outcome[] }> {
    const id = createHash('sha256').update(JSON.stringify(sweep)).digest('hex').slice(0, 16);
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) {
      await writeFile(path, `${JSON.stringify({ sweep: id })}\n`);
      return { journal: new SweepJournal(path), done: [] };
    }
    // A line cut off by a crash is run again.
    const [head = '', ...lines] = text.slice(0, text.lastIndexOf('\n')).split('\n');
    if (head !== JSON.stringify({ sweep: id })) {
      throw new LabError(
        'bad-file',
        `${path} belongs to another sweep (other flags or data); name another file or remove it.`,
      );
    }
    return { journal: new SweepJournal(path), done: lines.map((line) => JSON.parse(line) as Outcome) };
  }

  add(outcomes: readonly Outcome[]): void {
    const text = outcomes.map((outcome) => `${JSON.stringify(outcome)}\n`).join('');
    this.#pending = this.#pending.then(() => appendFile(this.#path, text));
  }

  async close(): Promise<void> {
    await this.#pending;
  }
}
