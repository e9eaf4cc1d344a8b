/** What a test file says about itself, one JSON object per line on descriptor 3. */
export type FileEvent =
  | { readonly kind: 'pass'; readonly name: string }
  | { readonly kind: 'fail'; readonly name: string; readonly at: string; readonly error: string }
  | { readonly kind: 'skip'; readonly name: string; readonly reason: string }
  /** Every test of the file was run and reported; without this line the file was cut short. */
  | { readonly kind: 'end'; readonly tests: number };

/** The descriptor the events travel on: standard output stays free for the tests themselves. */
export const eventDescriptor = 3;
