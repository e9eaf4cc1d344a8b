import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSignals } from '../src/data/signals.ts';
import { LabError } from '../src/errors.ts';

test('alerts are read in order, with or without a heading', () => {
  const expected = [
    { atMs: 1_000, name: 'buy' },
    { atMs: 1_000, name: 'trend-up' },
  ];
  assert.deepEqual(parseSignals('1000,buy\n1000,trend-up\n', 'a.csv'), expected);
  assert.deepEqual(parseSignals('timestamp_ms,name\r\n1000,buy\r\n1000,trend-up', 'a.csv'), expected);
  assert.deepEqual(parseSignals('', 'a.csv'), []);
});

test('a bad row is named with its column', () => {
  const message = (text: string) => () => parseSignals(text, 'a.csv');
  assert.throws(message('1000,buy\nsoon,buy'), /a\.csv row 2, column 1 \(time\): "soon" is no time/);
  assert.throws(message('2000,buy\n1000,buy'), /row 2, column 1 \(time\): earlier/);
  assert.throws(message('time,name\n1000,Buy Now'), /row 2, column 2 \(name\): "Buy Now" is no name/);
  assert.throws(message('1000'), /row 1, column 2/);
  assert.throws(message('1000,buy,twice'), /row 1, column 2/);
});

test('any text is read or refused in words', () => {
  const rows = fc.array(fc.tuple(fc.oneof(fc.nat(), fc.string()), fc.oneof(fc.constant('buy'), fc.string())));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        rows.map((all) => all.map((row) => row.join(',')).join('\n')),
      ),
      (text) => {
        try {
          const times = parseSignals(text, 'x').map((one) => one.atMs);
          assert.deepEqual(
            times,
            times.toSorted((a, b) => a - b),
          );
        } catch (error) {
          assert.ok(error instanceof LabError, String(error));
        }
      },
    ),
  );
});
