/**
 * Cosigned checkpoints are kept for ever, a file per UTC day, because they bound when each leaf was logged. Each note
 * is followed by a blank line.
 */
import { LogError } from '../library/error.ts';
import { utf8 } from '../library/primitives.ts';

/** `cosigned/2026-11-20` for a time in milliseconds since 1970. */
export function cosignedPath(atMs: number): string {
  return `cosigned/${new Date(atMs).toISOString().slice(0, 10)}`;
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
