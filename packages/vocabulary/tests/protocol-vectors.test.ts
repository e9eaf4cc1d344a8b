import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Codec, CborError, CodecError, decodeCbor, encodeCbor, toCbor } from '../src/index.ts';
import {
  type JournalAnswer,
  journalAnswer,
  type JournalRequest,
  journalRequest,
  type LeafPayload,
  leafPayload,
} from '../src/protocol/index.ts';
import { differences, type Neutral, toNeutral } from './_neutral.ts';

interface Vectors {
  readonly good: readonly { readonly name: string; readonly hex: string; readonly value: Neutral }[];
  /** `field` is the path that the refusal names, or null where the bytes are not in canonical form at all. */
  readonly bad: readonly { readonly name: string; readonly hex: string; readonly field: string | null }[];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../vectors/protocol/${name}.json`, import.meta.url), 'utf8'));

// Committed files of ours; their form is what these tests check.
const leaf = read('leaf-payload') as Vectors;
const journal = read('journal') as { readonly requests: Vectors; readonly answers: Vectors };

const sets: readonly { name: string; codec: Codec<unknown>; root: string; vectors: Vectors }[] = [
  { name: 'leaf payloads', codec: leafPayload, root: 'leaf', vectors: leaf },
  {
    name: 'journal requests',
    codec: journalRequest,
    root: 'message',
    vectors: journal.requests,
  },
  {
    name: 'journal answers',
    codec: journalAnswer,
    root: 'message',
    vectors: journal.answers,
  },
];

const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

for (const { name, codec, root, vectors } of sets) {
  test(`${name}: every good vector says what it says, and is the only way to say it`, () => {
    for (const { name: title, hex, value } of vectors.good) {
      const decoded = codec.decode(decodeCbor(fromHex(hex)), root);
      assert.deepEqual(differences(toNeutral(decoded), value), [], title);
      assert.equal(Buffer.from(encodeCbor(toCbor(codec, decoded))).toString('hex'), hex, title);
    }
  });

  test(`${name}: every bad vector is refused, and the refusal names the field`, () => {
    for (const { name: title, hex, field } of vectors.bad) {
      assert.throws(
        () => codec.decode(decodeCbor(fromHex(hex)), root),
        (error: unknown) => {
          if (field === null) assert.ok(error instanceof CborError, title);
          else assert.ok(error instanceof CodecError && error.path === field, `${title}: ${String(error)}`);
          return true;
        },
        title,
      );
    }
  });

  test(`${name}: a change of any one field of a vector is caught by that field's name`, () => {
    for (const { name: title, hex, value } of vectors.good) {
      const seen = toNeutral(codec.decode(decodeCbor(fromHex(hex)), root));
      for (const [field, is] of Object.entries(value as Readonly<Record<string, Neutral>>)) {
        const planted = { ...(value as Readonly<Record<string, Neutral>>), [field]: changed(is) };
        assert.deepEqual(differences(seen, planted), [field], `${title}: ${field}`);
      }
    }
  });
}

function changed(value: Neutral): Neutral {
  if (typeof value === 'number') return value === 0 ? 1 : value - 1;
  if (typeof value === 'string') return value.slice(1);
  return Array.isArray(value) ? [...(value as readonly Neutral[]), 'ff'] : 'planted';
}

// Written out by type, so that a kind without a vector does not compile or does not pass.
const leafKinds: Readonly<Record<LeafPayload['kind'], true>> = {
  seal: true,
  sign: true,
  result: true,
  readOpen: true,
  readClose: true,
  heartbeat: true,
  mandate: true,
  freeze: true,
  thaw: true,
  destroy: true,
};
const requestKinds: Readonly<Record<JournalRequest['kind'], true>> = {
  append: true,
  head: true,
  read: true,
  prove: true,
};
const answerKinds: Readonly<Record<JournalAnswer['kind'], true>> = {
  receipt: true,
  head: true,
  proof: true,
  entries: true,
  refused: true,
};

test('the vectors cover every kind of message and, where a field may be absent, both', () => {
  const kinds = (vectors: Vectors) =>
    new Set(vectors.good.map(({ value }) => (value as { kind: string }).kind));
  assert.deepEqual(kinds(leaf), new Set(Object.keys(leafKinds)));
  assert.deepEqual(kinds(journal.requests), new Set(Object.keys(requestKinds)));
  assert.deepEqual(kinds(journal.answers), new Set(Object.keys(answerKinds)));
  for (const field of ['publicKeyHash', 'side', 'type', 'amount', 'price', 'venueOrderId', 'answerHash']) {
    const values = leaf.good.map(({ value }) => (value as Readonly<Record<string, Neutral>>)[field]);
    assert.ok(values.includes(null), `${field} is never absent`);
    assert.ok(
      values.some((value) => value !== null && value !== undefined),
      `${field} is always absent`,
    );
  }
});
