/** The same load for both sides: so many orders in flight, for so long. */

export interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export async function run(place: () => Promise<void>, inFlight: number, ms: number): Promise<Load> {
  const times: number[] = [];
  const start = performance.now();
  const end = start + ms;
  const one = async (): Promise<void> => {
    while (performance.now() < end) {
      const before = performance.now();
      await place();
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  const seconds = (performance.now() - start) / 1_000;
  times.sort((a, b) => a - b);
  const at = (part: number): number => times[Math.floor(times.length * part)] ?? NaN;
  return { perSecond: times.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}
