/**
 * What a venue's manifest can say. A manifest is data: it names every part of every request that may be sent, and
 * where in it each part of an intent belongs. What it does not name is not sent.
 */

/** Where a parameter's value comes from. */
export type ParameterRule =
  | { readonly from: 'symbol' | 'clientOrderId' | 'time' | 'window' | 'price' | 'baseAmount' | 'quoteAmount' }
  | { readonly from: 'side' | 'type' | 'timeInForce'; readonly words: Readonly<Record<string, string>> }
  /** One of these values, whatever the intent. */
  | { readonly from: 'constant'; readonly words: readonly string[] };

export interface MethodRule {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Where the parameters and the signature stand. */
  readonly place: 'query' | 'body';
  readonly parameters: Readonly<Record<string, ParameterRule>>;
}

export interface Manifest {
  readonly venue: string;
  /** A simulated venue: needs no witness, may run under a demo mandate, and says so everywhere. */
  readonly paper: boolean;
  readonly apiKeyHeader: string;
  /** Headers that a request may carry besides the key's, with their exact values. */
  readonly headers: Readonly<Record<string, string>>;
  /** The last parameter; what stands before it, without the `&`, is the signed text. */
  readonly signatureParameter: string;
  /** How long after its time stamp the venue still takes a request, in milliseconds. */
  readonly validMs: number;
  readonly methods: Readonly<Record<'orderCreate' | 'orderCancel' | 'orderGet' | 'permissions', MethodRule>>;
}
