/** The command was not understood: nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command could not be done; the message says what that means and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
