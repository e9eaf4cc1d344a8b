/** What can go wrong with what the user gave: each names the place and what to change. */
export type LabErrorCode = 'bad-row' | 'bad-file' | 'bad-flag' | 'bad-option' | 'cancelled';

export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
