import { test } from 'node:test';
import { encodeBundle, utf8 } from '@counterfoil/log';
import { type Change, type Library, testEach, trueLibrary } from './_twins.ts';

const tileFile = 'library/tile.ts';
const tileLength = 'if (data.length !== tile.width * HASH_BYTES)';
const onePath: Change = [tileFile, 'if (tilePath(tile) !== path)', 'if (false)'];
const tile =
  (width: number, bytes: number) =>
  ({ checkTile }: Library) =>
    checkTile({ level: 0, index: 3, width }, new Uint8Array(bytes));
const path =
  (text: string) =>
  ({ parseTilePath }: Library) =>
    parseTilePath(text);

// Group 7.
testEach([
  {
    name: 'a tile that is cut off',
    attempt: tile(256, 8_191),
    code: 'bad-tile',
    guard: [[tileFile, tileLength, 'if (data.length > tile.width * HASH_BYTES)']],
  },
  {
    name: 'a tile of 257 hashes',
    attempt: tile(256, 8_224),
    code: 'bad-tile',
    guard: [[tileFile, tileLength, 'if (data.length < tile.width * HASH_BYTES)']],
  },
  {
    name: 'a full tile served as a partial one',
    attempt: tile(7, 8_192),
    code: 'bad-tile',
    guard: [[tileFile, tileLength, 'if (data.length < tile.width * HASH_BYTES)']],
  },
  {
    name: 'a partial tile of another width',
    attempt: tile(9, 8 * 32),
    code: 'bad-tile',
    guard: [[tileFile, tileLength, 'if (data.length > tile.width * HASH_BYTES)']],
  },
  {
    name: 'a partial tile of width 0',
    attempt: path('tile/0/000.p/0'),
    code: 'bad-tile',
    guard: [[tileFile, '\\.p\\/([1-9][0-9]{0,2})', '\\.p\\/([0-9]{1,3})']],
  },
  {
    name: 'a partial tile of width 256',
    attempt: path('tile/0/000.p/256'),
    code: 'bad-tile',
    guard: [[tileFile, 'tile.width >= TILE_WIDTH', 'false'], onePath],
  },
  {
    name: 'a partial tile of width 300',
    attempt: path('tile/0/000.p/300'),
    code: 'bad-tile',
    guard: [[tileFile, 'tile.width >= TILE_WIDTH', 'false']],
  },
  {
    name: 'a tile of level 64',
    attempt: path('tile/64/000'),
    code: 'bad-tile',
    guard: [[tileFile, 'TILE_LEVEL_MAX = 63', 'TILE_LEVEL_MAX = 99']],
  },
  {
    name: 'a level with a leading zero',
    attempt: path('tile/00/000'),
    code: 'bad-tile',
    guard: [[tileFile, 'entries|0|[1-9][0-9]?', 'entries|[0-9]{1,2}'], onePath],
  },
  {
    name: 'a tile number without its x',
    attempt: path('tile/0/001/234'),
    code: 'bad-tile',
    guard: [[tileFile, '(?:x[0-9]{3}', '(?:x?[0-9]{3}'], onePath],
  },
  {
    name: 'a tile number with a group of zeros',
    attempt: path('tile/0/x000/001'),
    code: 'bad-tile',
    guard: [[tileFile, "parseDecimal(digits, 'tile index')", 'Number(digits)'], onePath],
  },
  {
    name: 'a path behind another one',
    attempt: path('tile/0/000/../../log.key'),
    code: 'bad-tile',
    guard: [[tileFile, ')?$/.exec(', ')?/.exec('], onePath],
  },
]);

const bundleFile = 'library/entry-bundle.ts';
const bundle = encodeBundle([utf8('one'), utf8('two'), utf8('three')]);
const decode =
  (bytes: Uint8Array, count: number) =>
  ({ decodeBundle }: Library) =>
    decodeBundle(bytes, count);
const tooMany: Change = [bundleFile, 'if (entries.length === count)', 'if (false)'];
const tooFew: Change = [bundleFile, 'if (entries.length !== count)', 'if (false)'];
const beyondEnd: Change = [bundleFile, 'if (end > bundle.length)', 'if (false)'];

// Group 8.
testEach([
  {
    name: 'a bundle with an entry more',
    attempt: decode(bundle, 2),
    code: 'bad-entry-bundle',
    guard: [tooMany, tooFew],
  },
  {
    name: 'a bundle with an entry less',
    attempt: decode(bundle, 4),
    code: 'bad-entry-bundle',
    guard: [tooFew],
  },
  {
    name: 'a bundle that is cut off',
    attempt: decode(bundle.subarray(0, -1), 3),
    code: 'bad-entry-bundle',
    guard: [beyondEnd],
  },
  {
    name: 'a length beyond the end',
    attempt: decode(Uint8Array.of(0, 9, 1), 1),
    code: 'bad-entry-bundle',
    guard: [beyondEnd],
  },
  {
    name: 'a byte behind the last entry',
    attempt: decode(Buffer.concat([bundle, Uint8Array.of(0)]), 3),
    code: 'bad-entry-bundle',
    guard: [tooMany, beyondEnd, tooFew],
  },
  {
    name: 'an empty entry behind the last one',
    attempt: decode(Buffer.concat([bundle, Uint8Array.of(0, 0)]), 3),
    code: 'bad-entry-bundle',
    guard: [tooMany, tooFew],
  },
  {
    name: 'an entry of 65,536 bytes',
    attempt: (log) => log.encodeBundle([new Uint8Array(65_536)]),
    code: 'bad-entry-bundle',
    guard: [[bundleFile, 'if (entry.length > ENTRY_BYTES_MAX)', 'if (false)']],
  },
]);

test('true tiles, paths and bundles are taken', () => {
  decode(bundle, 3)(trueLibrary);
  tile(7, 7 * 32)(trueLibrary);
  path('tile/0/x001/x234/067.p/9')(trueLibrary);
});
