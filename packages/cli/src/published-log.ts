/** Reads a log's public files from a folder, as anybody could from its web address. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Checkpoint,
  TILE_WIDTH,
  decodeBundle,
  openCosigned,
  tilePath,
  tileWidth,
} from '@counterfoil/log';
import type { Policy } from '@counterfoil/log';
import { nodePrimitives } from '@counterfoil/log/node';

/** The newest published checkpoint, under the policy. Throws `LogError`. */
export function publishedCheckpoint(folder: string, policy: Policy): Checkpoint {
  return openCosigned(readFileSync(join(folder, 'checkpoint')), policy, nodePrimitives);
}

/** Every entry of the published tree of `size`, in order. Throws `LogError` where a bundle is not what it must be. */
export function* publishedEntries(folder: string, size: number): Generator<Uint8Array> {
  for (let index = 0; index * TILE_WIDTH < size; index++) {
    const width = tileWidth('entries', index, size);
    const bundle = readFileSync(join(folder, tilePath({ level: 'entries', index, width })));
    yield* decodeBundle(bundle, width);
  }
}
