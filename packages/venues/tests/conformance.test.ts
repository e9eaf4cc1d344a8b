import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { admin, startExchange, type Running } from './_client.ts';
import type { Day } from './_day.ts';

const run = promisify(execFile);
/** A client that waits for something which never comes must not hold the tests up. */
const DAY_MS_MAX = 60_000;

async function registerTrader(running: Running): Promise<{ apiKey: string; privateKeyPem: string }> {
  const pair = generateKeyPairSync('ed25519');
  const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const opened = await admin(running.exchange, 'POST', '/accounts', {
    name: 'trader',
    balances: { USDT: '100000', BTC: '10' },
  });
  const key = await admin(running.exchange, 'POST', '/keys', {
    account: opened.at('account'),
    kind: 'ed25519',
    publicKey,
  });
  return {
    apiKey: String(key.at('apiKey')),
    privateKeyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

for (const [client, script] of [
  ['ccxt', '_ccxt-day.ts'],
  ['binance', '_binance-day.ts'],
  ['@binance/spot', '_binance-spot-day.ts'],
] as const) {
  test(`an unmodified ${client} trades a day over TLS and every balance is right to the unit`, async (context) => {
    const running = await startExchange();
    context.after(() => running.stop());
    const { url, adminUrl, authority } = running.exchange;
    const trader = await registerTrader(running);
    const other = await registerTrader(running);
    const day: Day = {
      url,
      adminUrl,
      authority,
      ...trader,
      otherApiKey: other.apiKey,
      otherPrivateKeyPem: other.privateKeyPem,
    };
    const file = join(running.folder, 'day.json');
    writeFileSync(file, JSON.stringify(day));
    const env = {
      ...process.env,
      PAPER_DAY: file,
      NODE_EXTRA_CA_CERTS: join(running.folder, 'paper-ca.pem'),
    };
    const { stdout } = await run(process.execPath, [join(import.meta.dirname, script)], {
      env,
      timeout: DAY_MS_MAX,
    });
    assert.match(stdout, /day done/);
    assert.deepEqual((await admin(running.exchange, 'GET', '/totals')).body, {
      USDT: '0.00000000',
      BTC: '0.00000000',
    });
  });
}
