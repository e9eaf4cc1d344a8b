/** Checks as a person reads them: quiet when well, loud when not. */
import type { Report } from '@counterfoil/log';

/** One line per check; a failed one also says what was expected and where it was read. */
export function describeReport(report: Report, what: string): string {
  const width = Math.max(...report.checks.map((check) => check.name.length));
  const lines = report.checks.map((check) => {
    const head = `${check.passed ? '✓' : '✗'} ${check.name.padEnd(width)}  ${check.found}`;
    const indent = ' '.repeat(width + 4);
    return check.passed
      ? head
      : `${head}\n${indent}expected ${check.expected}\n${indent}read from ${check.source}`;
  });
  const end = report.passed
    ? `The ${what} holds.`
    : `THE ${what.toUpperCase()} DOES NOT HOLD. Keep the files, and do not rely on them.`;
  return `${lines.join('\n')}\n\n${end}\n`;
}
