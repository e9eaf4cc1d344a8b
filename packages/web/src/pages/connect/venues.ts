/** Exchanges that a key can be connected to from here, with the page where keys are made there. */
export const venues = [
  { id: 'paper', name: 'Paper exchange (built in)', page: null },
] as const satisfies readonly { readonly id: string; readonly name: string; readonly page: string | null }[];
