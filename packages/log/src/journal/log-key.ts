/** The log's Ed25519 key, made at genesis and kept as 32 raw bytes beside the log. It can only sign checkpoints. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type LogSigner, SEED_BYTES, logSigner } from '../signer.ts';
import type { Disk } from './disk.ts';
import { JournalError } from './error.ts';

const FILE = 'log.key';

/** Makes the key durable before anything is signed with it. */
export async function makeLogKey(disk: Disk, folder: string, origin: string): Promise<LogSigner> {
  const seed = randomBytes(SEED_BYTES);
  const file = disk.open(join(folder, FILE));
  file.write(seed, 0);
  await file.sync();
  file.close();
  disk.syncFolder(folder);
  return logSigner(origin, seed);
}

export function readLogKey(disk: Disk, folder: string, origin: string): LogSigner {
  const seed = disk.read(join(folder, FILE));
  if (seed?.length !== SEED_BYTES) {
    throw new JournalError(
      'key-differs',
      `${join(folder, FILE)} is missing or damaged; restore it from a copy`,
    );
  }
  return logSigner(origin, seed);
}
