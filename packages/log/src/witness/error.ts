/** Why a witness does not start, or an answer of one is worth nothing. */
export type WitnessErrorCode =
  /** The folder lacks the state of a log it serves; starting anew would let that log roll back. */
  'state-lost' | 'state-damaged' | 'log-known' | 'already-running' | 'no-witness' | 'witness-exists';

export class WitnessError extends Error {
  override readonly name = 'WitnessError';
  readonly code: WitnessErrorCode;

  constructor(code: WitnessErrorCode, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.code = code;
  }
}
