/**
 * The paper exchange: its core beside npm `nodejs-order-book` on the same orders, both by processor time; signed
 * orders over TLS beside a bare TLS echo with the same client; and subscribers of one trade stream.
 * Run: node benches/paper.ts [--quick]
 */
import { measureMatching } from './paper/matching.ts';
import { openTrader, orderBody, post, serve, subscribe } from './paper/load.ts';

const quick = process.argv.includes('--quick');

const matching = await measureMatching(quick ? 100_000 : 200_000, quick ? 7 : 11);

const requests = quick ? 5_000 : 30_000;
const exchange = await serve('exchange');
const echo = await serve('echo');
const trader = await openTrader(exchange);
const body = (index: number): string => orderBody(trader.secret, index);
// A warm-up, because a server of a real day is warm.
await post(echo, trader.apiKey, 1_000, body);
await post(exchange, trader.apiKey, 1_000, body);
const bare = await post(echo, trader.apiKey, requests, body);
const orders = await post(exchange, trader.apiKey, requests, (index) => body(index + 1_000));
const subscribers = quick ? 500 : 5_000;
const trades = quick ? 10 : 20;
const streamed = await subscribe(exchange, trader, subscribers, trades);
exchange.child.kill();
echo.child.kill();
if (streamed.received !== subscribers * trades) {
  throw new Error(`${streamed.received} of ${subscribers * trades} trade frames arrived`);
}

const figures = {
  match_orders_per_s: Math.round(matching.core),
  match_vs_peer: round(matching.core / matching.peer),
  match_orders_per_s_100k_resting: Math.round(matching.crowded),
  match_orders_per_s_100_markets: Math.round(matching.spread),
  rest_signed_orders_per_s: Math.round(orders.perSecond),
  rest_p99_ms: round(orders.p99Ms),
  rest_vs_bare_tls: round(orders.perSecond / bare.perSecond),
  stream_subscribers: subscribers,
  stream_p99_ms: round(streamed.p99Ms),
};
const rows: (readonly [string, string])[] = [
  ['exchange core, one market', `${figures.match_orders_per_s} orders per CPU second`],
  ['nodejs-order-book, same orders, no accounts', `${Math.round(matching.peer)} orders per CPU second`],
  [
    'exchange core, 100,000 orders resting',
    `${figures.match_orders_per_s_100k_resting} orders per CPU second`,
  ],
  ['exchange core, 100 markets', `${figures.match_orders_per_s_100_markets} orders per CPU second`],
  [
    'signed orders over TLS, each on disk',
    `${figures.rest_signed_orders_per_s} /s, p99 ${figures.rest_p99_ms} ms`,
  ],
  ['bare TLS echo, same requests', `${Math.round(bare.perSecond)} /s, p99 ${round(bare.p99Ms)} ms`],
  [`one trade to ${subscribers} subscribers`, `p99 ${figures.stream_p99_ms} ms`],
];
for (const [what, figure] of rows) process.stdout.write(`${what.padEnd(46)} ${figure}\n`);
process.stdout.write(`${JSON.stringify(figures)}\n`);

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
