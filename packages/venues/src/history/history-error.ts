/** Why history could not be fetched or read; the message says what to do. */
export class HistoryError extends Error {
  readonly code: 'bad-archive' | 'bad-row' | 'unreachable' | 'bad-range';

  constructor(code: HistoryError['code'], message: string) {
    super(message);
    this.name = 'HistoryError';
    this.code = code;
  }
}
