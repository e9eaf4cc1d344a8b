import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { aligned, cut, digitsOf, grouped, raised } from '../src/parts/decimal-text.ts';

const decimal = fc
  .tuple(fc.bigInt(0n, 10n ** 14n), fc.option(fc.stringMatching(/^[0-9]{1,10}$/u), { nil: undefined }))
  .map(([whole, rest]) => (rest === undefined ? String(whole) : `${whole}.${rest}`));

/** Units of 10^-10. */
const units = (text: string): bigint => {
  const [whole = '', rest = ''] = text.split('.');
  return BigInt(whole + rest.padEnd(10, '0'));
};

describe('decimal text', () => {
  test('thousands stand apart, decimals as they came', () => {
    assert.equal(grouped('1234567.8901').replaceAll(/\s/gu, ' '), '1 234 567.8901');
    assert.equal(grouped('999'), '999');
  });

  test('a cut amount is never more than there is, and less by no whole last digit', () => {
    fc.assert(
      fc.property(decimal, fc.integer({ min: 0, max: 8 }), (text, digits) => {
        const lost = units(text) - units(cut(text, digits));
        assert.ok(lost >= 0n && lost < 10n ** BigInt(10 - digits));
      }),
    );
  });

  test('a raised amount is never less than is needed, and more by no whole last digit', () => {
    fc.assert(
      fc.property(decimal, fc.integer({ min: 0, max: 8 }), (text, digits) => {
        const added = units(raised(text, digits)) - units(text);
        assert.ok(added >= 0n && added < 10n ** BigInt(10 - digits));
      }),
    );
    assert.equal(raised('998.166113', 2), '998.17');
    assert.equal(raised('0.999', 2), '1.00');
    assert.equal(raised('5', 2), '5');
    assert.equal(raised('5.10', 1), '5.1');
  });

  test('a column of amounts has as many digits as its longest', () => {
    assert.equal(digitsOf(['1.5', null, '2.125', '3']), 3);
    assert.equal(aligned('1.5', 3), '1.500');
    assert.equal(aligned('1', 0), '1');
  });
});
