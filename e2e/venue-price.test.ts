import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notional, parsePrice, parseQuantity } from '@counterfoil/vocabulary';
import { PublicRest } from '@counterfoil/venues';
import { limit, market as atMarket, openClient, startExchange } from '../packages/venues/tests/_client.ts';
import { venueWorth } from '../packages/server/src/runner/protection.ts';

test('what is too small at the average price is refused at market, though it is large enough at the last', async (t) => {
  const running = await startExchange();
  t.after(() => running.stop());
  const { url, authority } = running.exchange;
  const maker = (await openClient(running.exchange)).client;
  const taker = (await openClient(running.exchange)).client;
  const rest = new PublicRest({ venue: 'paper', url, ca: authority });
  t.after(() => [maker, taker, rest].forEach((one) => one.close()));
  for (const [quantity, price] of [
    ['0.3', '62000'],
    ['0.01', '64000'],
  ] as const) {
    await maker.signed('POST', '/api/v3/order', limit('SELL', quantity, price));
    await taker.signed('POST', '/api/v3/order', atMarket('BUY', quantity));
  }
  const [market] = await rest.markets(['BTCUSDT']);
  assert(market !== undefined);
  const small = parseQuantity(market, '0.00008');
  const last = parsePrice(market, await rest.price('BTCUSDT'));
  const average = await rest.averagePrice('BTCUSDT');
  assert.ok(notional(market, last, small, 'floor') >= market.notionalMin);
  assert.ok(notional(market, venueWorth(market, last, average), small, 'floor') < market.notionalMin);
  const refused = await maker.signed('POST', '/api/v3/order', atMarket('SELL', '0.00008'));
  assert.equal(refused.at('msg'), 'Filter failure: NOTIONAL');
  await maker.signed('POST', '/api/v3/order', limit('BUY', '0.01', '63000'));
  assert.equal(
    (await taker.signed('POST', '/api/v3/order', atMarket('SELL', '0.00009'))).at('status'),
    'FILLED',
  );
  assert.equal(venueWorth(market, last, '64000.12345678'), last);
});
