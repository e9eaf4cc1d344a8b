/** The journal without a socket and without sealing: durable, integrated, signed and proven opaque entries. */
import { join } from 'node:path';
import { Journal } from '@counterfoil/log/journal';

const genesis = { origin: 'bench.counterfoil.local/opaque', clock: Date.now };
const IN_FLIGHT = 512;

/** Entries of one submitter, in one buffer: the journal copies an entry, and the next is made once it is answered. */
function entries(): (number: number) => Uint8Array {
  const bytes = new Uint8Array(200);
  const view = new DataView(bytes.buffer);
  return (number) => {
    view.setFloat64(0, number);
    return bytes;
  };
}

/** Submitters that each ask again once they are answered, until `done`. Returns the entries appended. */
async function keepInFlight(
  journal: Journal,
  first: number,
  done: (appended: number) => boolean,
): Promise<number> {
  let appended = 0;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      const entry = entries();
      while (!done(appended)) {
        appended += 1;
        await journal.append([entry(first + appended)], 0);
      }
    }),
  );
  return appended;
}

export async function opaqueRate(folder: string, ms: number): Promise<number> {
  const journal = await Journal.create(folder, genesis);
  await keepInFlight(journal, 0, (appended) => appended > 20_000);
  const begin = performance.now();
  const appended = await keepInFlight(journal, 1e6, () => performance.now() - begin > ms);
  const perSecond = appended / ((performance.now() - begin) / 1000);
  await journal.close();
  return perSecond;
}

export interface GrowthStep {
  readonly size: number;
  readonly perSecond: number;
  readonly residentMiB: number;
}

/** Appends up to each of `sizes`, then opens the log again. */
export async function growthOf(
  folder: string,
  sizes: readonly number[],
): Promise<{ readonly steps: readonly GrowthStep[]; readonly reopenSeconds: number }> {
  const journal = await Journal.create(join(folder, 'log'), genesis);
  const steps: GrowthStep[] = [];
  for (const size of sizes) {
    const from = journal.head().size;
    const begin = performance.now();
    await keepInFlight(journal, from, (appended) => from + appended >= size);
    const seconds = (performance.now() - begin) / 1000;
    steps.push({
      size,
      perSecond: (journal.head().size - from) / seconds,
      residentMiB: process.memoryUsage.rss() / 2 ** 20,
    });
  }
  journal.publish();
  await journal.close();
  const begin = performance.now();
  const reopened = await Journal.open(join(folder, 'log'));
  const reopenSeconds = (performance.now() - begin) / 1000;
  await reopened.close();
  return { steps, reopenSeconds };
}
