import assert from 'node:assert/strict';
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '../core/commands.ts';
import { apply } from '../core/exchange.ts';
import { restoreSnapshot, takeSnapshot, type Snapshot } from '../core/snapshot.ts';
import { ExchangeState } from '../core/state.ts';
import { encodeFrame, readFrames } from './frames.ts';

/** The journal is folded into a snapshot at this size, which keeps a restart under a few seconds. */
const JOURNAL_BYTES_MAX = 64 * 1024 * 1024;

const SNAPSHOT = /^snapshot-(\d{16})$/;
const fileName = (kind: 'snapshot' | 'journal', seq: number): string =>
  `${kind}-${String(seq).padStart(16, '0')}`;

export interface Opened {
  readonly state: ExchangeState;
  readonly journal: Journal;
}

/**
 * Rebuilds the exchange from its folder and opens the journal. The first start and every later one are the
 * same path: newest snapshot, then the accepted commands since, then a fresh snapshot.
 *
 * Throws when the files contradict themselves. It never repairs: an exchange that forgot an acknowledged order
 * is worse than one that does not start.
 */
export async function openJournal(folder: string): Promise<Opened> {
  const snapshotSeq = Math.max(
    0,
    ...readdirSync(folder).map((name) => Number(SNAPSHOT.exec(name)?.[1] ?? 0)),
  );
  const state =
    snapshotSeq === 0 ? new ExchangeState() : readSnapshot(join(folder, fileName('snapshot', snapshotSeq)));
  let seq = snapshotSeq;
  for (const command of readCommands(join(folder, fileName('journal', snapshotSeq)))) {
    const outcome = apply(state, command);
    assert(outcome.ok, `command ${seq + 1} of the journal was accepted once and must be accepted again`);
    seq += 1;
  }
  state.takeEvents();
  return { state, journal: await Journal.startAt(folder, state, seq) };
}

/**
 * The record of accepted commands. One write and one sync carry every command that arrived while the last
 * ones were on their way, so that the cost of a sync is shared.
 */
export class Journal {
  readonly #folder: string;
  readonly #state: ExchangeState;
  #file: FileHandle;
  #fileBytes = 0;
  #seq: number;
  #pending: Command[] = [];
  #waiting: (() => void)[] = [];
  #running: Promise<void> | null = null;

  private constructor(folder: string, state: ExchangeState, file: FileHandle, seq: number) {
    this.#folder = folder;
    this.#state = state;
    this.#file = file;
    this.#seq = seq;
  }

  /** Writes a snapshot of the state after command `seq` and an empty journal behind it. */
  static async startAt(folder: string, state: ExchangeState, seq: number): Promise<Journal> {
    return new Journal(folder, state, await rotate(folder, state, seq), seq);
  }

  append(command: Command): void {
    this.#pending.push(command);
    this.#seq += 1;
    this.#running ??= this.#flush();
  }

  /** Resolves once everything appended so far is on disk; `null` when it is already. */
  durable(): Promise<void> | null {
    if (this.#running === null) return null;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async close(): Promise<void> {
    await this.#running;
    await this.#file.close();
  }

  /**
   * A failed write or sync ends the process (the rejection is nobody's to handle): what is acknowledged must be
   * on disk, and after a failed sync nobody knows what is.
   */
  async #flush(): Promise<void> {
    // Commands of the same turn of the event loop share the first sync.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#pending.length > 0 || this.#waiting.length > 0) {
      const commands = this.#pending;
      const waiting = this.#waiting;
      this.#pending = [];
      this.#waiting = [];
      if (commands.length > 0) await this.#write(encodeFrame(commands));
      for (const resolve of waiting) resolve();
      if (this.#fileBytes > JOURNAL_BYTES_MAX) await this.#fold();
    }
    this.#running = null;
  }

  async #write(frame: Buffer): Promise<void> {
    await this.#file.appendFile(frame);
    await this.#file.datasync();
    this.#fileBytes += frame.length;
  }

  /** The snapshot holds the pending commands too: they are applied already. */
  async #fold(): Promise<void> {
    this.#pending = [];
    await this.#file.close();
    this.#file = await rotate(this.#folder, this.#state, this.#seq);
    this.#fileBytes = 0;
  }
}

function readSnapshot(path: string): ExchangeState {
  const { values, isCorrupt } = readFrames(readFileSync(path));
  assert(
    values.length === 1 && !isCorrupt,
    `${path} is damaged. The paper accounts cannot be rebuilt from it: restore the file from a backup, or move ` +
      'the folder away to start a new paper exchange. No real money is involved.',
  );
  // The frame's checksum proves that this program wrote it.
  return restoreSnapshot(values[0] as Snapshot);
}

function readCommands(path: string): Command[] {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch (error) {
    // A crash between writing a snapshot and opening its journal leaves none.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  const { values, isCorrupt } = readFrames(file);
  assert(
    !isCorrupt,
    `${path} is damaged in the middle. Acknowledged paper orders are in the damaged part: restore the file from ` +
      'a backup, or move the folder away to start a new paper exchange. No real money is involved.',
  );
  // Frames are batches of commands that this program wrote; a torn last one was never acknowledged.
  return (values as Command[][]).flat();
}

/** Snapshot first, durable under its final name, then the new journal, then the old files go. */
async function rotate(folder: string, state: ExchangeState, seq: number): Promise<FileHandle> {
  const snapshot = fileName('snapshot', seq);
  const journal = fileName('journal', seq);
  const temporary = join(folder, `${snapshot}.new`);
  writeFileSync(temporary, encodeFrame(takeSnapshot(state)), { mode: 0o600, flush: true });
  renameSync(temporary, join(folder, snapshot));
  syncFolder(folder);
  const file = await open(join(folder, journal), 'w', 0o600);
  await file.sync();
  syncFolder(folder);
  for (const name of readdirSync(folder)) {
    if (/^(snapshot|journal)-/.test(name) && name !== snapshot && name !== journal)
      rmSync(join(folder, name));
  }
  return file;
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
