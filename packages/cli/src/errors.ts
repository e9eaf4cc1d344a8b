/** What can go wrong in a command, and how it is told. */
import { LabError } from '@counterfoil/lab';
import { LogError } from '@counterfoil/log';
import { WitnessError } from '@counterfoil/log/witness';
import { SecretFormError } from '@counterfoil/seal';
import { HiddenInputError } from '@counterfoil/wire/read-hidden';
import { EnrolmentError, IdError } from '@counterfoil/vocabulary';

/** The command was not understood: nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command could not be done; the message says what that means and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

interface Failure {
  readonly sentence: string;
  readonly exitCode: 2 | 3;
}

/** The sentence for the person at the terminal, or null for a defect of the program. */
export function describeFailure(command: string, error: unknown): Failure | null {
  if (!(error instanceof Error)) return null;
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS') === true) {
    return { sentence: `${error.message}; see npx counterfoil ${command} --help`, exitCode: 2 };
  }
  if (error instanceof HiddenInputError) return { sentence: error.message, exitCode: 3 };
  if (error instanceof CommandError || error instanceof LabError || error instanceof LogError) {
    return { sentence: error.message, exitCode: 3 };
  }
  if (error instanceof IdError) return { sentence: `${error.message}; nothing was done.`, exitCode: 2 };
  if (error instanceof SecretFormError || error instanceof EnrolmentError)
    return { sentence: `${error.message} Nothing was sent.`, exitCode: 3 };
  if (error instanceof WitnessError) return { sentence: error.message, exitCode: 3 };
  const { path } = error as NodeJS.ErrnoException;
  if (code !== undefined && path !== undefined) {
    return {
      sentence: `${path} cannot be read or written (${code}); nothing was done with it.`,
      exitCode: 3,
    };
  }
  return null;
}
