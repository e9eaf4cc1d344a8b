import type { FileResult } from './run-file.ts';
import type { Tally } from './tally.ts';

const colour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
const paint = (code: number, text: string): string => (colour ? `\u001B[${code}m${text}\u001B[0m` : text);

/** One line for a file that ended. */
export function printFile({ path, passed, failures, skips, durationMs }: FileResult): void {
  const mark = failures.length === 0 ? paint(32, '✔') : paint(31, '✘');
  const parts = [`${passed} passed`];
  if (failures.length > 0) parts.push(paint(31, `${failures.length} failed`));
  if (skips.length > 0) parts.push(`${skips.length} skipped`);
  console.log(`${mark} ${path}  ${paint(2, `${parts.join(', ')}  ${(durationMs / 1000).toFixed(1)} s`)}`);
}

/** Failures in full, then skips by name and reason, then the summary line, which is always the last. */
export function printEnd(tally: Tally, seconds: number): void {
  for (const { name, error, output } of tally.failures) {
    console.log(`\n${paint(31, '✘')} ${name}\n${indent(error)}`);
    if (output !== '') console.log(`  printed by the file:\n${indent(output.trimEnd())}`);
  }
  if (tally.skips.length > 0) console.log('\nSkipped:');
  for (const { name, path, reason } of tally.skips) console.log(`- ${name} (${path}): ${reason}`);
  console.log(`\n${tally.files} files in ${seconds.toFixed(1)} s`);
  console.log(`${tally.passed} passed, ${tally.failures.length} failed, ${tally.skips.length} skipped`);
}

function indent(text: string): string {
  return text.replaceAll(/^/gmu, '  ');
}
