/** Times, in the reader's zone, with UTC on hover. */
import { useDisplay } from '../app/display.ts';
import { timeText } from './time-text.ts';

/** `10:31:04` in the reader's zone; milliseconds since 1970. */
export function clockTime(ms: number): string {
  return new Date(ms).toLocaleTimeString(undefined, { hour12: false });
}

export function Time({ at, withDate = true }: { readonly at: string; readonly withDate?: boolean }) {
  const { language } = useDisplay();
  return (
    <time
      dateTime={at}
      title={`${at.replace('T', ' ').replace(/\.\d+Z$/u, '')} UTC`}
      className="whitespace-nowrap"
    >
      {timeText(at, language, withDate)}
    </time>
  );
}
