/**
 * Cosigned checkpoints are kept for ever, a file per UTC day, because they bound when each leaf was logged. Each note
 * is followed by a blank line. One more file names the days, a line each, because HTTP cannot list a folder.
 */
import { LogError } from '../library/error.ts';
import { utf8 } from '../library/primitives.ts';

export const COSIGNED_FOLDER = 'cosigned';
export const DAYS_PATH = `${COSIGNED_FOLDER}/days`;
/** Two hundred years. */
const DAYS_MAX = 73_000;

/** `2026-11-20` for a time in milliseconds since 1970. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

export function isDay(name: string): boolean {
  return /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(name);
}

export function cosignedPath(day: string): string {
  return `${COSIGNED_FOLDER}/${day}`;
}

/** The file that names `days`. */
export function formatDays(days: readonly string[]): Uint8Array {
  return utf8(days.map((day) => `${day}\n`).join(''));
}

/** The days that the file names, in order and each once; anything else could make a reader fetch what is no day. */
export function parseDays(bytes: Uint8Array): string[] {
  const days = new TextDecoder().decode(bytes).split('\n');
  const last = days.pop();
  const ordered = days.every((day, i) => isDay(day) && day > (days[i - 1] ?? ''));
  if (last !== '' || !ordered || days.length > DAYS_MAX)
    throw new LogError('bad-note', 'the list of days with cosigned checkpoints is not one');
  return days;
}

/** A note with the blank line after it. */
export function dayRecord(note: Uint8Array): Uint8Array {
  const record = new Uint8Array(note.length + 1);
  record.set(note);
  record[note.length] = 0x0a;
  return record;
}

/** The notes of one day's file. */
export function notesOfDay(bytes: Uint8Array): Uint8Array[] {
  // A checkpoint has no blank line of its own, so text and signatures take turns.
  const parts = new TextDecoder().decode(bytes).split('\n\n');
  if (parts.pop() !== '' || parts.length % 2 !== 0)
    throw new LogError('bad-note', 'a day of checkpoints ends inside one');
  const notes: Uint8Array[] = [];
  for (let i = 0; i < parts.length; i += 2) notes.push(utf8(`${parts[i]}\n\n${parts[i + 1]}\n`));
  return notes;
}
