import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CborError, CodecError, decodeCbor, encodeCbor, toCbor } from '../src/index.ts';
import * as protocol from '../src/protocol/index.ts';
import { codecOf, vectorSets } from './_protocol-sets.ts';
import { broken, randomOf } from './_random.ts';

/** Changes to a few bytes of a long text or list say little of the fields around it. */
const BYTES_MAX = 2_048;
/** These carry decimals as text, where `1.50` is read and `1.5` is written; everything else has one spelling. */
const withDecimalText = ['gate requests', 'gate answers', 'builder requests', 'builder answers'];

for (const set of vectorSets) {
  const codec = codecOf(protocol, set);
  const whole = set.vectors.good.map(({ bytes }) => bytes).filter(({ length }) => length <= BYTES_MAX);
  const hexOf = (message: unknown): string => Buffer.from(encodeCbor(toCbor(codec, message))).toString('hex');

  // What is read back years later gets the most.
  const rounds = /^(?:leaf|journal)/u.test(set.name) ? 40_000 : 10_000;

  test(`${rounds} broken ${set.name} are refused by name or have one written form`, () => {
    const random = randomOf(20_260_102);
    let understood = 0;
    for (let round = 0; round < rounds; round++) {
      const bytes = broken(random, whole);
      let message: unknown;
      try {
        message = codec.decode(decodeCbor(bytes), 'message');
      } catch (error) {
        if (error instanceof CborError || error instanceof CodecError) continue;
        throw new Error(`round ${round}: ${Buffer.from(bytes).toString('hex')}`, { cause: error });
      }
      understood++;
      const written = hexOf(message);
      const read = withDecimalText.includes(set.name)
        ? hexOf(codec.decode(decodeCbor(Buffer.from(written, 'hex')), 'message'))
        : Buffer.from(bytes).toString('hex');
      assert.equal(written, read, `round ${round}`);
    }
    assert.ok(understood > 100, `only ${understood} were understood: the fuzzing does not reach the fields`);
  });
}
