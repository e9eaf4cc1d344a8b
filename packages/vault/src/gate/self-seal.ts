/**
 * The gate closes itself: before it reads a secret it takes from itself every system call that it does not need, and
 * then the means to ask for more. The level is what its own attempts show afterwards, not what was asked for.
 */
import type { IsolationLevel } from '@counterfoil/vocabulary/gate-flags';
import { callFilter } from './call-filter.ts';
import { exit } from './exit.ts';
import { type Native, native } from './native.ts';
import { architectures } from './system-calls.ts';

/** What `prctl` is asked in the probe: PR_GET_DUMPABLE answers any process that may call it at all. */
const GET_DUMPABLE = 3n;
const UNIX = 1n;
const STREAM = 1n;

/**
 * Seals this process as far as the system allows, and says how far that was. `look` is run when nobody can attach
 * any more and files can still be read.
 */
export function sealSelf(look: () => void): IsolationLevel {
  const architecture = process.platform === 'linux' ? architectures[process.arch] : undefined;
  const kernel = architecture === undefined ? null : native(architecture.column);
  if (kernel?.hide() === false) exit('isolation');
  look();
  const filter = callFilter(process.arch);
  // Where this process could have a ring, Node has one, and would end at its first refused use.
  if (kernel !== null && filter !== null && !ringIsPossible(kernel)) kernel.filter(filter);
  const level = kernel !== null && isSealed(kernel) ? 'L2' : 'L1';
  process.permission.drop('ffi');
  process.permission.drop('fs.read');
  return level;
}

/** A ring of one entry; the kernel says in 120 bytes what it has made. */
function ringIsPossible(kernel: Native): boolean {
  return kernel.call('io_uring_setup', 1n, kernel.address(Buffer.alloc(120))) >= 0n;
}

/** Tries what a sealed process is refused and any other is not. */
function isSealed(kernel: Native): boolean {
  return (
    kernel.call('socket', UNIX, STREAM) < 0n &&
    kernel.call('prctl', GET_DUMPABLE) < 0n &&
    kernel.call('kill', BigInt(process.pid), 0n) < 0n
  );
}
