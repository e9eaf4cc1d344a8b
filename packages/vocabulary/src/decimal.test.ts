import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  anyDecimal,
  anyRounding,
  anyScale,
  anyUnits,
  Oracle,
  oracleOf,
  oracleUnits,
} from '../tests/_oracle.ts';
import { CodecError } from './codec.ts';
import {
  add,
  compare,
  DECIMAL_LENGTH_MAX,
  DecimalError,
  decimalPair,
  decimalText,
  fitsPair,
  formatDecimal,
  formatTrimmed,
  formatUnits,
  isZero,
  multiply,
  negate,
  normalize,
  PAIR_UNITS_MAX,
  parseDecimal,
  parseUnits,
  pow10,
  quotient,
  rescale,
  rescaleUnits,
  SCALE_MAX,
  subtract,
} from './decimal.ts';
import { DivisorError, InexactError } from './rounding.ts';

const notDecimals = [
  '',
  ' ',
  '1 ',
  ' 1',
  '+1',
  '--1',
  '-',
  '.',
  '.5',
  '5.',
  '1.',
  '-.5',
  '01',
  '-01',
  '00',
  '1e3',
  '1E-3',
  '0x10',
  '1_000',
  '1,000',
  '1.2.3',
  '١',
  '１',
  'NaN',
  'Infinity',
  '-Infinity',
  '1\n',
  '1\0',
  'null',
  '1n',
];

test('a decimal is written as decimal.js writes it', () => {
  fc.assert(
    fc.property(anyUnits, anyScale, (units, scale) => {
      const oracle = oracleOf(units, scale);
      assert.equal(
        formatUnits(units, scale),
        units === 0n ? new Oracle(0).toFixed(scale) : oracle.toFixed(scale),
      );
      assert.equal(formatTrimmed(units, scale), units === 0n ? '0' : oracle.toFixed());
    }),
    { numRuns: 5_000 },
  );
});

test('a decimal is read as decimal.js reads it', () => {
  const digits = fc.stringMatching(/^(0|[1-9][0-9]{0,39})$/);
  const decimals = fc.stringMatching(/^([.][0-9]{1,36})?$/);
  fc.assert(
    fc.property(fc.constantFrom('', '-'), digits, decimals, (sign, whole, rest) => {
      const source = sign + whole + rest;
      const { units, scale } = parseDecimal(source);
      assert.equal(scale, Math.max(0, rest.length - 1));
      assert.ok(oracleOf(units, scale).eq(new Oracle(source)), source);
    }),
    { numRuns: 5_000 },
  );
});

test('what is written is read back the same', () => {
  fc.assert(
    fc.property(anyUnits, anyScale, (units, scale) => {
      assert.deepEqual(parseDecimal(formatUnits(units, scale)), { units, scale });
      assert.equal(parseUnits(formatTrimmed(units, scale), scale), units);
    }),
    { numRuns: 5_000 },
  );
});

test('no other spelling of a number is read', () => {
  for (const source of notDecimals) assert.throws(() => parseDecimal(source), DecimalError, source);
});

test('reading never throws anything but DecimalError', () => {
  const nearly = fc.string({ unit: fc.constantFrom(...'0123456789.-+eE _,'.split('')) });
  fc.assert(
    fc.property(fc.oneof(fc.string(), nearly), anyScale, (source, scale) => {
      try {
        assert.equal(formatUnits(parseUnits(source, scale), scale).includes('e'), false);
      } catch (error) {
        assert.ok(error instanceof DecimalError, String(error));
      }
    }),
    { numRuns: 10_000 },
  );
});

test('minus zero is read as zero and never written', () => {
  assert.deepEqual(parseDecimal('-0.00'), { units: 0n, scale: 2 });
  assert.equal(formatUnits(parseUnits('-0.00', 2), 2), '0.00');
  assert.equal(formatTrimmed(negate(parseDecimal('-0')).units, 0), '0');
});

test('length and decimals of what is read are bounded', () => {
  assert.equal(parseDecimal('9'.repeat(DECIMAL_LENGTH_MAX)).units, 10n ** 80n - 1n);
  assert.throws(() => parseDecimal('9'.repeat(DECIMAL_LENGTH_MAX + 1)), /over 80 characters/);
  assert.equal(parseDecimal(`0.${'1'.repeat(SCALE_MAX)}`).scale, SCALE_MAX);
  assert.throws(() => parseDecimal(`0.${'1'.repeat(SCALE_MAX + 1)}`), /more than 36 decimals/);
});

test('more decimals than the scale are refused unless they are zeros', () => {
  assert.equal(parseUnits('1.2300', 2), 123n);
  assert.throws(() => parseUnits('1.234', 2), /1\.234 has more than 2 decimals/);
});

test('a scale that is not an integer from 0 to 36 is refused everywhere, and moves no digits', () => {
  for (const scale of [-1, -2, 0.5, 37, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => formatUnits(123n, scale), DecimalError);
    assert.throws(() => parseUnits('1.5', scale), DecimalError);
    assert.throws(() => rescaleUnits(1n, 0, scale, 'floor'), DecimalError);
    assert.throws(() => rescaleUnits(1n, scale, 0, 'floor'), DecimalError);
    assert.throws(
      () => quotient({ units: 1n, scale: 0 }, { units: 3n, scale: 0 }, scale, 'floor'),
      DecimalError,
    );
    assert.throws(() => normalize({ units: 0n, scale }), DecimalError);
    assert.equal(fitsPair({ units: 0n, scale }), false);
  }
  // What slicing at a negative position makes of 123 units of 10^2: a number a hundred times too small.
  assert.equal(`${'123'.slice(0, 3 - -2)}.${'123'.slice(3 - -2)}`, '123.');
});

test('powers of ten end at 72', () => {
  assert.equal(pow10(72), 10n ** 72n);
  for (const exponent of [-1, 73, 1.5]) assert.throws(() => pow10(exponent), DecimalError);
});

test('rescaling agrees with decimal.js in every rounding', () => {
  fc.assert(
    fc.property(anyDecimal, anyScale, anyRounding, (value, scale, rounding) => {
      const expected = oracleUnits(oracleOf(value.units, value.scale), scale, rounding);
      assert.deepEqual(rescale(value, scale, rounding), { units: expected, scale });
    }),
    { numRuns: 5_000 },
  );
});

test('exact rescaling refuses to drop a digit', () => {
  assert.deepEqual(rescale({ units: 1200n, scale: 3 }, 1, 'exact'), { units: 12n, scale: 1 });
  assert.throws(() => rescale({ units: 1201n, scale: 3 }, 1, 'exact'), InexactError);
});

test('sums, differences, products and comparisons agree with decimal.js', () => {
  fc.assert(
    fc.property(anyDecimal, anyDecimal, (a, b) => {
      const [x, y] = [oracleOf(a.units, a.scale), oracleOf(b.units, b.scale)];
      const value = ({ units, scale }: { units: bigint; scale: number }) => oracleOf(units, scale);
      assert.ok(value(add(a, b)).eq(x.plus(y)));
      assert.ok(value(subtract(a, b)).eq(x.minus(y)));
      assert.equal(compare(a, b), x.cmp(y));
      assert.equal(isZero(a), x.isZero());
      if (a.scale + b.scale <= SCALE_MAX) assert.ok(value(multiply(a, b)).eq(x.times(y)));
      else assert.throws(() => multiply(a, b), DecimalError);
    }),
    { numRuns: 5_000 },
  );
});

test('quotients agree with decimal.js in every rounding, for divisors of either sign', () => {
  fc.assert(
    fc.property(anyDecimal, anyDecimal, anyScale, anyRounding, (a, b, scale, rounding) => {
      fc.pre(b.units !== 0n);
      const expected = oracleUnits(
        oracleOf(a.units, a.scale).div(oracleOf(b.units, b.scale)),
        scale,
        rounding,
      );
      assert.equal(quotient(a, b, scale, rounding).units, expected);
    }),
    { numRuns: 5_000 },
  );
});

test('a quotient by zero is refused as a decimal error, not as a broken divisor', () => {
  const zero = { units: 0n, scale: 3 };
  assert.throws(() => quotient({ units: 1n, scale: 0 }, zero, 2, 'floor'), DecimalError);
  assert.throws(
    () => quotient({ units: 1n, scale: 0 }, zero, 2, 'floor'),
    (e) => !(e instanceof DivisorError),
  );
});

test('normalizing keeps the value and makes equal values equal structures', () => {
  fc.assert(
    fc.property(anyDecimal, anyScale, (value, scale) => {
      const normal = normalize(value);
      assert.equal(compare(normal, value), 0);
      assert.deepEqual(normal, parseDecimal(formatDecimal(value)));
      if (scale >= value.scale) assert.deepEqual(normalize(rescale(value, scale, 'exact')), normal);
    }),
  );
});

test('a decimal crosses the wire as text in one form', () => {
  fc.assert(
    fc.property(anyDecimal, (value) => {
      const plain = decimalText.encode(value, 'amount');
      assert.deepEqual(decimalText.decode(plain, 'amount'), normalize(value));
    }),
  );
  for (const source of [...notDecimals, 12, 12n, null, undefined, ['1'], { units: 1n, scale: 0 }])
    assert.throws(() => decimalText.decode(source, 'amount'), CodecError);
});

test('a decimal that no reader takes is refused by the writer', () => {
  assert.throws(() => decimalText.encode({ units: 1n, scale: 37 }, 'amount'), CodecError);
  assert.throws(() => decimalText.encode({ units: 10n ** 80n, scale: 0 }, 'amount'), CodecError);
  assert.throws(() => decimalPair.encode({ units: -1n, scale: 0 }, 'amount'), CodecError);
  assert.throws(() => decimalPair.encode({ units: PAIR_UNITS_MAX + 1n, scale: 0 }, 'amount'), CodecError);
});

test('a packed pair carries every decimal that fits, normalized', () => {
  fc.assert(
    fc.property(anyDecimal, (value) => {
      if (fitsPair(value)) {
        assert.deepEqual(decimalPair.decode(decimalPair.encode(value, 'p'), 'p'), normalize(value));
      } else {
        assert.throws(() => decimalPair.encode(value, 'p'), CodecError);
      }
    }),
    { numRuns: 2_000 },
  );
  assert.deepEqual(decimalPair.encode({ units: PAIR_UNITS_MAX, scale: 36 }, 'p'), [PAIR_UNITS_MAX, 36]);
});

test('a packed pair in any other form is refused', () => {
  const bad = [
    [10, 1],
    [0, 1],
    [-1, 0],
    [1, -1],
    [1, 37],
    [1, 0.5],
    [1.5, 0],
    [1],
    [1, 0, 0],
    [],
    ['1', 0],
    [1, '0'],
    '1',
    1,
    null,
    [PAIR_UNITS_MAX + 1n, 0],
    [Number.NaN, 0],
    [1, Number.NaN],
    new Map(),
  ];
  for (const plain of bad) assert.throws(() => decimalPair.decode(plain, 'p'), CodecError);
});

test('a packed pair of a hostile scale is refused at once, not after 2^53 divisions', () => {
  assert.throws(() => decimalPair.decode([0, Number.MAX_SAFE_INTEGER], 'p'), CodecError);
});
