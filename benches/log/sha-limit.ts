/** How fast SHA-256 is on this core: the limit of any tree. */
import { spawnSync } from 'node:child_process';
import { sha256Into } from '@counterfoil/log/node';

/** Hashes of two blocks per second as OpenSSL's own program measures them; from JavaScript where it is missing. */
export function nativeNodeHashes(): number {
  const { stdout } = spawnSync('openssl', ['speed', '-seconds', '1', '-bytes', '65', '-evp', 'sha256'], {
    encoding: 'utf8',
  });
  const thousandsOfBytes = /^sha256\s+([0-9.]+)k/im.exec(stdout)?.[1];
  return thousandsOfBytes === undefined ? nodeHashes() : (Number(thousandsOfBytes) * 1000) / 65;
}

export function nodeHashes(): number {
  const node = new Uint8Array(65);
  const out = new Uint8Array(32);
  const count = 500_000;
  const begin = performance.now();
  for (let i = 0; i < count; i++) sha256Into(node, out, 0);
  return count / ((performance.now() - begin) / 1000);
}
