/** Parameters of a request as text. */
export type Parameters = Readonly<Record<string, string>>;

/** The ones that have a value. */
export function given(parameters: Readonly<Record<string, string | null>>): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
