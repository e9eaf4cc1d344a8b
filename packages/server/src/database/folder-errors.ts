import { StartError } from '../start-error.ts';

/** The `code` of a Node system error (`ENOENT`, `EACCES`, …), or an empty string. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Turns a failed file operation in or below the data folder into the sentence that an operator can act on. */
export function explainFolderError(cause: unknown, folder: string): StartError {
  if (cause instanceof StartError) return cause;
  switch (systemCode(cause)) {
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new StartError(
        'data-folder-read-only',
        [
          `Counterfoil cannot write ${pathOf(cause) ?? folder}, which it needs for its data folder`,
          `${folder}.`,
          'Nothing was started and no order was sent.',
          'Make it writable for the user that starts Counterfoil, or name another folder.',
        ],
        { cause },
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return noSpace(folder, cause);
    default:
      return new StartError(
        'data-folder-unusable',
        [
          `The data folder ${folder} cannot be used`,
          `(${cause instanceof Error ? cause.message : 'unknown cause'}).`,
          'Nothing was started and no order was sent.',
          'Correct that, or name another folder.',
        ],
        { cause },
      );
  }
}

function pathOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'path' in cause && typeof cause.path === 'string' ? cause.path : undefined;
}

/** A full disk: said in the same words whether Node or PostgreSQL met it. */
export function noSpace(folder: string, cause?: unknown): StartError {
  return new StartError(
    'no-space',
    [
      `No space is left on the disk of ${folder}.`,
      'Nothing was started and no order was sent; what was saved before is intact.',
      'Free at least 200 MB there and start again.',
    ],
    { cause },
  );
}
