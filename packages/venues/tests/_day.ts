import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createPrivateKey, sign } from 'node:crypto';
import { Client } from './_client.ts';

export { limit } from './_client.ts';

/** What a client's trading day needs to know; passed to its process as JSON in PAPER_DAY. */
export interface Day {
  readonly url: string;
  readonly adminUrl: string;
  readonly authority: string;
  readonly apiKey: string;
  /** PKCS 8 PEM of the Ed25519 key behind `apiKey`. */
  readonly privateKeyPem: string;
  /** The second trader, who takes the other side. */
  readonly otherApiKey: string;
  readonly otherPrivateKeyPem: string;
}

/** The day described by the environment of this process. */
export function dayFromEnvironment(): Promise<Day> {
  // The test that starts this process wrote it.
  return Promise.resolve(JSON.parse(readFileSync(process.env['PAPER_DAY'] ?? '', 'utf8')) as Day);
}

/** The second trader's client. */
export function counterparty(day: Day): Client {
  const key = createPrivateKey(day.otherPrivateKeyPem);
  return new Client(day, day.otherApiKey, (payload) =>
    sign(null, Buffer.from(payload), key).toString('base64'),
  );
}

/** Ends a day of `binance` or `@binance/spot` that went as it should, to the last unit and on both streams. */
export function endDay(
  balances: unknown,
  reports: readonly { readonly x?: string }[],
  trades: readonly unknown[],
): never {
  // Bought 0.26 for 16120 less 0.1 % of it, sold 0.04 at 62100 less 0.1 % of the proceeds.
  assert.deepEqual(balances, [
    { asset: 'USDT', free: '86361.51600000', locked: '0.00000000' },
    { asset: 'BTC', free: '10.21974000', locked: '0.00000000' },
  ]);
  const told = new Set(reports.map((report) => report.x));
  for (const x of ['NEW', 'TRADE', 'CANCELED', 'EXPIRED'])
    assert(told.has(x), `the user stream told of ${x}`);
  assert(trades.length > 0, 'the market stream told of a trade');
  process.stdout.write('day done\n');
  process.exit(0);
}
