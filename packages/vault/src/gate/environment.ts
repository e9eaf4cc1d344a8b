/** What the gate refuses to start in: anything that could have put other code or other trust into the process. */
import { url } from 'node:inspector';
import { exit } from './exit.ts';

/** The one way to be launched; the built file's own path is the permission that differs by installation. */
const FLAGS = [
  '--permission',
  '--frozen-intrinsics',
  '--disallow-code-generation-from-strings',
  '--disable-proto=delete',
  '--disable-sigusr1',
  '--no-addons',
  '--no-experimental-sqlite',
  '--no-experimental-global-navigator',
  '--disable-warning=ExperimentalWarning',
] as const;

/** Ends the gate where a variable, a flag or an inspector is there that its launcher does not give. */
export function refuseEnvironment(): void {
  const [readable, ...flags] = process.execArgv;
  const own = `--allow-fs-read=${process.argv[1]}`;
  const expected =
    readable === own && flags.length === FLAGS.length && FLAGS.every((flag, i) => flag === flags[i]);
  if (!expected || Object.keys(process.env).length > 0 || url() !== undefined) exit('environment');
}
