/**
 * What a venue's manifest can say. A manifest is data: it names every part of every request that may be sent, where
 * in it each part of an intent belongs, and where in an answer each fact stands. What it does not name is not sent,
 * and not read.
 */
import type { BuildMethod, OrderReportPacked, OrderType } from '@counterfoil/vocabulary/protocol';

/** What of an intent a parameter carries. */
export type Carried =
  | 'symbol'
  | 'clientOrderId'
  | 'side'
  | 'type'
  | 'timeInForce'
  | 'price'
  | 'stopPrice'
  | 'trailBps'
  | 'baseAmount'
  | 'quoteAmount'
  | 'sinceMs'
  | 'fromId';

/** Where a parameter's value comes from. A rule that has none for an intent leaves the parameter out. */
export type ParameterRule =
  | { readonly from: Carried; readonly when?: readonly OrderType[]; readonly unit?: 's' }
  | { readonly from: 'side' | 'type' | 'timeInForce'; readonly words: Readonly<Record<string, string>> }
  /** `deadline` is the end of the request's life in ISO 8601. */
  | { readonly from: 'nonce' | 'window' | 'deadline' }
  /** Always this value, whatever the intent. */
  | { readonly is: string };

/** RFC 6901, from the row; `#` is the row's own name where rows are the members of an object. */
export type Pointer = string;
/** The first of these places that holds something. */
export type Places = Pointer | readonly Pointer[];

export interface OrderFields {
  readonly clientOrderId: Places;
  readonly venueOrderId: Places;
  readonly symbol: Places;
  readonly side: { readonly at: Places; readonly words: Readonly<Record<string, 'buy' | 'sell'>> };
  readonly state: {
    readonly at: Places;
    readonly words: Readonly<Record<string, OrderReportPacked['state']>>;
  };
  readonly filledQuantity: Places;
  readonly filledAmount: Places;
  readonly price: Places;
  readonly atMs: TimeField;
}

export interface FillFields {
  readonly tradeId: Places;
  readonly venueOrderId: Places;
  readonly clientOrderId: Places;
  readonly symbol: Places;
  /** Words of text, or `true` and `false`. */
  readonly side: { readonly at: Places; readonly words: Readonly<Record<string, 'buy' | 'sell'>> };
  readonly price: Places;
  readonly quantity: Places;
  readonly quoteAmount: Places;
  readonly fee: Places;
  readonly feeAsset: Places;
  readonly maker: Places;
  readonly atMs: TimeField;
}

export interface BalanceFields {
  readonly asset: Places;
  readonly locked: Places;
  /** Stated, or what is left of a total. */
  readonly free: Places | { readonly total: Places };
}

export interface TimeField {
  readonly at: Places;
  readonly unit: 'ms' | 's';
}

/** How the answer to a method is read. */
export type AnswerRule =
  /** One order: the answer itself, or the row with the client order id that was asked for. */
  | { readonly kind: 'order'; readonly rows: Pointer | null; readonly fields: OrderFields }
  /** The venue took it and says no more about it than its id. */
  | { readonly kind: 'taken'; readonly proof: Pointer; readonly venueOrderId: Pointer | null }
  | { readonly kind: 'orders'; readonly rows: Pointer; readonly fields: OrderFields }
  | { readonly kind: 'trades'; readonly rows: Pointer; readonly fields: FillFields }
  | { readonly kind: 'balances'; readonly rows: Pointer; readonly fields: BalanceFields }
  | { readonly kind: 'permissions'; readonly flags: FlagRule };

/**
 * What a key may do. A venue states it as members that are true or false, or as a list of words. A permission that
 * no list here names counts as a way out of the account.
 */
export interface FlagRule {
  readonly at: Pointer;
  readonly trade: readonly string[];
  /** Ways out that must be stated where permissions are members: one that is gone may have been renamed. */
  readonly waysOut: readonly string[];
  readonly harmless: readonly string[];
  /** Whether the key works from listed addresses only: true, or a list with something in it. */
  readonly ipAllowList: Pointer;
}

export interface MethodRule {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Where the parameters stand. */
  readonly place: 'query' | 'body';
  readonly parameters: Readonly<Record<string, ParameterRule | readonly ParameterRule[]>>;
  /** What of the intent has no place in this request: the gate picks it out of the answer. */
  readonly leftOut?: readonly Carried[];
  readonly answer: AnswerRule;
}

/** A request that needs no key; the symbol, percent-encoded, is put after `path`. */
export interface PublicRead {
  readonly path: string;
}

/** Where the gate reads what it judges orders by: JSON pointers, in which `*` is the asked symbol. */
interface PublicReads {
  /** Lists of levels that begin with price and quantity in text, best first. */
  readonly book: PublicRead & { readonly bids: string; readonly asks: string };
  readonly day: PublicRead & {
    /** Quote volume of the last 24 hours, or base volume with the price that makes it quote. */
    readonly volume: string;
    readonly times?: string;
  };
}

/** The private stream: JSON in text frames, begun by one signed request. */
export interface StreamRule {
  /** Where it is, when not where the requests go. */
  readonly host: string | null;
  readonly path: string;
  readonly login: {
    readonly method: string;
    /** Signed as `name=value` joined by `&` in this order; the signature is one more parameter. */
    readonly parameters: readonly (readonly [name: string, from: 'apiKey' | 'nonce' | 'window'])[];
    readonly signature: string;
  };
  /** Where a frame says what it is about; a frame with nothing there is an answer to a request. */
  readonly kind: Pointer;
  /** Where what it tells begins. */
  readonly at: Pointer;
  readonly order: { readonly kind: string; readonly fields: OrderFields };
  /** Frames about an order that tell of a fill too. */
  readonly fill: { readonly at: Pointer; readonly is: string; readonly fields: FillFields };
  readonly balances: { readonly kind: string; readonly rows: Pointer; readonly fields: BalanceFields };
}

/** What an error of a venue means. What is not in its table is `unknown`. */
export const venueVerdict = [
  'rejected',
  'unknownOrder',
  'duplicate',
  'rateLimited',
  'keyRefused',
  'unknown',
] as const;
export type VenueVerdict = (typeof venueVerdict)[number];

export interface ErrorRule {
  /** An answer is an error where something stands here. */
  readonly code: Pointer;
  readonly sentence: Pointer;
  /** By code, or by code, space, sentence where one code means several things. */
  readonly verdicts: Readonly<Record<string, VenueVerdict>>;
}

/** Where the signature goes, and over what. */
export type SigningRule =
  /** The last parameter; what stands before it, without the `&`, is the signed text. HMAC-SHA256, RSA or Ed25519. */
  | { readonly form: 'tail'; readonly parameter: string }
  /** A header: HMAC-SHA512 over the path and the SHA-256 of nonce and body; the secret is base64 at the venue. */
  | { readonly form: 'path-and-hash'; readonly header: string; readonly nonce: string };

/** A venue that counts what an address asks in a minute, and says so in every answer. */
export interface WeightRule {
  /** Lower case. */
  readonly header: string;
  /** From this weight on an account is not read any more until the next minute. */
  readonly readsMax: number;
}

export interface Manifest {
  readonly venue: string;
  /** A simulated venue: needs no witness, may run under a demo mandate, and says so everywhere. */
  readonly paper: boolean;
  /** Where a live venue is, and nowhere else; null for paper, whose address the installation gives. */
  readonly host: string | null;
  readonly apiKeyHeader: string;
  /** Headers that a request with a body carries besides the key's, with their exact values. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signing: SigningRule;
  /** Milliseconds of the gate's clock, or a number that only rises, for venues that count requests. */
  readonly nonce: 'time' | 'rising';
  /** How a client order id looks here: ours has 32 characters; some venues take no letter beyond f. */
  readonly clientOrderId: 'text' | 'hex';
  /** How long after its time stamp the venue still takes a request, in milliseconds. */
  readonly validMs: number;
  readonly publicReads: PublicReads;
  readonly weight: WeightRule | null;
  readonly errors: ErrorRule;
  /** Null where the account's changes can only be asked for. */
  readonly stream: StreamRule | null;
  readonly methods: Readonly<Partial<Record<BuildMethod['kind'], MethodRule>>>;
}
