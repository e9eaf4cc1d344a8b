import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LogError, TreeHasher, utf8, verifyInclusion, verifyNeighbours } from '@counterfoil/log';
import { sha256Into } from '@counterfoil/log/node';
import { naiveInclusion, naiveRoot } from './_naive-tree.ts';

const hasher = new TreeHasher(sha256Into);

function holds(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof LogError) return false;
    throw error;
  }
}

test('neighbours verified together are judged as each is alone, whatever is changed', () => {
  const trees = new Map<number, Uint8Array[]>();
  const entriesOf = (size: number): Uint8Array[] => {
    const entries = trees.get(size) ?? Array.from({ length: size }, (_, i) => utf8(`entry ${i}`));
    trees.set(size, entries);
    return entries;
  };
  let refused = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 70 }),
      fc.nat(),
      fc.nat({ max: 20 }),
      fc.nat(),
      fc.nat(),
      fc.nat({ max: 5 }),
      (size, start, count, which, where, change) => {
        const entries = entriesOf(size);
        const first = start % size;
        const root = naiveRoot(entries);
        const part = entries.slice(first, first + count + 1);
        const leafHashes = part.map((entry) => hasher.leafHash(entry));
        const proofs = part.map((_, i) => naiveInclusion(first + i, entries));
        const at = which % part.length;
        const proof = proofs[at] ?? [];
        if (change === 1 && proof.length > 0)
          proofs[at] = proof.with(where % proof.length, hasher.leafHash(utf8('x')));
        if (change === 2 && proof.length > 0) proofs[at] = proof.toSpliced(where % proof.length, 1);
        if (change === 3) proofs[at] = [...proof, root];
        if (change === 4) leafHashes[at] = hasher.leafHash(utf8('another leaf'));
        const shift = change === 5 ? 1 : 0;
        const alone = leafHashes.every((hash, i) =>
          holds(() => verifyInclusion(hasher, first + shift + i, size, hash, proofs[i] ?? [], root)),
        );
        const together = holds(() => verifyNeighbours(hasher, first + shift, size, leafHashes, proofs, root));
        assert.equal(together, alone);
        if (!together) refused += 1;
      },
    ),
    { numRuns: 1_500 },
  );
  assert.ok(refused > 300);
});

test('without comparing the rest of a proof, a receipt that proves nothing to others would pass', () => {
  const entries = Array.from({ length: 8 }, (_, i) => utf8(`entry ${i}`));
  const root = naiveRoot(entries);
  const hashes = entries.slice(0, 2).map((entry) => hasher.leafHash(entry));
  const [first = [], second = []] = [0, 1].map((index) => naiveInclusion(index, entries));
  // The second leaf is the first one's sibling, hence surely in the tree; but its own proof is rubbish further up.
  const rubbish = second.with(2, hasher.leafHash(utf8('rubbish')));
  assert.ok(!holds(() => verifyInclusion(hasher, 1, 8, hashes[1] ?? root, rubbish, root)));
  assert.throws(() => verifyNeighbours(hasher, 0, 8, hashes, [first, rubbish], root), {
    code: 'root-differs',
  });
});
