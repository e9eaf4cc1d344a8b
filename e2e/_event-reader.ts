/** Reads an event stream as a browser does: goes on with the last number it saw when the line breaks. */
import { type StreamEvent, streamEvent } from '@counterfoil/api';

export interface Numbered {
  readonly id: number;
  readonly event: StreamEvent;
}

export class EventReader {
  readonly numbered: Numbered[] = [];
  /** How often the line was opened. */
  lines = 0;
  readonly #url: string;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #last: number | null;

  /** Numbers above `after`; null: from now on. */
  constructor(url: string, after: number | null) {
    this.#url = url;
    this.#last = after;
    this.#done = this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#read();
      } catch {
        // The line broke; a browser asks again after a moment.
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async #read(): Promise<void> {
    const answer = await fetch(this.#url, {
      headers: this.#last === null ? {} : { 'last-event-id': String(this.#last) },
      signal: this.#stop.signal,
    });
    if (answer.status !== 200 || answer.body === null) throw new Error(`HTTP ${answer.status}`);
    this.lines += 1;
    let rest = '';
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + chunk).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) this.#take(part);
    }
  }

  #take(part: string): void {
    const [, id, data] = /^id: ([0-9]+)\ndata: (.*)$/s.exec(part) ?? [];
    if (id === undefined || data === undefined) return;
    this.#last = Number(id);
    this.numbered.push({ id: this.#last, event: streamEvent.parse(JSON.parse(data)) });
  }
}
