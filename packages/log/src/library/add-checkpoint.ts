/** C2SP tlog-witness: the request by which a log shows a witness its newest tree. */
import { LogError } from './error.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { checkHash } from './inclusion.ts';
import { NOTE_BYTES_MAX, decodeNoteText } from './note.ts';
import { parseDecimal } from './number-text.ts';
import { type Sha256Into, concatBytes, hexOf, sha256, utf8 } from './primitives.ts';
import { PROOF_HASHES_MAX } from './proof-file.ts';

export interface AddCheckpoint {
  /** Size that this witness cosigned last, as the log believes. */
  readonly oldSize: number;
  readonly consistency: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: Uint8Array;
}

/** A note, and 63 lines of 45 characters before it. */
export const ADD_CHECKPOINT_BYTES_MAX = NOTE_BYTES_MAX + 4_096;

export function formatAddCheckpoint(request: AddCheckpoint): Uint8Array {
  const hashes = request.consistency.map((hash) => `${toBase64(hash)}\n`).join('');
  return concatBytes(utf8(`old ${request.oldSize}\n${hashes}\n`), request.checkpoint);
}

export function parseAddCheckpoint(body: Uint8Array): AddCheckpoint {
  if (body.length > ADD_CHECKPOINT_BYTES_MAX)
    throw new LogError('bad-witness-request', `body of ${body.length} bytes`);
  const split = body.findIndex((byte, at) => byte === 0x0a && body[at + 1] === 0x0a);
  if (split < 0) throw new LogError('bad-witness-request', 'no blank line before the checkpoint');
  const [old, ...lines] = decodeNoteText(body.subarray(0, split)).split('\n');
  if (old?.startsWith('old ') !== true) throw new LogError('bad-witness-request', 'expected an old line');
  if (lines.length > PROOF_HASHES_MAX)
    throw new LogError('bad-witness-request', `${lines.length} proof lines`);
  const consistency = lines.map((line) => fromBase64(line));
  for (const hash of consistency) checkHash(hash, 'proof hash');
  return { oldSize: parseDecimal(old.slice(4), 'old size'), consistency, checkpoint: body.slice(split + 2) };
}

/** Where a witness serves the newest checkpoint of an origin that it cosigned. */
export function monitoringPath(sha256Into: Sha256Into, origin: string): string {
  return `${hexOf(sha256(sha256Into, utf8(origin)))}/checkpoint`;
}
