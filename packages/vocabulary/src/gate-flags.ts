/**
 * How Node is told to run the gate, after `--allow-fs-read=` and the gate's own file. The launcher gives exactly
 * these, and the gate refuses to start under any others.
 */
export const gateFlags = [
  '--allow-fs-read=/proc/self/status',
  '--allow-fs-read=/proc/self/limits',
  '--permission',
  // Taken back by the gate itself once it is sealed.
  '--allow-ffi',
  '--frozen-intrinsics',
  '--disallow-code-generation-from-strings',
  '--disable-proto=delete',
  '--disable-sigusr1',
  '--no-addons',
  '--no-experimental-sqlite',
  '--no-experimental-global-navigator',
  // With the 16 MB that V8 gives young objects it marks the whole heap every 50 orders: a third of an order's time.
  '--max-semi-space-size=4',
  '--disable-warning=ExperimentalWarning',
] as const;

/** The gate's command line after `node`: its flags and its one file. */
export function gateArguments(file: string): readonly string[] {
  return [`--allow-fs-read=${file}`, ...gateFlags, file];
}

/**
 * How far the gate is closed to others: L1, a process of its own with hardened flags; L2, sealed by itself, so that
 * it can make no socket and open no file, and no process of its user can read it; L3, also under another user and in
 * namespaces of its own.
 */
export const isolationLevels = ['L1', 'L2', 'L3'] as const;

export type IsolationLevel = (typeof isolationLevels)[number];
