/**
 * The part of ccxt that the builder relies on. The package exports only the whole of itself (64 MB); the build takes
 * the one venue by its file.
 */
declare module 'ccxt/binance' {
  interface SignedRequest {
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  }

  export default class Binance {
    constructor(config: { readonly apiKey: string; readonly secret: string });
    readonly urls: Record<string, unknown>;
    nonce: () => number;
    sign(path: string, api: string, method: string, parameters: Record<string, string>): SignedRequest;
  }
}
