/**
 * How Node is told to run the gate, after `--allow-fs-read=` and the gate's own file. The launcher gives exactly
 * these, and the gate refuses to start under any others.
 */
export const gateFlags = [
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
