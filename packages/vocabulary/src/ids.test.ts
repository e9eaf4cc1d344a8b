import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError } from './codec.ts';
import {
  assetCode,
  botId,
  clientOrderId,
  connectionId,
  dealId,
  IdError,
  orderId,
  tradeId,
  userId,
  venueId,
  venueOrderId,
  venueSymbol,
} from './ids.ts';

const types = {
  userId,
  connectionId,
  botId,
  dealId,
  orderId,
  venueOrderId,
  clientOrderId,
  tradeId,
  venueId,
  venueSymbol,
  assetCode,
};

const good: Readonly<Record<keyof typeof types, readonly string[]>> = {
  userId: ['u1', 'a'.repeat(40)],
  connectionId: ['c-1_x'],
  botId: ['0bot'],
  dealId: ['d1'],
  orderId: ['o1'],
  venueOrderId: ['28', '6f2c1d3e-0000-4000-8000-000000000000', 'OQCLML-BW3P3-BUCMWZ', 'x'.repeat(64)],
  clientOrderId: ['x-A1_b', 'a'.repeat(36)],
  tradeId: ['1', 'TJR3R2-HO6U5-XM3DQA'],
  venueId: ['binance', 'paper', 'okx-eu'],
  venueSymbol: ['BTCUSDT', 'XBT/USD', 'BTC-27DEC24-100000-C', 'tBTCUSD', 'PI_XBTUSD'],
  assetCode: ['BTC', '1000SATS', 'ETH2.S', 'USDT'],
};

const bad: Readonly<Record<keyof typeof types, readonly string[]>> = {
  userId: ['U1', '-u', 'a'.repeat(41)],
  connectionId: ['c 1', 'c/1', '../c'],
  botId: ['bot\n', 'b\0'],
  dealId: ['é'],
  orderId: ['o1 '],
  venueOrderId: ['a b', 'x'.repeat(65), 'é'],
  clientOrderId: ['a'.repeat(37), 'a.b', 'a/b'],
  tradeId: ['a\tb'],
  venueId: ['Binance', '1x', 'a'.repeat(33), 'a_b'],
  venueSymbol: ['BTC USDT', 'B'.repeat(25), 'BTC\n'],
  assetCode: ['btc', '.BTC', 'B'.repeat(25), 'BTC USD'],
};

test('every kind of id takes its forms and no other', () => {
  for (const [name, type] of Object.entries(types)) {
    const kind = name as keyof typeof types; // the keys of the literal above
    for (const source of good[kind]) {
      assert.equal(type.parse(source), source);
      assert.equal(type.codec.decode(source, 'id'), source);
    }
    for (const source of [...bad[kind], '']) {
      assert.throws(() => type.parse(source), IdError, `${kind} ${JSON.stringify(source)}`);
      assert.throws(() => type.codec.decode(source, 'id'), CodecError);
      assert.throws(() => type.codec.encode(source as never, 'id'), CodecError);
    }
    for (const plain of [1, null, undefined, ['a'], {}])
      assert.throws(() => type.codec.decode(plain, 'id'), CodecError);
  }
});

test('our own ids are safe in a URL, a file name and a log line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 45 }), (source) => {
      for (const type of [userId, connectionId, botId, dealId, orderId]) {
        try {
          type.parse(source);
        } catch (error) {
          assert.ok(error instanceof IdError);
          continue;
        }
        assert.equal(encodeURIComponent(source), source);
        assert.match(source, /^[\w-]{1,40}$/);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a refusal quotes what it refuses, cut short and escaped', () => {
  const hostile = `\u001b[31m\n${'x'.repeat(10_000)}`;
  assert.throws(
    () => botId.parse(hostile),
    (error: Error) => {
      assert.ok(error.message.length < 250);
      assert.doesNotMatch(error.message, /\p{Cc}/u);
      return true;
    },
  );
});
