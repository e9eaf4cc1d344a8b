/**
 * What the gate refuses to start in: anything that could have put other code or other trust into the process, that
 * watches it, or that would leave its memory or its store to others.
 */
import { fstatSync, readFileSync } from 'node:fs';
import { url } from 'node:inspector';
import { gateFlags } from '@counterfoil/vocabulary/gate-flags';
import { exit } from './exit.ts';

const READABLE_BY_OTHERS = 0o077;

/** Ends the gate where a variable, a flag or an inspector is there that its launcher does not give. */
export function refuseEnvironment(): void {
  const [readable, ...flags] = process.execArgv;
  const own = `--allow-fs-read=${process.argv[1]}`;
  const expected =
    readable === own && flags.length === gateFlags.length && gateFlags.every((flag, i) => flag === flags[i]);
  if (!expected || Object.keys(process.env).length > 0 || url() !== undefined) exit('environment');
}

/** Ends the gate where somebody traces it or its memory would be written to a file when it crashes. */
export function refuseWatchers(): void {
  if (process.platform !== 'linux') return;
  const traced = !/^TracerPid:\t0$/m.test(readFileSync('/proc/self/status', 'utf8'));
  const dumped = !/^Max core file size +0 +0 /m.test(readFileSync('/proc/self/limits', 'utf8'));
  if (traced || dumped) exit('environment');
}

/** Ends the gate where its store, an open descriptor, belongs to more than one user. */
export function refuseOpenStore(descriptor: number): void {
  if ((fstatSync(descriptor).mode & READABLE_BY_OTHERS) !== 0) exit('store-readable');
}
