/**
 * What a script without a vault does for an order: two writes to disk, ccxt signs with the raw secret and sends.
 * `node _direct-orders.ts URL KEY SECRET FILE`, with the venue's authority in NODE_EXTRA_CA_CERTS; prints `ready`, and
 * for each line of its input the milliseconds of one order.
 */
import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import ccxt from 'ccxt';

const [url = '', apiKey = '', secret = '', path = ''] = process.argv.slice(2);
const exchange = new ccxt.binance({
  apiKey,
  secret,
  options: { fetchMarkets: { types: ['spot'] }, defaultType: 'spot', adjustForTimeDifference: true },
});
exchange.has['fetchCurrencies'] = false;
exchange.enableRateLimit = false;
const addresses = exchange.urls['api'] as Record<string, unknown>;
for (const [name, address] of Object.entries(addresses)) {
  if (typeof address === 'string') addresses[name] = url + new URL(address).pathname;
}
await exchange.loadMarkets();
const file = openSync(path, 'a');
process.stdout.write('ready\n');
for await (const _line of createInterface({ input: process.stdin })) {
  const before = performance.now();
  for (let sync = 0; sync < 2; sync++) {
    writeSync(file, Buffer.alloc(300, sync));
    fdatasyncSync(file);
  }
  await exchange.createOrder('BTC/USDT', 'market', 'buy', 0.001);
  process.stdout.write(`${performance.now() - before}\n`);
}
