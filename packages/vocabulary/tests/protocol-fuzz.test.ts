import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CborError, CodecError, type Codec, decodeCbor, encodeCbor, toCbor } from '../src/index.ts';
import { journalAnswer, journalRequest, leafPayload } from '../src/protocol/index.ts';
import { broken, randomOf } from './_random.ts';

interface Good {
  readonly good: readonly { readonly hex: string }[];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../vectors/protocol/${name}.json`, import.meta.url), 'utf8'));

const bytesOf = ({ good }: Good) => good.map(({ hex }) => new Uint8Array(Buffer.from(hex, 'hex')));

// Committed files of ours.
const journal = read('journal') as { readonly requests: Good; readonly answers: Good };
const sets: readonly { name: string; codec: Codec<unknown>; whole: readonly Uint8Array[] }[] = [
  { name: 'leaf payload', codec: leafPayload, whole: bytesOf(read('leaf-payload') as Good) },
  { name: 'journal request', codec: journalRequest, whole: bytesOf(journal.requests) },
  { name: 'journal answer', codec: journalAnswer, whole: bytesOf(journal.answers) },
];

for (const { name, codec, whole } of sets) {
  test(`40,000 broken forms of a ${name} are refused by name or are the one encoding of what they say`, () => {
    const random = randomOf(20_260_102);
    let understood = 0;
    for (let round = 0; round < 40_000; round++) {
      const bytes = broken(random, whole);
      let message: unknown;
      try {
        message = codec.decode(decodeCbor(bytes), 'message');
      } catch (error) {
        if (error instanceof CborError || error instanceof CodecError) continue;
        throw new Error(`round ${round}: ${Buffer.from(bytes).toString('hex')}`, { cause: error });
      }
      understood++;
      const again = Buffer.from(encodeCbor(toCbor(codec, message))).toString('hex');
      assert.equal(again, Buffer.from(bytes).toString('hex'), `round ${round}`);
    }
    assert.ok(
      understood > 1_000,
      `only ${understood} were understood: the fuzzing does not reach the fields`,
    );
  });
}
