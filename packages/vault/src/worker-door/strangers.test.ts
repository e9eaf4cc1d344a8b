import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Strangers } from './strangers.ts';

test('one address has 16 places and all of them 64, and who leaves makes room', () => {
  const strangers = new Strangers();
  const entered = (address: string, times: number): number =>
    Array.from({ length: times }, () => strangers.enter(address, 0)).filter(Boolean).length;
  assert.equal(entered('192.0.2.1', 40), 16);
  assert.equal(entered('192.0.2.2', 40), 16);
  assert.equal(entered('192.0.2.3', 40), 16);
  assert.equal(entered('192.0.2.4', 40), 16);
  assert.equal(entered('192.0.2.5', 40), 0);
  strangers.leave('192.0.2.1', true);
  assert.equal(entered('192.0.2.5', 40), 1);
});

test('sixty failures close the door to an address until the minute is over, and to no other', () => {
  const strangers = new Strangers();
  for (let failed = 0; failed < 60; failed++) {
    assert.ok(strangers.enter('192.0.2.1', failed));
    strangers.leave('192.0.2.1', false);
  }
  assert.ok(!strangers.enter('192.0.2.1', 59_999));
  assert.ok(strangers.enter('192.0.2.2', 59_999));
  assert.ok(strangers.enter('192.0.2.1', 60_000));
});

test('a worker that is admitted again and again is never kept out', () => {
  const strangers = new Strangers();
  for (let times = 0; times < 1_000; times++) {
    assert.ok(strangers.enter('192.0.2.1', 0));
    strangers.leave('192.0.2.1', true);
  }
});

test('failures are counted for 4,096 addresses, so that their number takes no memory', () => {
  const strangers = new Strangers();
  const fail = (address: string): boolean => {
    const isIn = strangers.enter(address, 0);
    if (isIn) strangers.leave(address, false);
    return isIn;
  };
  for (let n = 0; n < 4_096; n++) fail(`2001:db8::${n}`);
  for (let n = 0; n < 100; n++) assert.ok(fail('192.0.2.1'), 'beyond them nobody is counted');
  for (let n = 0; n < 59; n++) assert.ok(fail('2001:db8::7'));
  assert.ok(!fail('2001:db8::7'));
});
