/** Plain ccxt with the raw secret in one process, as a bot would use it: told by messages how to load the venue. */
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { run } from './load.ts';

const port = Number(process.argv[2]);
const type = process.argv[3];

interface Plain {
  urls: { api: Record<string, string> };
  privatePostOrder(parameters: Record<string, string>): Promise<unknown>;
}
const file = join(import.meta.dirname, '../../node_modules', 'ccxt/js/src/binance.js');
const { default: Binance } = (await import(file)) as { default: new (config: object) => Plain };
const secret =
  type === 'hmac'
    ? 's'.repeat(64)
    : generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const exchange = new Binance({ apiKey: 'k'.repeat(64), secret, enableRateLimit: false });
exchange.urls.api = { ...exchange.urls.api, private: `https://127.0.0.1:${port}/api/v3` };

let count = 0;
const place = async (): Promise<void> => {
  await exchange.privatePostOrder({
    symbol: 'BTCUSDT',
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    quantity: '0.001',
    price: '60000',
    newClientOrderId: `d${process.pid}x${count++}`,
    newOrderRespType: 'FULL',
    recvWindow: '5000',
  });
};

process.on('message', ({ inFlight, ms }: { inFlight: number; ms: number }) => {
  void run(place, inFlight, ms).then((load) => process.send?.(load));
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
