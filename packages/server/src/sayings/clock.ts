/** `2026-11-20 10:31:04` in UTC, as sentences have it. */
export function clock(instant: string): string {
  return instant.slice(0, 19).replace('T', ' ');
}
