import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { RecordedSignal } from '@counterfoil/engine';
import { LabError } from '../errors.ts';

/** More alerts than a year of minutes has candles are a mistake. */
const SIGNALS_MAX = 1_000_000;
const NAME = /^[a-z][a-z0-9-]{0,31}$/;

/**
 * Reads `timestamp_ms,name`, one alert a row, with or without a heading, in order of time. Throws `LabError` that
 * names row and column.
 */
export function parseSignals(text: string, file: string): readonly RecordedSignal[] {
  const lines = text.split('\n').map((line) => line.trim());
  while (lines.at(-1) === '') lines.pop();
  const first = /^[0-9]/.test(lines[0] ?? '') ? 0 : 1;
  if (lines.length > SIGNALS_MAX)
    throw new LabError('bad-file', `${file} has ${lines.length} signals; ${SIGNALS_MAX} are the most.`);
  let before = 0;
  return lines.slice(first).map((line, i) => {
    const fail = (column: string, what: string): never => {
      throw new LabError('bad-row', `${file} row ${first + i + 1}, column ${column}: ${what}`);
    };
    const [time = '', name = '', ...rest] = line.split(',');
    const atMs = /^[0-9]{1,15}$/.test(time) ? Number(time) : fail('1 (time)', `${JSON.stringify(time)} is no time in ms.`);
    if (atMs < before) fail('1 (time)', 'earlier than the row before; sort the file by time.');
    if (!NAME.test(name) || rest.length > 0)
      fail('2 (name)', `${JSON.stringify(name)} is no name; write small letters, digits and hyphens.`);
    before = atMs;
    return { atMs, name };
  });
}

export async function loadSignals(path: string): Promise<readonly RecordedSignal[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new LabError(
      'bad-file',
      `${path} cannot be read (${error instanceof Error ? error.message : 'unknown reason'}).`,
    );
  }
  return parseSignals(text, basename(path));
}
