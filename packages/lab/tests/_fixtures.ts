import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { CommandIo } from '../src/commands/io.ts';

/** A folder that goes when the test does. */
export function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'lab-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Two days of minutes that swing by a few percent: enough for deals, small enough to write by hand. */
export function waveCsv(rows = 2_880): string {
  const lines = ['timestamp_ms,open,high,low,close,volume'];
  const price = (minute: number): number =>
    10_000 + 300 * Math.sin(minute / 90) + 120 * Math.sin(minute / 17);
  for (let minute = 0; minute < rows; minute++) {
    const [open, close] = [price(minute), price(minute + 1)];
    const [high, low] = [Math.max(open, close) + 3, Math.min(open, close) - 3];
    const cells = [open, high, low, close].map((value) => value.toFixed(1));
    lines.push([1_600_000_020_000 + minute * 60_000, ...cells, '50'].join(','));
  }
  return `${lines.join('\n')}\n`;
}

export function waveFile(t: TestContext): string {
  const path = join(folder(t), 'wave.csv');
  writeFileSync(path, waveCsv());
  return path;
}

/** Collects what a command writes. */
export function collectingIo(
  signal: AbortSignal = new AbortController().signal,
): CommandIo & { text(): string } {
  const parts: string[] = [];
  let nowMs = 0;
  return {
    write: (text) => void parts.push(text),
    columns: 80,
    interactive: true,
    nowMs: () => (nowMs += 5),
    signal,
    text: () => parts.join(''),
  };
}
