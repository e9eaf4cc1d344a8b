import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { StartError } from '@counterfoil/server';
import { type StoreKeyKind, openStoreKey } from './store-key.ts';

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'cf-key-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The key in hex, and whether the passphrase was wiped. */
async function open(folder: string, asked: StoreKeyKind | undefined, passphrase = '', credentials?: string) {
  const typed = Buffer.from(passphrase);
  const key = await openStoreKey({ folder, asked, credentials, askPassphrase: () => Promise.resolve(typed) });
  return { ...key, hex: key.take().toString('hex'), wiped: typed.every((byte) => byte === 0) };
}

const isRefused = (error: unknown): boolean =>
  error instanceof StartError && error.code === 'store-key-unavailable';

test('the same passphrase opens again, another does not, and neither it nor its key is written down', async (t) => {
  const folder = folderFor(t);
  const first = await open(folder, 'passphrase', 'correct horse');
  assert.ok(first.wiped && first.warning === null);
  assert.equal((await open(folder, undefined, 'correct horse')).hex, first.hex);
  await assert.rejects(open(folder, undefined, 'correct hors'), isRefused);
  assert.deepEqual(readdirSync(folder), ['store-key.json']);
  const written = readFileSync(join(folder, 'store-key.json'), 'utf8');
  assert.ok(!written.includes('horse') && !written.includes(first.hex));
  assert.notEqual((await open(folderFor(t), 'passphrase', 'correct horse')).hex, first.hex, 'no salt');
});

test('a file key is kept, and says at every start what it is fit for', async (t) => {
  const folder = folderFor(t);
  const first = await open(folder, undefined);
  const again = await open(folder, undefined);
  assert.equal(first.hex, again.hex);
  assert.match(again.warning ?? '', /simulated money only/u);
});

test('a systemd credential of 32 bytes opens, and nothing else does', async (t) => {
  const [folder, credentials] = [folderFor(t), folderFor(t)];
  await assert.rejects(open(folder, 'credential'), isRefused);
  await assert.rejects(open(folder, 'credential', '', credentials), isRefused);
  writeFileSync(join(credentials, 'counterfoil-store'), Buffer.alloc(31, 1));
  await assert.rejects(open(folder, 'credential', '', credentials), isRefused);
  writeFileSync(join(credentials, 'counterfoil-store'), Buffer.alloc(32, 1));
  assert.equal((await open(folder, 'credential', '', credentials)).hex, '01'.repeat(32));
});

test('another kind of key than at the first start is refused, and so is an empty passphrase', async (t) => {
  const folder = folderFor(t);
  await assert.rejects(open(folder, 'passphrase', ''), isRefused);
  await open(folder, 'passphrase', 'x');
  await assert.rejects(open(folder, 'file'), isRefused);
  const older = folderFor(t);
  writeFileSync(join(older, 'paper.store'), '');
  await assert.rejects(open(older, 'passphrase', 'x'), isRefused);
});

test('a taken key may be wiped without harm to the next', async (t) => {
  const key = await openStoreKey({
    folder: folderFor(t),
    asked: 'passphrase',
    credentials: undefined,
    askPassphrase: () => Promise.resolve(Buffer.from('x')),
  });
  const first = key.take();
  const hex = first.toString('hex');
  first.fill(0);
  assert.equal(key.take().toString('hex'), hex);
});
