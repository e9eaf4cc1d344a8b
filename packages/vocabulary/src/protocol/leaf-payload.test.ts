import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodecError } from '../codec.ts';
import { type Decimal, fitsPair, PAIR_UNITS_MAX, SCALE_MAX } from '../decimal.ts';
import { venueOrderId, venueSymbol } from '../ids.ts';
import {
  BOT_SEQ_MAX,
  decodeLeafPayload,
  encodeLeafPayload,
  EPOCH_MAX,
  LEAF_PAYLOAD_BYTES_MAX,
  LEAF_SYMBOL_LENGTH_MAX,
  type LeafPayload,
} from './leaf-payload.ts';

const safe = Number.MAX_SAFE_INTEGER;
const longestPair: Decimal = { units: PAIR_UNITS_MAX, scale: SCALE_MAX };
const chain = { seq: safe, prev: new Uint8Array(32), atMs: safe, boot: new Uint8Array(8) };

/** Every field at the value whose encoding is longest. */
const worst: { readonly [K in LeafPayload['kind']]: Extract<LeafPayload, { kind: K }> } = {
  seal: {
    kind: 'seal',
    ...chain,
    venue: 'v'.repeat(32),
    viewKeyHash: new Uint8Array(32),
    publicKeyHash: new Uint8Array(32),
    mandateHash: new Uint8Array(16),
  },
  sign: {
    kind: 'sign',
    ...chain,
    method: 'ordersOpen',
    intentHash: new Uint8Array(16),
    clientOrderId: 'c'.repeat(36),
    symbol: 'S'.repeat(LEAF_SYMBOL_LENGTH_MAX),
    side: 'sell',
    type: 'trailingStop',
    amount: longestPair,
    price: longestPair,
    mandateHash: new Uint8Array(16),
    validMs: 60_000,
    bot: new Uint8Array(8),
    botSeq: BOT_SEQ_MAX,
    epoch: EPOCH_MAX,
  },
  result: {
    kind: 'result',
    ...chain,
    of: safe,
    outcome: 'unknown',
    status: 999,
    venueOrderId: 'v'.repeat(64),
    answerHash: new Uint8Array(16),
    filled: longestPair,
    filledAmount: longestPair,
    stands: 'closed',
  },
  readOpen: { kind: 'readOpen', ...chain, windowMs: 60_000, countMax: 100_000, methods: 0xffff },
  readClose: { kind: 'readClose', ...chain, of: safe, count: 100_000, askedHash: new Uint8Array(32) },
  heartbeat: { kind: 'heartbeat', ...chain },
  mandate: { kind: 'mandate', ...chain, mandateHash: new Uint8Array(16) },
  freeze: { kind: 'freeze', ...chain, depth: 'noNewPositions' },
  thaw: { kind: 'thaw', ...chain },
  destroy: { kind: 'destroy', ...chain },
  rotate: { kind: 'rotate', ...chain, publicKeyHash: new Uint8Array(32) },
};

test('the worst case of every kind fits its leaf', () => {
  for (const payload of Object.values(worst)) {
    const encoded = encodeLeafPayload(payload);
    assert.ok(encoded.length <= LEAF_PAYLOAD_BYTES_MAX, `${payload.kind}: ${encoded.length} bytes`);
    assert.deepEqual(decodeLeafPayload(encoded), payload);
  }
});

/** The next longer or larger value, or null for a word of a closed set. */
function beyond(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (value instanceof Uint8Array) return new Uint8Array(value.length + 1);
  return typeof value === 'string' ? `${value}x` : null;
}

test('the worst case is the worst: no field takes one more unit, character or byte', () => {
  for (const payload of Object.values(worst)) {
    for (const [field, value] of Object.entries(payload).filter(([name]) => name !== 'kind')) {
      const longer = value === longestPair ? { units: PAIR_UNITS_MAX + 1n, scale: SCALE_MAX } : beyond(value);
      // A word made longer is no word, and a pair beyond its bounds does not fit.
      const planted = { ...payload, [field]: longer } as LeafPayload;
      assert.throws(() => encodeLeafPayload(planted), {
        name: 'CodecError',
        path: `message.${payload.kind}.${field}`,
      });
    }
  }
  assert.equal(fitsPair({ units: PAIR_UNITS_MAX, scale: SCALE_MAX + 1 }), false);
});

test('texts take one byte a character, so that their lengths bound their bytes', () => {
  for (const payload of Object.values(worst)) {
    for (const [field, value] of Object.entries(payload)) {
      if (typeof value !== 'string' || field === 'kind') continue;
      const planted = { ...payload, [field]: 'é' } as LeafPayload;
      assert.throws(() => encodeLeafPayload(planted), CodecError, `${payload.kind}.${field}`);
    }
  }
});

test('every venue order id and symbol that an order may have can be written into its leaves', () => {
  encodeLeafPayload({ ...worst.result, venueOrderId: venueOrderId.parse('!'.repeat(64)) });
  assert.throws(() => venueOrderId.parse('!'.repeat(65)));
  encodeLeafPayload({ ...worst.sign, symbol: venueSymbol.parse('~'.repeat(24)) });
  assert.throws(() => venueSymbol.parse('~'.repeat(25)));
});
