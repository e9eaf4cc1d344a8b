import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { candlesOf } from '@counterfoil/engine';
import {
  coverageOf,
  LabError,
  loadCandles,
  parseCandleCsv,
  readCandleFile,
  writeCandleFile,
} from '../src/index.ts';
import { folder, waveCsv } from './_fixtures.ts';

const good = [
  '1600000020,100,110,90,105,1',
  '1600000080,105,106,104,105.5,2',
  '1600000140,105,106,104,105,2',
];

function importing(rows: readonly string[]) {
  return () => parseCandleCsv(rows.join('\n'), 'x.csv');
}

function broken(row: number, cells: string) {
  return importing(good.with(row, cells));
}

test('a broken row is named with its column and what is wrong', () => {
  const message = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      assert.ok(error instanceof LabError);
      return error.message;
    }
    return 'nothing was refused';
  };
  assert.match(
    message(broken(1, '1600000080,105,106,104,abc,2')),
    /x\.csv row 2, column 5 \(close\): "abc" is not a number/,
  );
  assert.match(message(broken(1, '1600000080,105,106,104')), /row 2, column 5 \(close\): missing/);
  assert.match(message(broken(1, '1600000020,105,106,104,105,2')), /row 2, column 1 \(time\): the same time/);
  assert.match(message(broken(1, '1500000000,105,106,104,105,2')), /row 2, column 1 \(time\): earlier/);
  assert.match(
    message(broken(2, '1600000140,105,104,103,105,2')),
    /row 3, column 3 \(high\): the high 104 is below/,
  );
  assert.match(message(broken(2, '1600000140,105,106,105.5,105,2')), /row 3, column 4 \(low\)/);
  assert.match(
    message(broken(0, '1600000020,0,110,90,105,1')),
    /row 1, column 2 \(open\): a price must be above zero/,
  );
  assert.match(
    message(broken(0, '1600000020,100,110,90,105,-1')),
    /row 1, column 6 \(volume\): a volume cannot be negative/,
  );
  assert.match(message(importing([])), /has 0 candles/);
});

test('seconds and milliseconds, with and without a heading, give the same candles', () => {
  const plain = importing(good)();
  const other = importing(['time,o,h,l,c,v', ...good.map((line) => line.replace(/^(\d+)/, '$1000'))])();
  assert.deepEqual(other.columns, plain.columns);
  assert.equal(plain.priceScale, 1);
  assert.equal(plain.columns.close[1], 1_055);
  assert.equal(plain.stepMs, 60_000);
});

test('whatever the text, the reader answers with candles or with its own error', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 40 }), { maxLength: 6 }), (lines) => {
      try {
        importing([...good, ...lines])();
      } catch (error) {
        assert.ok(error instanceof LabError, String(error));
      }
    }),
  );
});

test('a candle file gives back what was written, and a cut one is refused', async (t) => {
  const path = join(folder(t), 'wave.candles');
  const candles = parseCandleCsv(waveCsv(101), 'wave.csv');
  await writeCandleFile(path, candles);
  const read = await readCandleFile(path);
  assert.deepEqual({ ...read, columns: undefined }, { ...candles, columns: undefined });
  for (const name of ['openedAtS', 'open', 'high', 'low', 'close', 'volume'] as const) {
    assert.deepEqual([...read.columns[name]], [...candles.columns[name]], name);
  }
  truncateSync(path, 1_000);
  await assert.rejects(readCandleFile(path), /not a whole candle file/);
});

test('a file that is missing or cut off is refused with its name', async (t) => {
  const path = join(folder(t), 'cut.csv.gz');
  await assert.rejects(loadCandles(path), /cut\.csv\.gz cannot be read/);
  writeFileSync(path, Uint8Array.of(0x1f, 0x8b, 8, 0, 0));
  await assert.rejects(loadCandles(path), /not a whole gzip file/);
});

test('holes are counted, with the largest first', () => {
  const rows = [0, 1, 2, 10, 11, 12, 15, 16].map(
    (minute) => `${1_600_000_020 + minute * 60},100,101,99,100,1`,
  );
  const { columns, stepMs } = importing(rows)();
  const coverage = coverageOf(candlesOf(columns, stepMs));
  assert.equal(coverage.gaps, 2);
  assert.equal(coverage.missing, 9);
  assert.deepEqual(
    coverage.largest.map((gap) => gap.missing),
    [7, 2],
  );
  assert.equal(coverage.share, 8 / 17);
});
