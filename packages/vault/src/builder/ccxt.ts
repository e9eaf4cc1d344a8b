/** The part of ccxt that the builder uses, by file: the package exports only the whole of it, which is 64 MB. */
import source from '../../../../node_modules/ccxt/js/src/binance.js';

interface Signed {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface CcxtExchange {
  readonly urls: Record<string, unknown>;
  nonce: () => number;
  sign(path: string, api: string, method: string, parameters: Record<string, string>): Signed;
}

type CcxtClass = new (config: { readonly apiKey: string; readonly secret: string }) => CcxtExchange;

// ccxt's own types are of another module system; the two members above are what is relied on.
export const binance = source as unknown as CcxtClass;
