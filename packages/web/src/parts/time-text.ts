/** Times as text, in the reader's zone and on 24 hours. */

/** An instant with its day: `20 Nov, 10:31:04`. */
export function timeText(at: string, language: string, withDate = true): string {
  return new Date(at).toLocaleString(language, {
    ...(withDate ? { day: '2-digit', month: 'short' } : {}),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });
}
