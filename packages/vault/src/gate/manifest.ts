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

/** A request that needs no key; the symbol, percent-encoded, is put after `path`. */
export interface PublicRead {
  readonly path: string;
}

/** Where the gate reads what it judges orders by: JSON pointers, in which `*` is the asked symbol. */
interface PublicReads {
  /** Lists of levels that begin with price and quantity in text, best first. */
  readonly book: PublicRead & { readonly bids: string; readonly asks: string };
  readonly day: PublicRead & { /** Quote volume of the last 24 hours. */ readonly volume: string };
}

/** Where an answer about one order says how it stands. */
interface OrderAnswer {
  readonly filled: string;
  readonly filledAmount: string;
  readonly state: string;
  /** States in which nothing more is filled. */
  readonly closed: readonly string[];
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
  readonly publicReads: PublicReads;
  readonly orderAnswer: OrderAnswer;
  readonly methods: Readonly<Record<'orderCreate' | 'orderCancel' | 'orderGet' | 'permissions', MethodRule>>;
}
