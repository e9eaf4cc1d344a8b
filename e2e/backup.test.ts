/** One installation, its backup, and what is made of it elsewhere. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ApiClient, apiClient } from '@counterfoil/api';
import { openDataFolder } from '../packages/desk/src/data-folder.ts';
import { VaultEnded } from '../packages/desk/src/gate-exits.ts';
import { openStoreKey } from '../packages/desk/src/store-key.ts';
import { Installation, removeHome } from './_installation.ts';

const cli = join(import.meta.dirname, '../packages/cli/bin/counterfoil.mjs');
const scratch = mkdtempSync(join(tmpdir(), 'cf-b-'));
const backupFolder = join(scratch, 'backup');
let original: Installation;
let whileRunning: Ran;
let code = '';
/** What a bot was in the middle of when the copy was made. */
let deal = '';
let running: Installation | null = null;

interface Ran {
  readonly exit: number | null;
  readonly text: string;
}

/** The command on pipes, with `typed` as all of its standard input. */
function counterfoil(args: readonly string[], typed = ''): Promise<Ran> {
  const child = spawn(process.execPath, [cli, ...args], { cwd: scratch });
  child.stdin.on('error', () => {});
  child.stdin.end(typed);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  return new Promise((resolve) => child.once('close', (exit) => resolve({ exit, text })));
}

const restoreTo = (home: string, typed = code, from = backupFolder): Promise<Ran> =>
  counterfoil(['restore', from, '--home', home, '--json'], typed);

const apiOf = ({ port }: Installation): ApiClient =>
  apiClient((path, init) => fetch(`http://localhost:${port}${path}`, init));

async function openDeal(installation: Installation): Promise<string> {
  const { items } = await apiOf(installation).listDeals();
  return items.find(({ state }) => state === 'open')?.id ?? '';
}

async function reasons(installation: Installation): Promise<readonly string[]> {
  const { items } = await apiOf(installation).listFreezes();
  return items.map(({ reason }) => reason);
}

before(async () => {
  original = await Installation.start('product', join(scratch, 'a'), { presets: true });
  assert.equal((await original.place())?.state, 'accepted');
  await original.until('a bot opens a deal', async () => (deal = await openDeal(original)) !== '');
  whileRunning = await counterfoil(['backup', backupFolder, '--home', original.root]);
  await original.stop();
  const { exit, text } = await counterfoil(['backup', backupFolder, '--home', original.root, '--json']);
  assert.equal(exit, 0, text);
  ({ code } = JSON.parse(text) as { code: string });
});
after(async () => {
  await running?.stop();
  for (const name of readdirSync(scratch)) removeHome(join(scratch, name));
  rmSync(scratch, { recursive: true, force: true });
});

test('a running installation is not copied', () => {
  assert.equal(whileRunning.exit, 3);
  assert.match(whileRunning.text, /runs, or was not stopped/u);
});

test('the code has 125 bits, and neither it nor the store’s key is anywhere in the backup', () => {
  assert.match(code, /^(?:[2-9A-HJ-NP-Z]{5}-){4}[2-9A-HJ-NP-Z]{5}$/u);
  const key = readFileSync(join(original.root, 'vault', 'paper.kek'));
  const files = readdirSync(backupFolder, { recursive: true, encoding: 'utf8', withFileTypes: true });
  let store = 0;
  for (const file of files.filter((one) => one.isFile())) {
    const bytes = readFileSync(join(file.parentPath, file.name));
    assert.ok(!bytes.includes(key) && !bytes.includes(key.toString('hex')), file.name);
    assert.ok(!bytes.includes(code), file.name);
    if (file.name === 'paper.store') store = bytes.length;
  }
  assert.ok(store > 0, 'the store is in it');
  // The weakened twin: what is looked for here is what a copy of the folder would hold.
  assert.ok(readFileSync(join(original.root, 'vault', 'paper.kek')).includes(key));
});

test('another code, a changed byte, a file too many or too few: nothing is restored', async () => {
  const home = join(scratch, 'x');
  const other = code.startsWith('2') ? `3${code.slice(1)}` : `2${code.slice(1)}`;
  const damaged = join(scratch, 'damaged');
  const changes: readonly (readonly [RegExp, (() => void) | null])[] = [
    [/recovery code is another/u, null],
    [/paper\.store in/u, () => flip(join(damaged, 'vault', 'paper.store'))],
    [/extra in/u, () => writeFileSync(join(damaged, 'log', 'extra'), '')],
    [/peer\.pem in/u, () => rmSync(join(damaged, 'log', 'peer.pem'))],
    [/no whole backup/u, () => rmSync(join(damaged, 'backup.json'))],
  ];
  for (const [said, change] of changes) {
    rmSync(damaged, { recursive: true, force: true });
    cpSync(backupFolder, damaged, { recursive: true });
    change?.();
    const { exit, text } = await restoreTo(home, change === null ? other : code, damaged);
    assert.equal(exit, 3, text);
    assert.match(text, said);
    assert.ok(!existsSync(home), 'nothing was made');
  }
});

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

test('restored elsewhere it starts frozen, and after the thaw bots and log go on where they were', async () => {
  const home = join(scratch, 'b');
  // However it was written down.
  const { exit, text } = await restoreTo(home, `${code.toLowerCase().replaceAll('-', ' ')}\n`);
  assert.equal(exit, 0, text);
  const again = (running = await Installation.start('product', home, { presets: true }));
  assert.equal(again.desk.vaultHash, original.desk.vaultHash);
  assert.deepEqual(await reasons(again), ['restored']);
  assert.equal((await again.place())?.state, 'refused');
  assert.ok((await again.venueOrders()).length > 0, 'the simulated exchange came along');
  const api = apiOf(again);
  await api.thaw({
    body: { scope: 'everything', connection: null, assertion: null },
    idempotencyKey: crypto.randomUUID(),
  });
  assert.equal((await again.place())?.state, 'accepted');
  await api.closeDeal({ params: { deal }, idempotencyKey: crypto.randomUUID() });
  await again.until(
    'the bot ends the deal that it was in',
    async () => (await api.getDeal({ params: { deal } })).state === 'closed',
  );
  await again.stop();
  running = null;
  const kinds = (await again.leaves()).map(({ kind }) => kind);
  const [seal, frozen, thawed] = ['seal', 'freeze', 'thaw'].map((kind) => kinds.indexOf(kind as 'seal'));
  assert.equal(seal, 0);
  assert.ok((frozen ?? 0) > 1 && (thawed ?? 0) > (frozen ?? 0), 'one chain from the first leaf to the thaw');
  assert.ok(kinds.slice(thawed).includes('sign'), 'and on');
});

test('a store that is older than its log starts frozen for what it forgot', async () => {
  const home = join(scratch, 'b');
  cpSync(join(backupFolder, 'vault', 'paper.store'), join(home, 'vault', 'paper.store'));
  running = await Installation.start('product', home);
  assert.ok((await reasons(running)).includes('store-rollback'));
  assert.equal((await running.place())?.state, 'refused');
  await running.stop();
  running = null;
});

test('a log that is older than its store is refused', async () => {
  const home = join(scratch, 'c');
  const newer = join(scratch, 'b');
  assert.equal((await restoreTo(home)).exit, 0);
  cpSync(join(newer, 'vault', 'paper.store'), join(home, 'vault', 'paper.store'));
  await assert.rejects(Installation.start('product', home), ({ cause }: Error) => {
    assert.ok(cause instanceof VaultEnded && cause.final);
    assert.match(cause.message, /log is shorter/u);
    return true;
  });
});

test('a store that opened by a passphrase opens by the code after a restore', async () => {
  const home = join(scratch, 'p');
  const asked = async (folder: string, words: string) =>
    openStoreKey({
      folder,
      asked: existsSync(join(folder, 'store-key.json')) ? undefined : 'passphrase',
      credentials: undefined,
      askPassphrase: () => Promise.resolve(Buffer.from(words)),
    });
  const { vault } = openDataFolder(home);
  const key = (await asked(vault, 'correct horse')).take();
  const into = join(scratch, 'pb');
  const wrong = await counterfoil(['backup', into, '--home', home, '--json'], 'correct hors');
  assert.equal(wrong.exit, 3);
  assert.ok(!existsSync(into), 'a key that does not open the store is not backed up');
  const made = await counterfoil(['backup', into, '--home', home, '--json'], 'correct horse');
  assert.equal(made.exit, 0, made.text);
  const { code: words } = JSON.parse(made.text) as { code: string };
  const back = join(scratch, 'q');
  assert.match((await restoreTo(back, words, into)).text, /"opensBy":"passphrase"/u);
  assert.deepEqual((await asked(join(back, 'vault'), words)).take(), key);
  await assert.rejects(asked(join(back, 'vault'), 'correct horse'));
});
