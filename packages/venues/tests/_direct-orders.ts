/**
 * What a script without a vault does for an order: two writes to disk, ccxt signs with the raw secret and sends.
 * `node _direct-orders.ts URL KEY SECRET FILE ORDERS`, with the venue's authority in NODE_EXTRA_CA_CERTS; prints the
 * milliseconds of each order as JSON.
 */
import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import ccxt from 'ccxt';

const [url = '', apiKey = '', secret = '', path = '', orders = '0'] = process.argv.slice(2);
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
const took: number[] = [];
for (let n = 0; n < Number(orders); n++) {
  const before = performance.now();
  for (let sync = 0; sync < 2; sync++) {
    writeSync(file, Buffer.alloc(300, n));
    fdatasyncSync(file);
  }
  await exchange.createOrder('BTC/USDT', 'market', 'buy', 0.001);
  took.push(performance.now() - before);
  // Spread over the venue's limit of orders in ten seconds.
  await new Promise((resolve) => setTimeout(resolve, 110));
}
process.stdout.write(JSON.stringify(took));
