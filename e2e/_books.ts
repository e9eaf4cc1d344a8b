/** The ledger's books beside the venue's: to the last unit. */
import { parseUnits } from '@counterfoil/vocabulary';
import type { Database } from '@counterfoil/server';

/** Whatever answers a query: a pool, or one connection in the middle of a transaction. */
type Queries = Pick<Database['pool'], 'query'>;

/** All assets of the paper exchange have eight decimals. */
export const SCALE = 8;

/** Balances of an account in units of 10^-8, by asset. */
export type Balances = ReadonlyMap<string, bigint>;

interface PaperAccount {
  readonly account: number;
  readonly name: string;
  readonly balances: Readonly<Record<string, { readonly free: string; readonly locked: string }>>;
}

/** What the venue says that the account of this name has, locked money included. */
export async function venueBalances(adminUrl: string, name: string): Promise<Balances> {
  const accounts = (await (await fetch(`${adminUrl}/accounts`)).json()) as readonly PaperAccount[];
  const account = accounts.find((one) => one.name === name);
  if (account === undefined) throw new Error(`the paper exchange has no account ${name}`);
  return new Map(
    Object.entries(account.balances).map(([asset, { free, locked }]) => [
      asset,
      parseUnits(free, SCALE) + parseUnits(locked, SCALE),
    ]),
  );
}

/** What the account has by the ledger: the start, and every fill of the connection. */
export async function ledgerBalances(
  database: Queries,
  connection: string,
  start: Readonly<Record<string, string>>,
  /** The base asset of each market; all are quoted in USDT. */
  bases: Readonly<Record<string, string>>,
): Promise<Balances> {
  const balances = new Map(
    Object.entries(start).map(([asset, amount]) => [asset, parseUnits(amount, SCALE)]),
  );
  const add = (asset: string, text: string): void => {
    balances.set(asset, (balances.get(asset) ?? 0n) + parseUnits(text, SCALE));
  };
  const sums = await database.query<{
    readonly symbol: string;
    readonly base: string;
    readonly quote: string;
  }>(
    `select symbol, sum(case side when 'buy' then quantity else -quantity end)::text as base,
       sum(case side when 'buy' then -amount else amount end)::text as quote
     from fill where connection = $1 group by symbol`,
    [connection],
  );
  for (const { symbol, base, quote } of sums.rows) {
    add(bases[symbol] ?? symbol, base);
    add('USDT', quote);
  }
  const fees = await database.query<{ readonly asset: string; readonly fee: string }>(
    'select fee_asset as asset, (-sum(fee))::text as fee from fill where connection = $1 group by fee_asset',
    [connection],
  );
  for (const { asset, fee } of fees.rows) add(asset, fee);
  return balances;
}
