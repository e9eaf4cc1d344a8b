import type { Report } from './report.ts';

/** The whole report; exact money (deals) as decimal strings of units. */
export function jsonReport(report: Report): string {
  return `${JSON.stringify(report, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2)}\n`;
}
