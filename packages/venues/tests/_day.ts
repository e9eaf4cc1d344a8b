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
