import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LeafPayload } from '@counterfoil/vocabulary/protocol';
import { contradictions } from './_crash-verdict.ts';

const placed = { seq: 1, state: 'accepted', clientOrderId: 'a', receipt: null };
const order = { orderId: 1, clientOrderId: 'a', status: 'FILLED' };
// Only the fields that the verdict reads.
const leafOf = (clientOrderId: string, botSeq: number): LeafPayload =>
  ({
    kind: 'sign',
    method: 'orderCreate',
    clientOrderId,
    bot: new Uint8Array(8),
    botSeq,
  }) as unknown as LeafPayload;
const sign = leafOf('a', 1);

test('three records that agree have no contradiction', () => {
  assert.deepEqual(contradictions([placed], [order], [sign]), []);
  const absent = { ...placed, state: 'notPlaced' };
  assert.deepEqual(contradictions([absent], [], [sign]), []);
});

for (const [name, found, sentence] of [
  ['a doubled order', contradictions([placed], [order, order], [sign]), 'order a is at the venue 2 times'],
  ['an order without its sign leaf', contradictions([placed], [order], []), 'order a has 0 sign leaves'],
  ['a doubled sign leaf', contradictions([placed], [order], [sign, sign]), 'order a has 2 sign leaves'],
  [
    'an intent that was signed under two ids',
    contradictions([placed], [order], [sign, leafOf('b', 1)]),
    'intent 0000000000000000/1 was signed twice',
  ],
  [
    'an order that the ledger lost',
    contradictions([], [order], [sign]),
    'order a of the venue is not in the ledger',
  ],
  [
    'an order given up although the venue has it',
    contradictions([{ ...placed, state: 'notPlaced' }], [order], [sign]),
    'order 1 is notPlaced in the ledger and at the venue',
  ],
  [
    'an accepted order that the venue does not have',
    contradictions([placed], [], [sign]),
    'order 1 is accepted in the ledger and not at the venue',
  ],
  [
    'an unknown that nobody resolved',
    contradictions([{ ...placed, state: 'unknown' }], [order], [sign]),
    'order 1 is still unknown',
  ],
] as const) {
  test(`${name} is found`, () => assert.ok(found.includes(sentence), found.join('; ')));
}
