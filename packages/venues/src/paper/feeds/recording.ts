import { linesOf } from '../../history/lines.ts';
import { candleEvents } from './candle-events.ts';
import type { FeedEvent } from './feed-event.ts';
import { FrameReader } from './frame-events.ts';

/** Nanoseconds since the epoch, a space and the frame: how recorders of public streams write a line. */
const FRAME_LINE = /^(\d{19}) (\{.*\})$/;
const NANOSECONDS_PER_MS = 1_000_000;

/**
 * The events of recorded files, one file after the other: recorded frames of Binance's public streams (book
 * ticker, trade and depth of one market), or one-minute candles as `candleRows` takes them; either may be
 * packed with gzip.
 */
export async function* recordedEvents(paths: readonly string[]): AsyncGenerator<FeedEvent> {
  const reader = new FrameReader();
  for (const path of paths) {
    if (await isFrameFile(path)) yield* frameEvents(path, reader);
    else yield* candleEvents(path);
  }
}

async function* frameEvents(path: string, reader: FrameReader): AsyncGenerator<FeedEvent> {
  let number = 0;
  for await (const line of linesOf(path)) {
    number += 1;
    const match = FRAME_LINE.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) {
      throw new Error(`${path}, line ${number} is not a recorded frame: ${line.slice(0, 80)}`);
    }
    const receivedAt = Number(match[1]) / NANOSECONDS_PER_MS;
    const event = reader.read({ receivedAt, text: match[2] });
    if (event !== null) yield event;
  }
}

async function isFrameFile(path: string): Promise<boolean> {
  for await (const line of linesOf(path)) return FRAME_LINE.test(line);
  return false;
}
