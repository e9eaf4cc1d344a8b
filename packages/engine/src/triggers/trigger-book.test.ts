import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareBooks } from './_compare-books.ts';
import { riseThreshold, trailThreshold } from './trail.ts';
import { TriggerBook } from './trigger-book.ts';
import type { SeriesCondition } from './trigger.ts';

const price = (condition: SeriesCondition) => ({ kind: 'series', series: 'price', condition }) as const;

test('the book fires exactly what a loop over all triggers fires, for every kind', () => {
  const total: Record<string, number> = {};
  for (const [seed, ticks, waiting] of [
    [1, 300_000, 12],
    [2, 100_000, 60],
    [3, 20_000, 500],
  ] as const) {
    const { firesByKind } = compareBooks(seed, ticks, waiting);
    for (const [kind, fires] of Object.entries(firesByKind)) total[kind] = (total[kind] ?? 0) + fires;
  }
  const kinds = [
    'at-or-above',
    'at-or-below',
    'cross-down',
    'cross-up',
    'time',
    'trail-above-trough',
    'trail-below-peak',
  ];
  assert.deepEqual(Object.keys(total).toSorted(), kinds);
  for (const kind of kinds) assert.ok((total[kind] ?? 0) > 1_000, `${kind} fired only ${total[kind]} times`);
});

test('the comparison finds a book that forgets one crossing in a hundred thousand ticks', () => {
  class Forgetful extends TriggerBook {
    #told = 0;
    override tell(series: string, value: number): readonly number[] {
      const fired = super.tell(series, value);
      return ++this.#told > 50_000 && fired.length > 0 ? fired.slice(1) : fired;
    }
  }
  assert.throws(() => compareBooks(4, 100_000, 20, new Forgetful()), { name: 'AssertionError' });
});

test('a crossing armed beyond its level waits until the series has been on the other side', () => {
  const book = new TriggerBook();
  book.tell('price', 100);
  const crossing = book.arm(price({ kind: 'cross-up', level: 90 }));
  assert.deepEqual(book.tell('price', 101), []);
  assert.deepEqual(book.tell('price', 90), []);
  assert.deepEqual(book.tell('price', 89), []);
  assert.deepEqual(book.tell('price', 90), [crossing]);
});

test('a trail keeps its own peak, not the peak of the market', () => {
  const book = new TriggerBook();
  const early = book.arm(price({ kind: 'trail-below-peak', from: 1_000, distancePpm: 100_000 }));
  assert.deepEqual(book.tell('price', 1_100), []); // early: peak 1,100, fires at 990
  assert.deepEqual(book.tell('price', 1_000), []);
  const late = book.arm(price({ kind: 'trail-below-peak', from: 1_000, distancePpm: 20_000 })); // fires at 980
  assert.deepEqual(book.tell('price', 990), [early]);
  assert.deepEqual(book.tell('price', 980), [late]);
});

test('a disarmed trigger does not fire and cannot be disarmed again', () => {
  const book = new TriggerBook();
  const handle = book.arm(price({ kind: 'at-or-above', level: 10 }));
  assert.equal(book.disarm(handle), true);
  assert.equal(book.disarm(handle), false);
  assert.deepEqual(book.tell('price', 11), []);
  assert.equal(book.armed, 0);
});

test('triggers that could corrupt the order of the book are refused', () => {
  const book = new TriggerBook();
  assert.throws(() => book.arm(price({ kind: 'at-or-above', level: Number.NaN })), /needs a level/);
  assert.throws(() => book.arm({ kind: 'time', at: Number.NaN }), /needs a time/);
  assert.throws(
    () => book.arm(price({ kind: 'trail-below-peak', from: 0, distancePpm: 1 })),
    /positive price/,
  );
  assert.throws(() => book.arm(price({ kind: 'trail-below-peak', from: 5, distancePpm: 0 })), /1 to 999,999/);
});

test('trail thresholds are exact wherever the product fits a double', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9_000_000_000 }),
      fc.integer({ min: 1, max: 999_999 }),
      (peak, distance) => {
        const product = BigInt(peak) * BigInt(1_000_000 - distance);
        assert.equal(BigInt(trailThreshold(peak, distance)), product / 1_000_000n);
      },
    ),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4_500_000_000 }),
      fc.integer({ min: 1, max: 999_999 }),
      (trough, distance) => {
        const product = BigInt(trough) * BigInt(1_000_000 + distance);
        assert.equal(BigInt(riseThreshold(trough, distance)), (product + 999_999n) / 1_000_000n);
      },
    ),
  );
});
