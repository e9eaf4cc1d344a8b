import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { toCbor } from '../codec.ts';
import {
  APPEND_LEAVES_MAX,
  type JournalAnswer,
  journalAnswer,
  type JournalRequest,
  journalRequest,
  PROOF_HASHES_MAX,
  READ_ENTRIES_MAX,
} from './journal.ts';

/** The bound of a frame between processes (packages/wire, `FRAME_BYTES_MAX`). */
const FRAME_BYTES = 4 * 1024 * 1024;
/** A private leaf of the log. */
const LEAF_BYTES = 340;

const hash = new Uint8Array(32).fill(0xff);
const hashes = Array<Uint8Array>(PROOF_HASHES_MAX).fill(hash);
const leaf = new Uint8Array(LEAF_BYTES);
const safe = Number.MAX_SAFE_INTEGER;

test('the largest receipt and the largest answers of private leaves fit a frame and are read back', () => {
  const largest: readonly JournalAnswer[] = [
    {
      kind: 'receipt',
      id: safe,
      index: safe,
      size: safe,
      inclusions: Array<Uint8Array[]>(APPEND_LEAVES_MAX).fill(hashes),
      consistency: hashes,
      checkpoint: new Uint8Array(65_536),
    },
    { kind: 'entries', id: safe, entries: Array<Uint8Array>(READ_ENTRIES_MAX).fill(leaf) },
    {
      kind: 'proof',
      id: safe,
      entry: new Uint8Array(65_535),
      size: safe,
      inclusion: hashes,
      consistency: hashes,
      checkpoint: new Uint8Array(65_536),
    },
  ];
  for (const answer of largest) {
    const encoded = encodeCbor(toCbor(journalAnswer, answer));
    assert.ok(encoded.length <= FRAME_BYTES, `${answer.kind}: ${encoded.length} bytes`);
    assert.deepEqual(journalAnswer.decode(decodeCbor(encoded), 'message'), answer);
  }
});

test('the largest append of private leaves fits a frame', () => {
  const request: JournalRequest = {
    kind: 'append',
    id: safe,
    leaves: Array<Uint8Array>(APPEND_LEAVES_MAX).fill(leaf),
    knownSize: safe,
  };
  const encoded = encodeCbor(toCbor(journalRequest, request));
  assert.ok(encoded.length <= FRAME_BYTES);
  assert.deepEqual(journalRequest.decode(decodeCbor(encoded), 'message'), request);
});
