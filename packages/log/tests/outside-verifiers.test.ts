/** Proofs of the journal, judged by a verifier that others wrote: npm `@sigstore/verify` (Apache-2.0). */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatVerifierKey, utf8 } from '@counterfoil/log';
import { Journal } from '@counterfoil/log/journal';

interface SigstoreCheckpoint {
  readonly logSize: bigint;
}
interface SigstoreEntry {
  readonly canonicalizedBody: Buffer;
  readonly inclusionProof: { readonly logIndex: string; readonly hashes: readonly Buffer[] };
}

// The package has no entry points for these two functions, so they are required by path; their types are as used here.
const require = createRequire(import.meta.url);
const merkle = require('@sigstore/verify/dist/tlog/merkle.js') as {
  verifyMerkleInclusion(entry: SigstoreEntry, checkpoint: SigstoreCheckpoint): void;
};
const { LogCheckpoint } = require('@sigstore/verify/dist/tlog/checkpoint.js') as {
  LogCheckpoint: { fromString(note: string): SigstoreCheckpoint };
};

test("npm's sigstore verifier accepts our checkpoints and inclusion proofs, and rejects altered ones", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sigstore-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const journal = await Journal.create(folder, { origin: 'sigstore.example/keyuse', clock: () => 0 });
  const leaves = Array.from({ length: 1_500 }, (_, i) => utf8(`leaf ${i}`));
  await Promise.all(leaves.map((leaf) => journal.append([leaf], 0)));
  const { size, checkpoint } = journal.head();
  // Its parser wants the line of text between root and signatures to be there or empty, as ours is.
  const parsed = LogCheckpoint.fromString(Buffer.from(checkpoint).toString('utf8').split('\n\n')[0] + '\n');
  assert.equal(parsed.logSize, BigInt(size));
  assert.match(formatVerifierKey(journal.key), /^sigstore\.example\/keyuse\+/);
  for (let index = 0; index < size; index += 5) {
    const { entry, inclusion } = journal.prove(index, 0);
    const body = Buffer.from(entry);
    const hashes = inclusion.map((hash) => Buffer.from(hash));
    const judge = (logIndex: number, proof: readonly Buffer[], canonicalizedBody = body): void =>
      merkle.verifyMerkleInclusion(
        { canonicalizedBody, inclusionProof: { logIndex: String(logIndex), hashes: proof } },
        parsed,
      );
    judge(index, hashes);
    assert.throws(() => judge(index, hashes.slice(1)));
    assert.throws(() => judge(index, [...hashes.slice(0, -1), Buffer.alloc(32)]));
    assert.throws(() => judge(index === 0 ? 1 : index - 1, hashes));
    assert.throws(() => judge(index, hashes, Buffer.concat([body, Buffer.from('x')])));
  }
  await journal.close();
});
