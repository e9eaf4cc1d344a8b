import type { JournalRefusal } from '@counterfoil/vocabulary/protocol';

/** Why a request was refused (the protocol's words), or why a journal does not start. */
export type JournalErrorCode =
  | JournalRefusal
  /** The folder has no journal, or already has one. */
  | 'no-journal'
  | 'journal-exists'
  /** Another process writes here. */
  | 'already-running'
  /** Stored bytes are not what was written. */
  | 'wal-damaged'
  | 'key-differs'
  /** Somebody knows more of this log than the folder holds. */
  | 'rolled-back'
  /** Somebody knows another tree of the same log. */
  | 'forked';

/** A refusal of the protocol, or a reason not to start; the sentence says what it means and what to do. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly code: JournalErrorCode;

  constructor(code: JournalErrorCode, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.code = code;
  }
}
