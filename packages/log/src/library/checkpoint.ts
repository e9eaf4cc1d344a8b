/** C2SP tlog-checkpoint v1.0.0: three lines that name a log, its size and its root. */
import { LogError } from './error.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { checkHash } from './inclusion.ts';
import { parseDecimal } from './number-text.ts';

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

export function formatCheckpoint(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`;
}

/**
 * Refuses extension lines: ML-DSA cosignatures do not cover them, so two readers could be shown different ones.
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, sizeText, rootText, end, ...more] = text.split('\n');
  if (origin === undefined || origin === '' || sizeText === undefined || rootText === undefined) {
    throw new LogError('bad-checkpoint', 'expected origin, size and root on three lines');
  }
  if (end !== '' || more.length > 0) throw new LogError('bad-checkpoint', 'lines after the root');
  const root = fromBase64(rootText);
  checkHash(root, 'checkpoint root');
  return { origin, size: parseDecimal(sizeText, 'tree size'), root };
}
