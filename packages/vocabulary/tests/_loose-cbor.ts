/** A second CBOR encoder, written apart from the first, that can also be told to break the canonical form. */
import fc from 'fast-check';
import type { Cbor } from '../src/index.ts';

/** How many bytes the argument of the nth head gets: 0 (inside the first byte), 1, 2, 4 or 8. */
export type Width = 0 | 1 | 2 | 4 | 8;
export type ChooseWidth = (shortest: Width, nth: number) => Width;

export function encodeLoosely(value: Cbor, choose: ChooseWidth = (shortest) => shortest): Uint8Array {
  let heads = 0;
  const head = (major: number, argument: bigint): number[] => {
    const width = choose(shortestWidth(argument), heads++);
    const first = width === 0 ? Number(argument) : 23 + [1, 2, 4, 8].indexOf(width) + 1;
    const rest = argument
      .toString(16)
      .padStart(2 * width, '0')
      .match(/../g);
    return [
      (major << 5) | first,
      ...(width === 0 ? [] : (rest ?? []).map((byte) => Number.parseInt(byte, 16))),
    ];
  };
  const bytesOf = (part: Cbor): number[] => {
    if (part === null) return [0xf6];
    if (part === false) return [0xf4];
    if (part === true) return [0xf5];
    if (typeof part === 'number' || typeof part === 'bigint') {
      const whole = BigInt(part);
      return whole < 0n ? head(1, -1n - whole) : head(0, whole);
    }
    if (typeof part === 'string') {
      const utf8 = Buffer.from(part, 'utf8');
      return [...head(3, BigInt(utf8.length)), ...utf8];
    }
    if (part instanceof Uint8Array) return [...head(2, BigInt(part.length)), ...part];
    if (part instanceof Map) {
      const entries = [...(part as ReadonlyMap<number, Cbor>)];
      return [
        ...head(5, BigInt(entries.length)),
        ...entries.flatMap(([key, item]) => [...bytesOf(key), ...bytesOf(item)]),
      ];
    }
    const items = part as readonly Cbor[];
    return [...head(4, BigInt(items.length)), ...items.flatMap(bytesOf)];
  };
  return Uint8Array.from(bytesOf(value));
}

function shortestWidth(argument: bigint): Width {
  if (argument < 24n) return 0;
  if (argument < 2n ** 8n) return 1;
  if (argument < 2n ** 16n) return 2;
  return argument < 2n ** 32n ? 4 : 8;
}

const anyInteger: fc.Arbitrary<number | bigint> = fc
  .oneof(
    fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }),
    fc.bigInt({ min: -300n, max: 300n }),
    // The edges of every width and of the safe integers.
    fc
      .tuple(fc.constantFrom(23n, 2n ** 8n, 2n ** 16n, 2n ** 32n, 2n ** 53n), fc.integer({ min: -2, max: 1 }))
      .map(([edge, off]) => edge + BigInt(off)),
  )
  .map((whole) => (whole >= -(2n ** 53n) + 1n && whole <= 2n ** 53n - 1n ? Number(whole) : whole));

/** Every value of the subset; map keys already ascend, so that the loose encoder has nothing to sort. */
export const anyCbor: fc.Arbitrary<Cbor> = fc.letrec<{ value: Cbor; map: Cbor; array: Cbor }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    anyInteger,
    fc.constantFrom(null, true, false),
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 300 }),
    tie('array'),
    tie('map'),
  ),
  array: fc.array(tie('value'), { maxLength: 30 }),
  map: fc
    .dictionary(fc.nat({ max: 70_000 }).map(String), tie('value'), { maxKeys: 30 })
    .map((fields) => new Map(Object.entries(fields).map(([key, value]) => [Number(key), value]))),
})).value;
