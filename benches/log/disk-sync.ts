/** What the disk alone can do: one append of a sector and fdatasync after the other, without anything of ours. */
import { closeSync, fdatasync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Latencies, latenciesOf } from './gate-side.ts';

const sync = promisify(fdatasync);

export async function syncRate(folder: string, ms: number): Promise<Latencies> {
  const path = join(folder, 'disk-sync');
  const file = openSync(path, 'w');
  const sector = new Uint8Array(512);
  const samples: number[] = [];
  const begin = performance.now();
  for (let at = 0; performance.now() - begin < ms; at += sector.length) {
    const from = performance.now();
    writeSync(file, sector, 0, sector.length, at);
    await sync(file);
    samples.push(performance.now() - from);
  }
  const latencies = latenciesOf(samples, (performance.now() - begin) / 1000);
  closeSync(file);
  rmSync(path);
  return latencies;
}
