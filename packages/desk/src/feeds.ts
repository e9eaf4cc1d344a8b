/** What the paper exchange's admin port says of the recording or the live prices that a market follows. */
interface Feed {
  readonly state: 'playing' | 'ended' | 'failed';
  readonly sentence: string;
}

/** The paper exchange tells it to whoever asks; a second is soon enough for a sentence at the terminal. */
const LOOK_MS = 1_000;

/** A look at all feeds every second, until `isOver`; nothing while the exchange is being started again. */
export async function* lookAtFeeds(adminUrl: string, isOver: () => boolean): AsyncGenerator<readonly Feed[]> {
  while (!isOver()) {
    yield await fetch(`${adminUrl}/feeds`).then(
      (answer) => answer.json() as Promise<readonly Feed[]>,
      () => [],
    );
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** The paper exchange plays a recording once, and closes the market at its end. */
export async function followRecording(
  feeds: AsyncIterable<readonly Feed[]>,
  onEnded: ((sentence: string) => void) | undefined,
): Promise<void> {
  for await (const looked of feeds) {
    const over = looked.find((feed) => feed.state !== 'playing');
    if (over !== undefined) return onEnded?.(over.sentence);
  }
}

/** Calls `onPrices` whenever prices begin to come, and tells of every later change. */
export async function followLive(
  feeds: AsyncIterable<readonly Feed[]>,
  onPrices: () => Promise<void>,
  onChanged: ((sentence: string) => void) | undefined,
): Promise<void> {
  let last: Feed['state'] | null = null;
  for await (const [feed] of feeds) {
    if (feed === undefined || feed.state === last) continue;
    if (last !== null) onChanged?.(feed.sentence);
    if (feed.state === 'playing') await onPrices();
    last = feed.state;
  }
}
