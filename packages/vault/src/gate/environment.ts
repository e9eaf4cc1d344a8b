/** What the gate refuses to start in: anything that could have put other code or other trust into the process. */
import { url } from 'node:inspector';
import { gateFlags } from '@counterfoil/vocabulary/gate-flags';
import { exit } from './exit.ts';

/** Ends the gate where a variable, a flag or an inspector is there that its launcher does not give. */
export function refuseEnvironment(): void {
  const [readable, ...flags] = process.execArgv;
  const own = `--allow-fs-read=${process.argv[1]}`;
  const expected =
    readable === own && flags.length === gateFlags.length && gateFlags.every((flag, i) => flag === flags[i]);
  if (!expected || Object.keys(process.env).length > 0 || url() !== undefined) exit('environment');
}
