import assert from 'node:assert/strict';
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { test } from 'node:test';
import {
  CompactRange,
  TreeHasher,
  cosignatureBlob,
  cosignedMessage,
  decodeBundle,
  deriveChainKeys,
  chainTag,
  encodeBundle,
  formatNote,
  formatVerifierKey,
  hexOf,
  makeVerifierKey,
  openLeaf,
  parseLeaf,
  parseNote,
  parseTilePath,
  parseVerifierKey,
  sealLeaf,
  sealTag,
  sha256,
  tilePath,
  tileWidth,
  toBase64,
  utf8,
  verifyNote,
  viewKeyHash,
} from '@counterfoil/log';
import { nodePrimitives, sha256Into } from '@counterfoil/log/node';
import { hex, readVectors } from './_vectors.ts';

const hasher = new TreeHasher(sha256Into);
const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface NoteVectors {
  good: { vkeys: string[]; note: string; times: (number | null)[] }[];
  keyIds: string[];
  badKeyIds: string[];
}

test('notes, checkpoints and cosignatures made by other implementations verify', () => {
  const vectors = readVectors<NoteVectors>('notes');
  for (const { vkeys, note, times } of vectors.good) {
    const keys = vkeys.map((text) => parseVerifierKey(sha256Into, text));
    for (const [i, key] of keys.entries()) assert.equal(formatVerifierKey(key), vkeys[i]);
    const parsed = parseNote(utf8(note));
    const verified = verifyNote(parsed, keys, nodePrimitives);
    assert.deepEqual(
      verified.map((signature) => signature.time ?? null),
      times,
    );
    assert.deepEqual(formatNote(parsed), utf8(note));
    const altered = { ...parsed, text: parsed.text.replace('\n', ' \n') };
    assert.throws(() => verifyNote(altered, keys, nodePrimitives), { code: 'bad-signature' });
  }
  for (const text of vectors.keyIds) parseVerifierKey(sha256Into, text);
  for (const text of vectors.badKeyIds) {
    assert.throws(() => parseVerifierKey(sha256Into, text), { code: 'bad-verifier-key' });
  }
});

interface TileVectors {
  tessera: { bundle: string; entries: string[]; roots: Record<string, string> };
  record300: { root: string; tileHashes: Record<string, string>; tile1: string };
  record70000: { root: string; tiles: Record<string, number> };
  paths: Record<string, string>;
  badPaths: string[];
}

/** Tiles of a tree of `size` leaves "record 0", "record 1", … */
function recordTiles(size: number): { root: string; tiles: Map<string, Uint8Array> } {
  const levels: number[][] = [];
  const range = new CompactRange(hasher, (level, _index, hash, at) => {
    if (level % 8 !== 0) return;
    const bytes = (levels[level / 8] ??= []);
    for (let i = 0; i < 32; i++) bytes.push(hash[at + i] ?? 0);
  });
  for (let i = 0; i < size; i++) range.append(utf8(`record ${i}`));
  const tiles = new Map<string, Uint8Array>();
  for (const [level, bytes] of levels.entries()) {
    for (let index = 0; tileWidth(level, index, size) > 0; index++) {
      const width = tileWidth(level, index, size);
      tiles.set(
        tilePath({ level, index, width }),
        Uint8Array.from(bytes.slice(index * 8192, index * 8192 + width * 32)),
      );
    }
  }
  return { root: toBase64(range.root()), tiles };
}

test('tiles and bundles are byte for byte those of Sunlight, Tessera and the specification', () => {
  const vectors = readVectors<TileVectors>('tiles');
  const entries = vectors.tessera.entries.map(utf8);
  assert.equal(hexOf(encodeBundle(entries)), vectors.tessera.bundle);
  assert.deepEqual(decodeBundle(hex(vectors.tessera.bundle), 15), entries);
  for (const [size, root] of Object.entries(vectors.tessera.roots)) {
    const range = new CompactRange(hasher);
    for (const entry of entries.slice(0, Number(size))) range.append(entry);
    assert.equal(toBase64(range.root()), root);
  }
  const small = recordTiles(300);
  assert.equal(small.root, vectors.record300.root);
  for (const [path, hash] of Object.entries(vectors.record300.tileHashes)) {
    assert.equal(sha256Hex(small.tiles.get(path) ?? new Uint8Array(0)), hash);
  }
  assert.equal(hexOf(small.tiles.get('tile/1/000.p/1') ?? new Uint8Array(0)), vectors.record300.tile1);
  const large = recordTiles(70_000);
  assert.equal(large.root, vectors.record70000.root);
  for (const [path, width] of Object.entries(vectors.record70000.tiles))
    assert.equal(large.tiles.get(path)?.length, width * 32);
  assert.equal(large.tiles.size, 273 + 1 + 1 + 1 + 1);
});

test('a tile has one path, and nothing else is a path', () => {
  const vectors = readVectors<TileVectors>('tiles');
  for (const [index, path] of Object.entries(vectors.paths)) {
    assert.equal(tilePath({ level: 0, index: Number(index), width: 256 }), path);
    assert.deepEqual(parseTilePath(path), { level: 0, index: Number(index), width: 256 });
  }
  assert.deepEqual(parseTilePath('tile/entries/x001/000.p/7'), { level: 'entries', index: 1000, width: 7 });
  for (const path of vectors.badPaths) assert.throws(() => parseTilePath(path), { code: 'bad-tile' }, path);
});

interface LeafVectors {
  viewKey: string;
  viewKeyHash: string;
  keys: Record<'tag' | 'salt' | 'encryption' | 'nonce', string>;
  venue: string;
  apiKeyId: string;
  epoch: number;
  leaves: Record<'payload' | 'tag' | 'commitment' | 'nonce' | 'ciphertextHash' | 'leafHash', string>[];
}

test('the private leaf is byte for byte the one of its vectors, and opens again', () => {
  const vectors = readVectors<LeafVectors>('leaf');
  const keys = deriveChainKeys(nodePrimitives, hex(vectors.viewKey));
  assert.deepEqual(
    {
      tag: hexOf(keys.tag),
      salt: hexOf(keys.salt),
      encryption: hexOf(keys.encryption),
      nonce: hexOf(keys.nonce),
    },
    vectors.keys,
  );
  assert.equal(hexOf(viewKeyHash(sha256Into, hex(vectors.viewKey))), vectors.viewKeyHash);
  for (const [seq, expected] of vectors.leaves.entries()) {
    const tag = seq === 0 ? sealTag(sha256Into, vectors) : chainTag(nodePrimitives, keys, seq);
    const entry = sealLeaf(nodePrimitives, keys, tag, seq, utf8(expected.payload));
    const leaf = parseLeaf(entry);
    assert.equal(entry.length, 340);
    assert.equal(hexOf(leaf.tag), expected.tag);
    assert.equal(hexOf(leaf.commitment), expected.commitment);
    assert.equal(hexOf(leaf.ciphertext.subarray(0, 12)), expected.nonce);
    assert.equal(sha256Hex(leaf.ciphertext), expected.ciphertextHash);
    assert.equal(hexOf(hasher.leafHash(entry)), expected.leafHash);
    assert.deepEqual(openLeaf(nodePrimitives, keys, leaf, seq), utf8(expected.payload));
  }
});

test('an ML-DSA-44 cosignature covers the bytes of the specification and verifies', () => {
  const vectors = readVectors<
    Record<'checkpoint' | 'cosigner' | 'message' | 'seed' | 'publicKeyHash' | 'keyId', string> & {
      time: number;
    }
  >('ml-dsa-cosignature');
  // RFC 9881: PKCS #8 with the seed alone.
  const der = Buffer.concat([
    Buffer.from('3034020100300b060960864801650304031104228020', 'hex'),
    hex(vectors.seed),
  ]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-1312);
  assert.equal(sha256Hex(publicKey), vectors.publicKeyHash);
  const key = makeVerifierKey(sha256Into, vectors.cosigner, 'cosignatureMlDsa44', publicKey);
  assert.equal(hexOf(key.id), vectors.keyId);
  const message = cosignedMessage(key, vectors.checkpoint, vectors.time);
  assert.equal(hexOf(message), vectors.message);
  const blob = cosignatureBlob(vectors.time, sign(null, message, secret));
  const note = { text: vectors.checkpoint, signatures: [{ name: key.name, keyId: key.id, blob }] };
  assert.equal(verifyNote(parseNote(formatNote(note)), [key], nodePrimitives)[0]?.time, vectors.time);
  const later = {
    ...note,
    signatures: [
      { name: key.name, keyId: key.id, blob: cosignatureBlob(vectors.time + 1, blob.subarray(8)) },
    ],
  };
  assert.throws(() => verifyNote(later, [key], nodePrimitives), { code: 'bad-signature' });
  // Time 0 is for subtrees, which are not checkpoints: even a right signature over it counts for nothing.
  const timeless = cosignatureBlob(0, sign(null, cosignedMessage(key, vectors.checkpoint, 0), secret));
  const subtree = { ...note, signatures: [{ name: key.name, keyId: key.id, blob: timeless }] };
  assert.throws(() => verifyNote(subtree, [key], nodePrimitives), { code: 'bad-signature' });
});

test('the vectors of the log of 70,000 leaves belong to the seeds they name', () => {
  const der = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    sha256(sha256Into, utf8('vaultlog test log key')),
  ]);
  const publicKey = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const key = makeVerifierKey(sha256Into, 'vault.example.com/keyuse', 'ed25519', raw);
  assert.equal(
    formatVerifierKey(key),
    'vault.example.com/keyuse+92e2f48b+ARfAw2qi6YEkEBilDY5OIk4KXedA7rrMUsOrmkgiMrR8',
  );
});
