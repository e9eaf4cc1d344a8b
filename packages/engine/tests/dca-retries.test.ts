import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dcaMachine } from '../src/machines/dca/machine.ts';
import { plainDca } from './_dca.ts';
import { Hand } from './_hand.ts';
import { coins, dollars, usdt } from './_markets.ts';

/** A bot whose first deal has just bought its base order at 1,000.00. */
function open() {
  const hand = new Hand(dcaMachine, plainDca(), dollars(1_000));
  hand.fire('start-0-conditions', dollars(1_000));
  hand.fill('base', dollars(1_000));
  return hand;
}

test('a bot whose base order is refused waits for the next candle before it tries again', () => {
  const hand = new Hand(dcaMachine, plainDca(), dollars(1_000));
  hand.fire('start-0-conditions', dollars(1_000));
  hand.atMs = 7_000;
  const [order] = hand.order('base');
  hand.working.delete(order);
  hand.tell({ kind: 'orderRefused', order, reason: 'insufficientFunds', passes: false, atMs: 7_000 });
  assert.equal(hand.lastNote('deal-closed').why, 'not-opened');
  const waits = hand.triggers.find((one) => one.name === 'start-0-conditions')?.on;
  assert.ok(waits?.kind === 'conditions' && waits.afterMs === 7_000);
});

test('a refused target is asked for again even when another event comes between its moment and the trigger', () => {
  const hand = open();
  const [target] = hand.order('tp1');
  hand.working.delete(target);
  hand.tell({ kind: 'orderRefused', order: target, reason: 'venueBusy', passes: true, atMs: 1_000 });
  assert.deepEqual(hand.roles(), ['avg1', 'avg2', 'avg3']);
  const { retryAtMs } = hand.lastNote('order-refused');
  hand.tell({ kind: 'fundsChanged', market: 0, atMs: retryAtMs + 1, quote: usdt(1_000), base: coins(1) });
  hand.atMs = retryAtMs + 2;
  hand.fire('d1-retry', dollars(1_000));
  assert.deepEqual(hand.roles(), ['avg1', 'avg2', 'avg3', 'tp1']);
  assert.ok(!hand.armed().includes('d1-retry'));
});

for (const [passes, seconds] of [
  [true, [2, 4, 8, 16, 30, 30]],
  [false, [10, 20, 30, 30]],
] as const)
  test(`a close is asked for again after ${seconds.join(', ')} s where its refusals ${passes ? 'pass' : 'stay'}`, () => {
    const hand = open();
    hand.command({ kind: 'close-deal', deal: 1 });
    const pauses = seconds.map(() => {
      const [order] = hand.order('close');
      const { atMs } = hand;
      hand.working.delete(order);
      hand.tell({ kind: 'orderRefused', order, reason: 'no', passes, atMs });
      hand.atMs = hand.lastNote('order-refused').retryAtMs;
      hand.fire('d1-retry', dollars(1_000));
      return (hand.atMs - atMs) / 1_000;
    });
    assert.deepEqual(pauses, seconds);
  });

test('a held order that nobody wants any more is looked at once, not for ever', () => {
  const hand = open();
  const [averaging] = hand.order('avg3');
  hand.working.delete(averaging);
  hand.tell({ kind: 'orderRefused', order: averaging, reason: 'venueBusy', passes: true, atMs: 0 });
  hand.command({ kind: 'close-deal', deal: 1 });
  hand.atMs = hand.lastNote('order-refused').retryAtMs;
  hand.fire('d1-retry', dollars(1_000));
  assert.deepEqual(hand.roles(), ['close']);
  assert.ok(!hand.armed().includes('d1-retry'));
});

test('the rest of a close that a thin book filled in part is asked for at once, one without a fill later', () => {
  const hand = open();
  hand.command({ kind: 'close-deal', deal: 1 });
  const [first] = hand.order('close');
  hand.end('close', coins(0.06));
  hand.fill('close', dollars(1_000), coins(0.06));
  hand.working.delete(first);
  assert.deepEqual(hand.order('close')[1].sizing, { by: 'base', quantity: coins(0.04) });
  const [second] = hand.order('close');
  hand.end('close', coins(0));
  hand.working.delete(second);
  assert.deepEqual(hand.roles(), []);
  hand.atMs = hand.lastNote('order-ended-by-venue').retryAtMs;
  assert.ok(hand.atMs > 0);
  hand.fire('d1-retry', dollars(1_000));
  assert.deepEqual(hand.roles(), ['close']);
});
