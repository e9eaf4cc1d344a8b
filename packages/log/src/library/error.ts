/**
 * Why a log artefact is refused. The codes are closed and stable: tests, the CLI and the gate name them.
 *
 * Grouped by what was being read: text forms, trees, signatures, leaves and histories.
 */
export type LogErrorCode =
  | 'bad-base64'
  | 'bad-number'
  | 'bad-hash-length'
  | 'bad-note'
  | 'bad-verifier-key'
  | 'bad-checkpoint'
  | 'bad-tile'
  | 'bad-entry-bundle'
  | 'bad-proof-file'
  | 'bad-policy'
  | 'bad-bundle'
  | 'bad-witness-request'
  | 'index-beyond-tree'
  | 'size-shrinks'
  | 'proof-too-short'
  | 'proof-too-long'
  | 'root-differs'
  | 'unknown-signer'
  | 'bad-signature'
  | 'wrong-origin'
  | 'quorum-missing'
  | 'bad-leaf'
  | 'payload-too-long'
  | 'leaf-does-not-open'
  | 'commitment-differs';

/** A refusal with its code; the message says what was expected and what was found. */
export class LogError extends Error {
  override readonly name = 'LogError';
  readonly code: LogErrorCode;

  constructor(code: LogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
