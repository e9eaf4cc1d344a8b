/** What a command may touch besides files; the caller owns the terminal. */
export interface CommandIo {
  write(text: string): void;
  /** Width for charts and bars. */
  readonly columns: number;
  /** Whether a progress line may be redrawn. */
  readonly interactive: boolean;
  nowMs(): number;
  /** Aborted when the user asks to stop: an optimisation keeps what it has. */
  readonly signal: AbortSignal;
}
