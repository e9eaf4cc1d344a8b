import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  CompactRange,
  LogError,
  Prover,
  TreeHasher,
  equalBytes,
  hexOf,
  utf8,
  verifyConsistency,
  verifyInclusion,
} from '@counterfoil/log';
import { sha256Into } from '@counterfoil/log/node';
import { naiveConsistency, naiveInclusion, naiveRoot } from './_naive-tree.ts';
import { hex, readVectors } from './_vectors.ts';

const hasher = new TreeHasher(sha256Into);

/** All complete subtrees of a growing tree, as the prover reads them. */
function growTree(entries: readonly Uint8Array[]): { range: CompactRange; prover: (size: number) => Prover } {
  const nodes = new Map<string, Uint8Array>();
  const range = new CompactRange(hasher, (level, index, hash, at) => {
    nodes.set(`${level}/${index}`, hash.slice(at, at + 32));
  });
  for (const entry of entries) range.append(entry);
  const read = (level: number, index: number): Uint8Array => {
    const node = nodes.get(`${level}/${index}`);
    assert.ok(node, `node ${level}/${index} is complete`);
    return node;
  };
  return { range, prover: (size) => new Prover(hasher, size, read) };
}

function holds(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof LogError) return false;
    throw error;
  }
}

interface TreeVectors {
  emptyLeafHash: string;
  leafHashes: Record<string, string>;
  entries: string[];
  roots: string[];
  consistency: { from: number; to: number; proof: string[] }[];
}

test('hashes, roots and consistency proofs are those of RFC 6962', () => {
  const vectors = readVectors<TreeVectors>('rfc6962');
  assert.equal(hexOf(hasher.leafHash(new Uint8Array(0))), vectors.emptyLeafHash);
  for (const [entry, hash] of Object.entries(vectors.leafHashes))
    assert.equal(hexOf(hasher.leafHash(hex(entry))), hash);
  const entries = vectors.entries.map(hex);
  for (const [size, root] of vectors.roots.entries()) {
    const { range, prover } = growTree(entries.slice(0, size));
    assert.equal(hexOf(range.root()), root);
    assert.equal(hexOf(prover(size).root()), root);
  }
  for (const { from, to, proof } of vectors.consistency) {
    assert.deepEqual(growTree(entries).prover(to).consistency(from).map(hexOf), proof);
  }
});

interface Probe {
  kind: 'inclusion' | 'consistency';
  a: string;
  b: string;
  hashA: string;
  hashB: string;
  proof: string[];
  holds: boolean;
}

test('every public inclusion and consistency probe is judged as transparency-dev/merkle judges it', () => {
  const { probes } = readVectors<{ probes: Probe[] }>('merkle-probes');
  assert.ok(probes.filter((probe) => probe.kind === 'inclusion').length >= 98);
  assert.ok(probes.filter((probe) => probe.kind === 'consistency').length >= 97);
  const differing: Probe[] = [];
  for (const probe of probes) {
    const [a, b] = [Number(probe.a), Number(probe.b)];
    const [hashA, hashB, proof] = [hex(probe.hashA), hex(probe.hashB), probe.proof.map(hex)];
    const verdict = holds(() =>
      probe.kind === 'inclusion'
        ? verifyInclusion(hasher, a, b, hashA, proof, hashB)
        : verifyConsistency(hasher, a, b, proof, hashA, hashB),
    );
    if (verdict !== probe.holds) differing.push(probe);
  }
  // The reference takes roots of 12 bytes between trivially consistent sizes; here a hash is 32 bytes.
  assert.ok(
    differing.every((probe) => probe.holds && probe.hashA.length === 24),
    JSON.stringify(differing, null, 1),
  );
  assert.equal(differing.length, 3);
});

test('roots and proofs equal a naive RFC 6962 recursion for all sizes to 40 and random ones to 600', () => {
  const check = (entries: readonly Uint8Array[], pick: (bound: number) => number): void => {
    const size = entries.length;
    const prover = growTree(entries).prover(size);
    const root = naiveRoot(entries);
    assert.ok(equalBytes(prover.root(), root));
    if (size === 0) return;
    const index = pick(size);
    assert.deepEqual(prover.inclusion(index), naiveInclusion(index, entries));
    verifyInclusion(
      hasher,
      index,
      size,
      hasher.leafHash(entries[index] ?? utf8('')),
      prover.inclusion(index),
      root,
    );
    const from = pick(size + 1);
    assert.deepEqual(prover.consistency(from), naiveConsistency(from, entries));
    verifyConsistency(hasher, from, size, prover.consistency(from), naiveRoot(entries.slice(0, from)), root);
  };
  const numbered = (size: number): Uint8Array[] => Array.from({ length: size }, (_, i) => utf8(`entry ${i}`));
  for (let size = 0; size <= 40; size++)
    for (let at = 0; at <= size; at++) check(numbered(size), (bound) => at % bound);
  fc.assert(
    fc.property(fc.nat({ max: 600 }), fc.nat(), (size, seed) =>
      check(numbered(size), (bound) => seed % bound),
    ),
    { numRuns: 60 },
  );
});

test('a changed, missing, added or swapped proof hash is refused', () => {
  const entries = Array.from({ length: 77 }, (_, i) => utf8(`entry ${i}`));
  const prover = growTree(entries).prover(77);
  const root = naiveRoot(entries);
  fc.assert(
    fc.property(fc.nat({ max: 76 }), fc.nat(), fc.nat({ max: 255 }), (index, which, bit) => {
      const leafHash = hasher.leafHash(entries[index] ?? utf8(''));
      const proof = prover.inclusion(index);
      const at = which % proof.length;
      const flipped = proof.map((hash, i) => (i === at ? flipBit(hash, bit) : hash));
      const fails = (bad: Uint8Array[]): boolean =>
        !holds(() => verifyInclusion(hasher, index, 77, leafHash, bad, root));
      assert.ok(fails(flipped));
      assert.ok(fails(proof.toSpliced(at, 1)));
      assert.ok(fails([...proof, root]));
      assert.ok(fails([root, ...proof]));
      assert.ok(!holds(() => verifyInclusion(hasher, index + 1, 77, leafHash, proof, root)));
    }),
    { numRuns: 200 },
  );
});

function flipBit(hash: Uint8Array, bit: number): Uint8Array {
  const copy = hash.slice();
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

test('a node of the tree cannot be shown as a leaf', () => {
  const entries = ['a', 'b', 'c', 'd'].map(utf8);
  const left = Buffer.concat([hasher.leafHash(utf8('a')), hasher.leafHash(utf8('b'))]);
  const right = hasher.nodeHash(hasher.leafHash(utf8('c')), hasher.leafHash(utf8('d')));
  const root = naiveRoot(entries);
  assert.throws(() => verifyInclusion(hasher, 0, 2, hasher.leafHash(left), [right], root), {
    code: 'root-differs',
  });
  // Without the prefix that tells leaves from nodes, the same bytes are accepted.
  const unprefixed = new Uint8Array(32);
  sha256Into(Buffer.concat([Uint8Array.of(1), left]), unprefixed, 0);
  verifyInclusion(hasher, 0, 2, unprefixed, [right], root);
});

/** A proof of `height` hashes for the leaf at `index` of a tree that is complete up to 2^height, and its root. */
function climb(index: number, height: number): { leaf: Uint8Array; proof: Uint8Array[]; root: Uint8Array } {
  const leaf = hasher.leafHash(utf8(`leaf ${index}`));
  const proof = Array.from({ length: height }, (_, level) => hasher.leafHash(utf8(`sibling ${level}`)));
  let position = BigInt(index);
  let root = leaf;
  for (const sibling of proof) {
    root = position % 2n === 1n ? hasher.nodeHash(sibling, root) : hasher.nodeHash(root, sibling);
    position /= 2n;
  }
  return { leaf, proof, root };
}

test('indexes around 2^31, 2^32 and 2^52 are verified exactly, and sizes over 2^53 − 1 are refused', () => {
  for (const height of [32, 33, 52]) {
    const size = 2 ** height;
    for (const index of [
      0,
      1,
      2 ** 31 - 1,
      2 ** 31,
      2 ** 31 + 1,
      2 ** 32 - 1,
      2 ** 32,
      2 ** 32 + 5,
      size - 1,
    ]) {
      if (index >= size) continue;
      const { leaf, proof, root } = climb(index, height);
      verifyInclusion(hasher, index, size, leaf, proof, root);
      assert.throws(
        () => verifyInclusion(hasher, index === 0 ? 1 : index - 1, size, leaf, proof, root),
        LogError,
      );
      // What a 32-bit index would be mistaken for.
      const truncated = index % 2 ** 31;
      if (truncated !== index) {
        assert.throws(() => verifyInclusion(hasher, truncated, size, leaf, proof, root), {
          code: 'root-differs',
        });
      }
    }
  }
  const { leaf, proof, root } = climb(5, 53);
  assert.throws(() => verifyInclusion(hasher, 5, 2 ** 53, leaf, proof, root), { code: 'bad-number' });
  assert.throws(() => verifyInclusion(hasher, 8, 8, leaf, proof, root), { code: 'index-beyond-tree' });
});

test('a 32-bit verifier accepts a wrong index that this one refuses', () => {
  const index = 2 ** 31 + 3;
  const { leaf, proof, root } = climb(index, 32);
  const verify32 = (at: number): boolean => {
    let position = at | 0;
    let hash = leaf;
    for (const sibling of proof) {
      hash = (position & 1) === 1 ? hasher.nodeHash(sibling, hash) : hasher.nodeHash(hash, sibling);
      position >>= 1;
    }
    return equalBytes(hash, root);
  };
  assert.ok(verify32(index - 2 ** 32), 'truncation makes two indexes one');
  assert.throws(() => verifyInclusion(hasher, index - 2 ** 32, 2 ** 32, leaf, proof, root), {
    code: 'index-beyond-tree',
  });
});

/** RFC 9162's walk with integers of any size: the root that a proof leads to. */
function rootByBigInt(
  index: bigint,
  size: bigint,
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
): Uint8Array {
  let [fromLeft, last, hash] = [index, size - 1n, leaf];
  for (const sibling of proof) {
    if ((fromLeft & 1n) === 1n || fromLeft === last) {
      hash = hasher.nodeHash(sibling, hash);
      while ((fromLeft & 1n) === 0n && fromLeft !== 0n) [fromLeft, last] = [fromLeft >> 1n, last >> 1n];
    } else hash = hasher.nodeHash(hash, sibling);
    [fromLeft, last] = [fromLeft >> 1n, last >> 1n];
  }
  assert.equal(last, 0n);
  return hash;
}

/** Hashes in the proof of `index`: one per level at which the path has a sibling. */
function proofLength(index: bigint, size: bigint): number {
  let [fromLeft, last, count] = [index, size - 1n, 0];
  for (; last > 0n; fromLeft >>= 1n, last >>= 1n) if ((fromLeft & 1n) === 1n || fromLeft < last) count += 1;
  return count;
}

test('ragged trees up to 2^53 − 1 leaves are verified as with integers of any size', () => {
  const near = [2 ** 31, 2 ** 32, 2 ** 52, Number.MAX_SAFE_INTEGER];
  const sizes = near
    .flatMap((size) => [size - 2, size - 1, size, size + 1, size + 2])
    .filter(Number.isSafeInteger);
  for (const size of sizes) {
    for (const index of [
      0,
      1,
      Math.floor(size / 2),
      2 ** 31 - 1,
      2 ** 31,
      2 ** 32 - 1,
      2 ** 32,
      size - 3,
      size - 2,
      size - 1,
    ]) {
      if (index >= size) continue;
      const leaf = hasher.leafHash(utf8(`leaf ${index}`));
      const length = proofLength(BigInt(index), BigInt(size));
      const proof = Array.from({ length }, (_, level) => hasher.leafHash(utf8(`sibling ${level}`)));
      const root = rootByBigInt(BigInt(index), BigInt(size), leaf, proof);
      verifyInclusion(hasher, index, size, leaf, proof, root);
      assert.ok(!holds(() => verifyInclusion(hasher, index, size, leaf, proof.slice(1), root)));
      assert.ok(!holds(() => verifyInclusion(hasher, index > 0 ? index - 1 : 1, size, leaf, proof, root)));
    }
  }
});
