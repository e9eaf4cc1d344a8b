/** A log that offers itself to witnesses, and others that begin as it does and go another way. */
import {
  CompactRange,
  Prover,
  TreeHasher,
  formatAddCheckpoint,
  formatCheckpoint,
  formatNote,
  utf8,
} from '@counterfoil/log';
import { sha256Into } from '@counterfoil/log/node';
import { logKey, signedBy } from './_history-log.ts';

const hasher = new TreeHasher(sha256Into);

/** A log of `story` entries that offers itself at any size. */
export class Story {
  readonly #nodes = new Map<string, Uint8Array>();
  readonly #name: string;

  constructor(name: string, size: number, from?: { story: string; upTo: number }) {
    this.#name = name;
    const range = new CompactRange(hasher, (level, index, hash, at) => {
      this.#nodes.set(`${level}/${index}`, hash.slice(at, at + 32));
    });
    for (let i = 0; i < size; i++)
      range.append(utf8(from && i < from.upTo ? `${from.story} ${i}` : `${name} ${i}`));
  }

  #prover(size: number): Prover {
    return new Prover(
      hasher,
      size,
      (level, index) => this.#nodes.get(`${level}/${index}`) ?? utf8(this.#name),
    );
  }

  text(size: number): string {
    return formatCheckpoint({ origin: logKey.key.name, size, root: this.#prover(size).root() });
  }

  checkpoint(size: number): Uint8Array {
    const text = this.text(size);
    return formatNote({ text, signatures: [signedBy(text, logKey)] });
  }

  request(oldSize: number, size: number): Uint8Array {
    const consistency = this.#prover(size).consistency(Math.min(oldSize, size));
    return formatAddCheckpoint({ oldSize, consistency, checkpoint: this.checkpoint(size) });
  }

  offer(size: number) {
    return {
      checkpoint: this.checkpoint(size),
      size,
      consistency: (from: number) => this.#prover(size).consistency(from),
    };
  }
}
