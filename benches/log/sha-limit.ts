/**
 * How fast SHA-256 is on this core: the limit of any tree. Two figures, because a runtime that hashes one node per call
 * can never reach what the processor does in a loop.
 */
import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';

/** Bytes of a tree node: prefix and two hashes, which are two blocks. */
const NODE_BYTES = 65;

/** Hashes of a tree node per second by OpenSSL's own program; undefined where it is missing. */
export function opensslNodeHashes(): number | undefined {
  const { stdout } = spawnSync(
    'openssl',
    ['speed', '-seconds', '1', '-bytes', String(NODE_BYTES), '-evp', 'sha256'],
    { encoding: 'utf8' },
  );
  const thousandsOfBytes = /^sha256\s+([0-9.]+)k/im.exec(stdout)?.[1];
  return thousandsOfBytes === undefined ? undefined : (Number(thousandsOfBytes) * 1000) / NODE_BYTES;
}

/** Hashes of a tree node per second by node:crypto in this process, one per call, as the fastest of its forms. */
export function nodeHashes(): number {
  const node = new Uint8Array(NODE_BYTES);
  const count = 500_000;
  const begin = performance.now();
  for (let i = 0; i < count; i++) hash('sha256', node, 'latin1');
  return count / ((performance.now() - begin) / 1000);
}
