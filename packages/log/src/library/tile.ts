/** C2SP tlog-tiles v0.1.0: where the hashes and entries of a log lie, and what a tile holds. */
import { LogError } from './error.ts';
import { HASH_BYTES } from './primitives.ts';
import { parseDecimal } from './number-text.ts';

/** Hashes in a full tile: trees are cut every 8 levels. */
export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;
/** The specification's highest tile level; a tree of 2^53 leaves needs seven. */
const TILE_LEVEL_MAX = 63;

/** One tile. `width` 256 is a full one. Level `entries` is the bundle of the entries themselves. */
export interface Tile {
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

/** Path under the log's prefix, such as `tile/0/x001/x234/067` or `tile/entries/000.p/17`. */
export function tilePath(tile: Tile): string {
  const partial = tile.width === TILE_WIDTH ? '' : `.p/${tile.width}`;
  return `tile/${tile.level}/${indexPath(tile.index)}${partial}`;
}

/** Groups of three digits, all but the last marked with `x`, so that no folder grows past 1,000 names. */
function indexPath(index: number): string {
  let path = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  }
  return path;
}

/** Reads exactly what `tilePath` writes; everything else, path traversal included, is refused. */
export function parseTilePath(path: string): Tile {
  const match = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(
    path,
  );
  const [, levelText, indexText, widthText] = match ?? [];
  if (levelText === undefined || indexText === undefined) throw new LogError('bad-tile', 'not a tile path');
  const digits = indexText.replaceAll(/[x/]/g, '').replace(/^0+(?=[0-9])/, '');
  const tile: Tile = {
    level: levelText === 'entries' ? 'entries' : Number(levelText),
    index: parseDecimal(digits, 'tile index'),
    width: widthText === undefined ? TILE_WIDTH : Number(widthText),
  };
  if (widthText !== undefined && tile.width >= TILE_WIDTH)
    throw new LogError('bad-tile', `partial width ${widthText}`);
  if (tile.level !== 'entries' && tile.level > TILE_LEVEL_MAX)
    throw new LogError('bad-tile', `tile level ${tile.level}`);
  // A number has one path: no superfluous groups of zeros.
  if (tilePath(tile) !== path) throw new LogError('bad-tile', 'not the path of its tile');
  return tile;
}

/** Hashes that tile (level, index) holds in a tree of `size` leaves, from 0 to 256. */
export function tileWidth(level: number | 'entries', index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level));
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** Refuses a tile of hashes whose length does not fit its width. */
export function checkTile(tile: Tile, data: Uint8Array): void {
  if (data.length !== tile.width * HASH_BYTES) {
    throw new LogError(
      'bad-tile',
      `${tilePath(tile)} has ${data.length} bytes, expected ${tile.width * HASH_BYTES}`,
    );
  }
}
