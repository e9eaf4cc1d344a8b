/** A recorded market that the paper exchange plays once. */
export interface Recording {
  readonly files: readonly string[];
  readonly symbol: string;
  /** Times as fast as it was recorded. */
  readonly speed: number;
}

/** As the paper exchange's command line says it. */
export function recordingArguments(recording: Recording | null): readonly string[] {
  if (recording === null) return [];
  const { files, symbol, speed } = recording;
  return [...files.flatMap((file) => ['--data', file]), '--symbol', symbol, '--speed', String(speed)];
}
