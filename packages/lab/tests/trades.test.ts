import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { LabError, loadCandles, runDataCommand } from '../src/index.ts';
import { parseTrades, tradeFormOf } from '../src/data/trades.ts';
import { collectingIo, folder } from './_fixtures.ts';

const archive = [
  '4000,61837.63000000,0.02000000,1236.75260000,1723161255342,true,true',
  '4001,61837.60000000,0.04800000,2968.20480000,1723161255617,true,true',
  '4002,61840.00000000,1.50000000,92760.00000000,1723161256001,false,true',
];
const plain = ['1723161255342,61837.63,0.02', '1723161255617,61837.6,0.048', '1723161256001,61840,1.5'];
const frame = (price: string, quantity: string, at: number): string =>
  `1723161254087896568 {"stream":"btcusdt@trade","data":{"e":"trade","E":${at + 1},"s":"BTCUSDT","t":1,"p":"${price}","q":"${quantity}","T":${at},"m":true,"M":true}}`;
const frames = [
  '1723161254087896000 {"lastUpdateId":1,"bids":[["61837.63","1.0"]],"asks":[]}',
  '1723161254087896001 {"stream":"btcusdt@bookTicker","data":{"u":1,"s":"BTCUSDT","b":"61837.63","B":"1","a":"61838","A":"2"}}',
  frame('61837.63000000', '0.02000000', 1_723_161_255_342),
  frame('61837.60000000', '0.04800000', 1_723_161_255_617),
  frame('61840.00000000', '1.50000000', 1_723_161_256_001),
];

function parse(lines: readonly string[]) {
  const text = `${lines.join('\n')}\n`;
  const form = tradeFormOf(text);
  assert.ok(form !== null, 'these are trades');
  return parseTrades(text, form, 'x.csv');
}

test('trades of an archive, of a plain table and of recorded frames are the same trades', () => {
  for (const lines of [archive, ['id,price,qty,quote_qty,time,maker,best', ...archive], plain, frames]) {
    const { columns, priceScale, usualPriceDecimals, stepMs, isTrades } = parse(lines);
    assert.deepEqual([priceScale, usualPriceDecimals, stepMs, isTrades], [2, 1, 1_000, true]);
    assert.deepEqual([...columns.openedAtS], [1_723_161_255, 1_723_161_255, 1_723_161_256]);
    assert.deepEqual([...columns.close], [6_183_763, 6_183_760, 6_184_000]);
    assert.deepEqual([...columns.volume], [2_000_000, 4_800_000, 150_000_000]);
    assert.deepEqual(columns.high, columns.low);
  }
});

test('archives that count in microseconds give the same moments', () => {
  const { columns } = parse(archive.map((line) => line.replace(/,(\d{13}),/, ',$1999,')));
  assert.deepEqual([...columns.openedAtS], [1_723_161_255, 1_723_161_255, 1_723_161_256]);
});

test('a broken trade is named with its row', () => {
  assert.throws(
    () => parse(archive.with(1, '4001,sixty,0.04,1,1723161255617,true,true')),
    /x\.csv row 2 is not a trade/,
  );
  assert.throws(() => parse(archive.toReversed()), /trade 2 is earlier than the one before/);
  assert.throws(() => parse(plain.with(2, '1723161256001,0,1.5')), /trade 3 has the price 0/);
  assert.throws(() => parse(plain.with(0, '1723161255342,0.123456789,1')), /row 1: the price .* 9 decimals/);
  assert.throws(() => parse(plain.slice(0, 1)), /1 trades; a backtest needs at least 2/);
});

test('candles are not taken for trades', () => {
  assert.equal(tradeFormOf('1583020800000,8561.4,8598.2,8555.1,8588.3,96.07808385\n'), null);
  assert.equal(tradeFormOf('1583020800000,8561,8598,8555,8588,96,1583020859999,1,1,1,1,0\n'), null);
  assert.equal(tradeFormOf('timestamp_ms,open,high,low,close,volume\n'), null);
});

test('no text makes the reader of trades fail with anything but a reason', () => {
  const cell = fc.oneof(fc.constantFrom(...archive, ...plain, ...frames), fc.string());
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 8 }), (lines) => {
      const text = lines.join('\n');
      const form = tradeFormOf(text);
      if (form === null) return;
      try {
        parseTrades(text, form, 'x');
      } catch (error) {
        assert.ok(error instanceof LabError, String(error));
      }
    }),
  );
});

test('a packed file is told by what it holds, and an import of trades as candles is refused', async (t) => {
  const path = join(folder(t), 'trades.gz');
  writeFileSync(path, gzipSync(frames.join('\n')));
  assert.equal((await loadCandles(path)).isTrades, true);
  const out = join(folder(t), 'x.candles');
  await assert.rejects(
    runDataCommand(['import', path, '--out', out], collectingIo()),
    /holds trades, not candles: give it to --data of a backtest/,
  );
  assert.equal(existsSync(out), false);
});
