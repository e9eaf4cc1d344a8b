/** A true bundle with one connection's history, and ways to forge it. */
import { type Files, readZip, utf8, writeBundle, writeZip } from '@counterfoil/log';
import { sha256Into } from '@counterfoil/log/node';
import { POLICY, START_MS, TestChain, checkpointOf, genesisLeaf, signBody } from './_history-log.ts';

export function trueBundle(): {
  readonly bytes: Uint8Array;
  readonly entries: readonly Uint8Array[];
  readonly chain: TestChain;
} {
  const chain = new TestChain('bundled key');
  const entries = [genesisLeaf, chain.seal(START_MS)];
  for (let i = 1; i <= 20; i++) entries.push(chain.leaf(signBody, START_MS + i * 1_000));
  const bytes = writeBundle(sha256Into, contentOf(entries, chain));
  return { bytes, entries, chain };
}

export function contentOf(entries: readonly Uint8Array[], chain: TestChain) {
  return {
    policy: utf8(POLICY),
    checkpoint: checkpointOf(entries, START_MS + 60_000),
    entries,
    checkpoints: [checkpointOf(entries.slice(0, 1), START_MS - 1_000)],
    receipts: [],
    connection: { ...chain.name, viewKey: chain.viewKey },
  };
}

/** The bundle with one file changed, added or (with `undefined`) removed, and everything else as it was. */
export function withFile(bundle: Uint8Array, name: string, bytes: Uint8Array | undefined): Uint8Array {
  const files = new Map<string, Uint8Array>(readZip(bundle) satisfies Files);
  if (bytes === undefined) files.delete(name);
  else files.set(name, bytes);
  return writeZip(files);
}

/** A bundle made anew by a forger who holds no keys: an order is left out, and the manifest fits. */
export function forgedBundle(): Uint8Array {
  const { entries, chain } = trueBundle();
  const content = contentOf(entries, chain);
  const shown = entries.with(5, entries[6] ?? utf8(''));
  return writeBundle(sha256Into, { ...content, entries: shown });
}
