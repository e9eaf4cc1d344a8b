import type { CommandIo } from './io.ts';

/** Room for the words beside the bar. */
const WORDS = 40;

/** One line that is drawn over itself, from the moment a command begins; nothing where nobody watches. */
export class Progress {
  readonly #io: CommandIo;

  constructor(io: CommandIo) {
    this.#io = io;
  }

  /** `share` from 0 to 1. */
  show(share: number, words: string): void {
    if (!this.#io.interactive) return;
    const width = Math.max(10, this.#io.columns - WORDS);
    const filled = Math.round(share * width);
    this.#io.write(`\r${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${words.padEnd(WORDS - 2)}`);
  }

  clear(): void {
    if (this.#io.interactive)
      this.#io.write(`\r${' '.repeat(Math.max(10, this.#io.columns - WORDS) + WORDS - 1)}\r`);
  }
}
