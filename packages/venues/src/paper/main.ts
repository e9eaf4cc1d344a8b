/**
 * The paper exchange as a program:
 *
 *     node packages/venues/src/paper/main.ts --folder DIR [--port 7341] [--admin-port 7342] [--seed 1] [--flow-ms 250]
 *         [--data FILE ... [--symbol BTCUSDT] [--speed 1] | --live URL]
 *
 * With `--data` a fresh folder has the one market of that symbol, and the files are its prices: recorded public
 * frames or one-minute candles, played once. At their end the market goes into a break, `GET /feeds` of the admin
 * port says `ended`, and a sentence goes to standard error.
 * With `--live` the markets of a fresh folder follow the public trades of a real venue whose streams have Binance
 * Spot's form (`wss://stream.binance.com:9443`), if it can be reached; else they are synthetic. A folder that has
 * markets keeps its own.
 * Prints one line of JSON when it is ready: `{"url","adminUrl","authorityFile","origin","prices"}`; `origin` is
 * `synthetic`, `recorded` or `live`, and `prices` a sentence about it. Stops on SIGTERM or SIGINT.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { MarketSpec } from './core/market.ts';
import { DEFAULT_MARKETS } from './default-market.ts';
import { followLive, isReachable } from './feeds/live.ts';
import { play } from './feeds/play.ts';
import { describePrices } from './feeds/prices.ts';
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
    live: { type: 'string' },
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

const live = recorded === null && values.live !== undefined ? { url: values.live } : null;
let isReached = true;
/** Asked of a fresh folder alone, so that only a first start ever waits for a network that is not there. */
const freshMarkets = async (): Promise<readonly MarketSpec[]> => {
  if (recorded !== null) return [{ ...recorded, source: 'recorded' }];
  if (live !== null) isReached = await isReachable(live);
  return DEFAULT_MARKETS.map((spec) => (live !== null && isReached ? { ...spec, source: 'live' } : spec));
};

const exchange = await startPaperExchange({
  folder: values.folder,
  port: Number(values.port),
  adminPort: Number(values['admin-port']),
  seed: Number(values.seed),
  flowEveryMs: Number(values['flow-ms']),
  clock: Date.now,
  markets: freshMarkets,
});
const stopFollowing = followLive(exchange.venue, live);
const { url, adminUrl, venue } = exchange;
const authorityFile = join(values.folder, 'paper-ca.pem');
const said = { url, adminUrl, authorityFile, ...describePrices(venue, live, isReached) };
process.stdout.write(`${JSON.stringify(said)}\n`);

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
    stopFollowing();
    void exchange.close();
  });
}
