/** How the gate ends. It has no terminal and no log file: a number is all it says; the launcher knows the words. */
export const exitCodes = {
  'unlock-form': 10,
  'store-damaged': 11,
  'store-lost': 12,
  'store-locked': 13,
  'log-key-changed': 14,
  'log-behind': 15,
  'log-forged': 16,
  'log-lost': 17,
  'door-closed': 18,
  environment: 19,
  fault: 20,
  isolation: 21,
  'store-readable': 22,
} as const;

export type ExitReason = keyof typeof exitCodes;

let before: (reason: ExitReason) => void = () => {};

/** What is remembered of an end, in the moment before it. */
export function onExit(remember: (reason: ExitReason) => void): void {
  before = remember;
}

/** Stops at once: nothing that is under way may act any more. */
export function exit(reason: ExitReason): never {
  const remember = before;
  // Whatever goes wrong in there ends in here again.
  before = () => {};
  remember(reason);
  process.exit(exitCodes[reason]);
}
