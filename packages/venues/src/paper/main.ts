/**
 * The paper exchange as a program:
 *
 *     node packages/venues/src/paper/main.ts --folder DIR [--port 7341] [--admin-port 7342] [--seed 1] [--flow-ms 250]
 *         [--candles SYMBOL=FILE] [--candle-ms 1000]
 *
 * With `--candles` a fresh folder has that one market, and the file's candles are its prices.
 * Prints one line of JSON when it is ready: `{"url","adminUrl","authorityFile"}`. Stops on SIGTERM or SIGINT.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_MARKETS } from './default-market.ts';
import { playCandles } from './feeds/candle-feed.ts';
import { startPaperExchange } from './paper-exchange.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string', default: '7341' },
    'admin-port': { type: 'string', default: '7342' },
    seed: { type: 'string', default: '1' },
    'flow-ms': { type: 'string', default: '250' },
    candles: { type: 'string' },
    'candle-ms': { type: 'string', default: '1000' },
  },
});

if (values.folder === undefined) {
  process.stderr.write('paper exchange: say where its accounts live, with --folder DIR\n');
  process.exit(2);
}

const [symbol = '', path = ''] = values.candles?.split('=') ?? [];
const recorded = DEFAULT_MARKETS.find((spec) => spec.symbol === symbol);
if (values.candles !== undefined && (recorded === undefined || path === '')) {
  const known = DEFAULT_MARKETS.map((spec) => spec.symbol).join(', ');
  process.stderr.write(`paper exchange: --candles takes SYMBOL=FILE with one of ${known}\n`);
  process.exit(2);
}

const exchange = await startPaperExchange({
  folder: values.folder,
  port: Number(values.port),
  adminPort: Number(values['admin-port']),
  seed: Number(values.seed),
  flowEveryMs: Number(values['flow-ms']),
  clock: Date.now,
  ...(recorded === undefined ? {} : { markets: [{ ...recorded, source: 'recorded' }] }),
});
const { url, adminUrl } = exchange;
process.stdout.write(
  `${JSON.stringify({ url, adminUrl, authorityFile: join(values.folder, 'paper-ca.pem') })}\n`,
);

const stopping = new AbortController();
if (recorded !== undefined) {
  const everyMs = Number(values['candle-ms']);
  void playCandles(exchange.venue, { symbol, path, everyMs, signal: stopping.signal });
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    stopping.abort();
    void exchange.close();
  });
}
