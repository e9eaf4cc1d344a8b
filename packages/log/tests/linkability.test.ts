import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeLeafPayload } from '@counterfoil/vocabulary/protocol';
import { chainTag, deriveChainKeys, isPrivateLeaf, sealLeaf } from '@counterfoil/log';
import { nodePrimitives } from '@counterfoil/log/node';
import { type LabelledLeaf, VIEWS, distinguish } from './_distinguisher.ts';
import { MANDATE, START_MS } from './_history-log.ts';

const CONNECTIONS = 50;
const LEAVES = 100_000;

/** Leaves of connections that each trade their own symbol with their own ids, in turn. */
function publicLeaves(): LabelledLeaf[] {
  const keys = Array.from({ length: CONNECTIONS }, (_, i) =>
    deriveChainKeys(nodePrimitives, new Uint8Array(32).fill(i)),
  );
  return Array.from({ length: LEAVES }, (_, i) => {
    const connection = (i * 31 + Math.floor(i / CONNECTIONS)) % CONNECTIONS;
    const chain = keys[connection];
    assert.ok(chain);
    const seq = 1 + Math.floor(i / CONNECTIONS);
    const payload = encodeLeafPayload({
      kind: 'sign',
      seq,
      prev: new Uint8Array(32).fill(connection),
      atMs: START_MS + i,
      boot: new Uint8Array(8),
      method: 'orderCreate',
      intentHash: new Uint8Array(16).fill(connection),
      clientOrderId: `id-${connection}-${'x'.repeat(connection % 20)}`,
      symbol: `COIN${connection}USDT`,
      side: connection % 2 === 0 ? 'buy' : 'sell',
      type: 'limit',
      amount: null,
      price: null,
      mandateHash: MANDATE,
      validMs: 5_000,
      bot: new Uint8Array(8).fill(connection),
      botSeq: seq,
      epoch: 1,
    });
    return {
      connection,
      entry: sealLeaf(nodePrimitives, chain, chainTag(nodePrimitives, chain, seq), seq, payload),
    };
  });
}

test('100,000 public leaves do not tell which belong together, and a planted leak is found', () => {
  const leaves = publicLeaves();
  assert.ok(
    leaves.every(({ entry }) => isPrivateLeaf(entry)),
    'one length and one beginning',
  );
  for (const [name, view] of Object.entries(VIEWS)) {
    const { value, error } = distinguish(leaves, view);
    assert.ok(
      Math.abs(value - 0.5) <= 3 * error,
      `${name}: AUC ${value.toFixed(5)}, standard error ${error.toFixed(5)}`,
    );
  }
  const text = Buffer.concat(leaves.slice(0, 2_000).map(({ entry }) => entry)).toString('latin1');
  for (const plain of ['COIN', 'USDT', 'id-1', 'orderCreate']) assert.ok(!text.includes(plain), plain);
  // One bit of the commitment that depends on the connection.
  const leaky = leaves.map(({ entry, connection }) => {
    const copy = entry.slice();
    copy[40] = ((copy[40] ?? 0) & 0xfe) | (connection % 2);
    return { entry: copy, connection };
  });
  const found = Object.values(VIEWS).some((view) => {
    const { value, error } = distinguish(leaky, view);
    return Math.abs(value - 0.5) > 3 * error;
  });
  assert.ok(found, 'the same views find a leak of one bit');
});
