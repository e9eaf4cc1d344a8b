import assert from 'node:assert/strict';
import { NaiveBook } from './_naive-book.ts';
import type { Trigger } from './trigger.ts';
import { TriggerBook } from './trigger-book.ts';

/** What both books must offer; a weakened book can be compared too. */
export interface Book {
  arm(trigger: Trigger): number;
  disarm(handle: number): boolean;
  tell(series: string, value: number): readonly number[];
  tellTime(now: number): readonly number[];
  extremeOf(handle: number): number | null;
}

export interface Comparison {
  readonly ticks: number;
  readonly fires: number;
  readonly firesByKind: Record<string, number>;
}

/**
 * Walks two series at random for `ticks` ticks with about `waiting` triggers of every kind, re-arming what
 * fires, and fails on the first tick on which the book and the naive loop disagree.
 */
export function compareBooks(
  seed: number,
  ticks: number,
  waiting: number,
  book: Book = new TriggerBook(),
): Comparison {
  const random = xorshift(seed);
  const naive = new NaiveBook();
  const kinds = new Map<number, string>();
  const firesByKind: Record<string, number> = {};
  const values = [10_000, 50];
  let fires = 0;
  let now = 0;

  const armOne = (): void => {
    const trigger = randomTrigger(random, values, now);
    const handle = book.arm(trigger);
    naive.arm(handle, trigger);
    kinds.set(handle, trigger.kind === 'time' ? 'time' : trigger.condition.kind);
  };
  const settle = (seen: readonly number[], expected: readonly number[], at: string): void => {
    // Comparing element by element: deepEqual on two empty arrays costs more than the tick.
    if (seen.length !== expected.length || seen.some((handle, i) => handle !== expected[i])) {
      assert.deepEqual(seen, expected, at);
    }
    for (const handle of seen) {
      const kind = kinds.get(handle) ?? 'unknown';
      firesByKind[kind] = (firesByKind[kind] ?? 0) + 1;
      fires++;
      kinds.delete(handle);
    }
    for (const _ of seen) armOne();
  };

  for (let i = 0; i < waiting; i++) armOne();
  for (let tick = 0; tick < ticks; tick++) {
    const which = random() < 0.8 ? 0 : 1;
    values[which] = nextValue(which, values[which] ?? 0, random);
    settle(
      book.tell(SERIES[which] ?? '', values[which]),
      naive.tell(SERIES[which] ?? '', values[which]),
      `tick ${tick}`,
    );
    if ((tick & 7) === 0) settle(book.tellTime(++now), naive.tellTime(now), `time ${now}`);
    if (random() < 0.02) {
      const handle = Math.floor(random() * waiting);
      assert.equal(book.extremeOf(handle), naive.extremeOf(handle), `extreme of ${handle} at tick ${tick}`);
      const gone = book.disarm(handle);
      assert.equal(gone, naive.disarm(handle), `disarming ${handle} at tick ${tick}`);
      if (gone) armOne();
    }
  }
  return { ticks, fires, firesByKind };
}

const SERIES = ['price', 'rsi'];

function nextValue(which: number, value: number, random: () => number): number {
  if (which === 1) return Math.min(100, Math.max(0, value + (random() - 0.5) * 8));
  const jump = random() < 0.001 ? (random() - 0.5) * 2_000 : Math.floor((random() - 0.5) * 30);
  // Pulled towards 10,000 so that a long walk neither dies nor runs away.
  return Math.max(100, Math.round(value + jump + (10_000 - value) * 0.001));
}

function randomTrigger(random: () => number, values: readonly number[], now: number): Trigger {
  const pick = random();
  if (pick < 0.1) return { kind: 'time', at: now + Math.floor(random() * 50) };
  const price = values[0] ?? 0;
  if (pick < 0.35) {
    const kind = random() < 0.5 ? 'trail-below-peak' : 'trail-above-trough';
    const from = random() < 0.7 ? price : Math.max(1, price + Math.floor((random() - 0.5) * 100));
    const distancePpm = 1 + Math.floor(random() * 30_000);
    return { kind: 'series', series: 'price', condition: { kind, from, distancePpm } };
  }
  const series = random() < 0.7 ? 'price' : 'rsi';
  const level = series === 'price' ? price + Math.floor((random() - 0.5) * 600) : random() * 100;
  const kind = (['at-or-above', 'at-or-below', 'cross-up', 'cross-down'] as const)[Math.floor(random() * 4)];
  return { kind: 'series', series, condition: { kind: kind ?? 'cross-up', level } };
}

/** Marsaglia's xorshift32: tests need repeatable numbers, not good ones. */
export function xorshift(seed: number): () => number {
  let x = seed | 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 4_294_967_296;
  };
}
