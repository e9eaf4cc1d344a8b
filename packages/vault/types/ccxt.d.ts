/**
 * The part of ccxt that the builder relies on. The package exports only the whole of itself (64 MB); the build takes
 * each venue by its file.
 */
interface CcxtRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

declare class CcxtExchange {
  constructor(config: { readonly apiKey: string; readonly secret: string });
  apiKey: string;
  secret: string;
  readonly urls: Record<string, unknown>;
  nonce: () => number;
  sign(path: string, api: string, method: string, parameters: Readonly<Record<string, string>>): CcxtRequest;
}

declare module 'ccxt/binance' {
  export default class Binance extends CcxtExchange {}
}

declare module 'ccxt/kraken' {
  export default class Kraken extends CcxtExchange {}
}
