/**
 * A process that is closed exactly as the gate is and holds nothing: what `counterfoil vault attack` attacks. It
 * seals itself with the gate's own code, says its level and its probes, and stays until its standard input ends.
 */
import { readSync } from 'node:fs';
import type { IsolationLevel } from '@counterfoil/vocabulary/gate-flags';
import { sealSelf } from '../gate/self-seal.ts';
import { probes } from './inside.ts';

/** A probe that neither succeeds nor fails within this time has not got out. */
const PROBE_MS_MAX = 1_000;

/** For the tests: as where the system knows no seal, and what every probe that a seal closes is seen to find open. */
const UNSEALED = 'unsealed';

const isolation = process.argv[2] === UNSEALED ? unsealed() : sealSelf(() => {});
const open: string[] = [];
for (const [name, tryIt] of Object.entries(probes)) if (await succeeds(tryIt)) open.push(name);
process.stdout.write(`${JSON.stringify({ isolation, tried: Object.keys(probes), open })}\n`, () => {
  readSync(0, Buffer.alloc(1));
  process.exit(0);
});

function unsealed(): IsolationLevel {
  process.permission.drop('ffi');
  process.permission.drop('fs.read');
  return 'L1';
}

async function succeeds(tryIt: () => unknown): Promise<boolean> {
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), PROBE_MS_MAX));
  try {
    return (await Promise.race([tryIt(), late])) !== false;
  } catch {
    return false;
  }
}
