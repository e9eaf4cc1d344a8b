/** C2SP tlog-proof: one file that shows that a leaf is in a log. The leaf itself comes from elsewhere. */
import { LogError } from './error.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { type Signatures, concatBytes, utf8 } from './primitives.ts';
import type { TreeHasher } from './hashing.ts';
import { checkHash, verifyInclusion } from './inclusion.ts';
import { NOTE_BYTES_MAX, decodeNoteText } from './note.ts';
import { parseDecimal } from './number-text.ts';
import { type CosignedCheckpoint, openCosigned } from './open-checkpoint.ts';
import type { Policy } from './policy.ts';

const HEADER = 'c2sp.org/tlog-proof@v1';
/** C2SP tlog-witness bound, which is a tree of 2^63 leaves. */
export const PROOF_HASHES_MAX = 63;

export interface ProofFile {
  /** Application data that nothing authenticates. */
  readonly extra: Uint8Array | undefined;
  readonly index: number;
  readonly inclusion: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: Uint8Array;
}

export function formatProofFile(file: ProofFile): Uint8Array {
  const extra = file.extra === undefined ? '' : `extra ${toBase64(file.extra)}\n`;
  const hashes = file.inclusion.map((hash) => `${toBase64(hash)}\n`).join('');
  return concatBytes(utf8(`${HEADER}\n${extra}index ${file.index}\n${hashes}\n`), file.checkpoint);
}

export function parseProofFile(bytes: Uint8Array): ProofFile {
  if (bytes.length > 2 * NOTE_BYTES_MAX)
    throw new LogError('bad-proof-file', `file of ${bytes.length} bytes`);
  const split = blankLine(bytes);
  const [header, ...lines] = decodeNoteText(bytes.subarray(0, split)).split('\n');
  if (header !== HEADER) throw new LogError('bad-proof-file', `expected the line ${HEADER}`);
  const extra =
    lines[0]?.startsWith('extra ') === true ? fromBase64(lines.shift()?.slice(6) ?? '') : undefined;
  const indexLine = lines.shift();
  if (indexLine?.startsWith('index ') !== true)
    throw new LogError('bad-proof-file', 'expected an index line');
  if (lines.length > PROOF_HASHES_MAX) throw new LogError('bad-proof-file', `${lines.length} hashes`);
  const inclusion = lines.map((line) => fromBase64(line));
  for (const hash of inclusion) checkHash(hash, 'proof hash');
  const checkpoint = bytes.slice(split + 2);
  if (checkpoint.length === 0) throw new LogError('bad-proof-file', 'no checkpoint');
  return { extra, index: parseDecimal(indexLine.slice(6), 'leaf index'), inclusion, checkpoint };
}

function blankLine(bytes: Uint8Array): number {
  for (let i = 0; i + 1 < bytes.length; i++) if (bytes[i] === 0x0a && bytes[i + 1] === 0x0a) return i;
  throw new LogError('bad-proof-file', 'no blank line before the checkpoint');
}

/** The cosigned checkpoint that `file` rests on, once everything in it holds for the leaf with `leafHash`. */
export function verifyProofFile(
  hasher: TreeHasher,
  file: ProofFile,
  leafHash: Uint8Array,
  policy: Policy,
  signatures: Signatures,
): CosignedCheckpoint {
  const checkpoint = openCosigned(file.checkpoint, policy, signatures);
  verifyInclusion(hasher, file.index, checkpoint.size, leafHash, file.inclusion, checkpoint.root);
  return checkpoint;
}
