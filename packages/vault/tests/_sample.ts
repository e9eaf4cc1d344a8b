/** How many vectors that cost a process each are tried: a sample, or all of them where a `*.long.test.ts` asks. */
export const isLong = process.argv[1]?.endsWith('.long.test.ts') === true;

/** Every `step`th of the values. */
export function sample<T>(values: readonly T[], step: number): readonly T[] {
  return isLong ? values : values.filter((_, i) => i % step === 0);
}
