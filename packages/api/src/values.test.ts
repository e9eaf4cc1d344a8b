import assert from 'node:assert/strict';
import { test } from 'node:test';
import { botId, parseDecimal, venueSymbol } from '@counterfoil/vocabulary';
import { decimal, id, label, percent, signedDecimal, symbol } from './index.ts';

const takes = (parse: (text: string) => unknown, text: string): boolean => {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
};

const numbers = ['0', '-0', '1', '01', '1.', '.5', '+1', '1e3', '1.50', '-1.5', 'NaN', '1 ', '１'];
const names = [
  '',
  'a',
  'A',
  '-a',
  'a-b_c',
  'a b',
  'a\n',
  'x'.repeat(40),
  'x'.repeat(41),
  'BTC/USDT',
  'é',
  '\u0000',
];
const texts = numbers.concat(names, `1.${'0'.repeat(18)}`);

test('an id and a symbol are what the vocabulary takes', () => {
  for (const text of texts) {
    assert.equal(id.safeParse(text).success, takes(botId.parse, text), text);
    assert.equal(symbol.safeParse(text).success, takes(venueSymbol.parse, text), text);
  }
});

test('a decimal is one of the vocabulary without a sign, a signed one has its own', () => {
  for (const text of texts) {
    const known = takes(parseDecimal, text);
    assert.equal(signedDecimal.safeParse(text).success, known, text);
    assert.equal(decimal.safeParse(text).success, known && !text.startsWith('-'), text);
  }
});

test('a percent has at most six decimals, because a rate counts hundred-millionths', () => {
  assert.ok(percent.safeParse('0.000001').success);
  assert.ok(!percent.safeParse('0.0000001').success);
});

test('a label holds no character that could forge a line or a header', () => {
  for (const planted of ['a\nb', 'a\r\nSet-Cookie: x', 'a\u0000', 'a\u2028b', 'a\u202eb', 'a\u0085b'])
    assert.ok(!label.safeParse(planted).success, JSON.stringify(planted));
  assert.ok(label.safeParse('Größer & 便利').success);
});
