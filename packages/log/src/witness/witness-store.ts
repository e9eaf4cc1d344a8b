/**
 * What a witness must never forget: for each log, the newest checkpoint that it cosigned. One file per log, which is
 * also what it serves to readers. Replaced durably before an answer leaves.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Checkpoint, parseCheckpoint } from '../library/checkpoint.ts';
import { parseNote } from '../library/note.ts';
import { monitoringPath } from '../library/add-checkpoint.ts';
import { sha256Into } from '../node.ts';
import { WitnessError } from './error.ts';

/** Content of a log's file before its first checkpoint. */
const NONE = new Uint8Array(0);

export class WitnessStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  #path(origin: string): string {
    return join(this.#folder, 'logs', monitoringPath(sha256Into, origin));
  }

  /** Begins to witness a log, from its empty tree. */
  add(origin: string): void {
    const path = this.#path(origin);
    if (existsSync(path))
      throw new WitnessError('log-known', `${origin} is witnessed already; its state was kept`);
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    replaceDurably(path, NONE);
  }

  /** The newest cosigned checkpoint, `undefined` before the first. */
  last(origin: string): Checkpoint | undefined {
    const note = this.note(origin);
    if (note.length === 0) return undefined;
    try {
      return parseCheckpoint(parseNote(note).text);
    } catch (cause) {
      throw new WitnessError(
        'state-damaged',
        `the state of ${origin} cannot be read; restore it from a copy`,
        { cause },
      );
    }
  }

  /** The newest cosigned checkpoint as it is served; empty before the first. */
  note(origin: string): Uint8Array {
    try {
      return new Uint8Array(readFileSync(this.#path(origin)));
    } catch (cause) {
      const sentence =
        `the state of ${origin} is missing. A witness that forgot would sign a rolled-back log: ` +
        'restore its folder from a copy';
      throw new WitnessError('state-lost', sentence, { cause });
    }
  }

  set(origin: string, note: Uint8Array): void {
    replaceDurably(this.#path(origin), note);
  }
}

/** Readers see the old or the new bytes, and after a power cut there is one of them. */
export function replaceDurably(path: string, bytes: Uint8Array, mode = 0o644): void {
  const draft = `${path}.draft`;
  const file = openSync(draft, 'w', mode);
  try {
    writeSync(file, bytes);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
