/**
 * The paper exchange as a program:
 *
 *     node packages/venues/src/paper/main.ts --folder DIR [--port 7341] [--admin-port 7342] [--seed 1] [--flow-ms 250]
 *         [--data FILE ... [--symbol BTCUSDT] [--speed 1]]
 *
 * With `--data` a fresh folder has the one market of that symbol, and the files are its prices: recorded public
 * frames or one-minute candles, played once. At their end the market goes into a break, `GET /feeds` of the admin
 * port says `ended`, and a sentence goes to standard error.
 * Prints one line of JSON when it is ready: `{"url","adminUrl","authorityFile"}`. Stops on SIGTERM or SIGINT.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_MARKETS } from './default-market.ts';
import { play } from './feeds/play.ts';
import { recordedEvents } from './feeds/recording.ts';
import { startPaperExchange } from './paper-exchange.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string', default: '7341' },
    'admin-port': { type: 'string', default: '7342' },
    seed: { type: 'string', default: '1' },
    'flow-ms': { type: 'string', default: '250' },
    data: { type: 'string', multiple: true },
    symbol: { type: 'string', default: 'BTCUSDT' },
    speed: { type: 'string', default: '1' },
  },
});

if (values.folder === undefined) {
  process.stderr.write('paper exchange: say where its accounts live, with --folder DIR\n');
  process.exit(2);
}

const recorded =
  values.data === undefined ? null : DEFAULT_MARKETS.find((spec) => spec.symbol === values.symbol);
const speed = Number(values.speed);
if (recorded === undefined || !(speed > 0)) {
  const known = DEFAULT_MARKETS.map((spec) => spec.symbol).join(', ');
  process.stderr.write(
    `paper exchange: with --data, --symbol is one of ${known} and --speed a number above zero\n`,
  );
  process.exit(2);
}

const exchange = await startPaperExchange({
  folder: values.folder,
  port: Number(values.port),
  adminPort: Number(values['admin-port']),
  seed: Number(values.seed),
  flowEveryMs: Number(values['flow-ms']),
  clock: Date.now,
  ...(recorded === null ? {} : { markets: [{ ...recorded, source: 'recorded' }] }),
});
const { url, adminUrl } = exchange;
process.stdout.write(
  `${JSON.stringify({ url, adminUrl, authorityFile: join(values.folder, 'paper-ca.pem') })}\n`,
);

const stopping = new AbortController();
if (recorded !== null) {
  const playback = {
    symbol: recorded.symbol,
    events: recordedEvents(values.data ?? []),
    speed,
    signal: stopping.signal,
  };
  void play(exchange.venue, playback).then(({ state, sentence }) => {
    if (state !== 'playing') process.stderr.write(`paper exchange: ${sentence}\n`);
  });
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    stopping.abort();
    void exchange.close();
  });
}
