import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findNative, reachableNative } from '../src/database/binaries.ts';
import { migrate, startDatabase } from '../src/index.ts';
import { atEnd } from './_at-end.ts';
import { execute } from './_database.ts';
import { isRoot, relocatedRoot, temporaryFolder } from './_folder.ts';
import { asOrdinaryUser, ordinaryUser, reachableProgram } from './_ordinary-user.ts';
import { runProgram } from './_run-program.ts';
import { refusedWith } from './_start.ts';

/** Gives a folder to the ordinary user. */
function ownedByOrdinaryUser(path: string): string {
  mkdirSync(path, { mode: 0o700 });
  if (ordinaryUser !== undefined) chownSync(path, ordinaryUser.uid, ordinaryUser.gid);
  return path;
}

/** Starts the database as the ordinary user and returns the one line that this says. */
async function startAsOrdinaryUser(parent: string, folder: string): Promise<string> {
  const args = ['hold', folder, ...asOrdinaryUser];
  const program = runProgram(args, join(parent, 'output'), reachableProgram(parent));
  await program.said(1);
  program.child.stdin?.end();
  await program.exited;
  return program.lines()[0] ?? '';
}

test('an ordinary user runs the database alone, in a closed folder, with read-only binaries', async (t) => {
  const parent = temporaryFolder(t);
  const folder = ownedByOrdinaryUser(join(parent, 'data'));
  const before = readdirSync(join(findNative().folder, 'lib'), { recursive: true }).length;
  const uid = ordinaryUser?.uid ?? process.getuid?.();
  assert.equal(await startAsOrdinaryUser(parent, folder), JSON.stringify({ ready: true, uid }));
  assert.equal(statSync(join(folder, 'postgres', 'cluster')).uid, uid);
  assert.equal(statSync(join(folder, 'postgres')).mode & 0o777, 0o700);
  assert.equal(readdirSync(join(findNative().folder, 'lib'), { recursive: true }).length, before);
  if (isRoot) await rootThenOrdinaryUser(parent, folder);
});

// Somebody types sudo once: root runs PostgreSQL as the owner of the cluster, and the owner can go on afterwards.
async function rootThenOrdinaryUser(parent: string, folder: string): Promise<void> {
  chmodSync(parent, 0o755);
  const running = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
  assert.equal((await execute(running.url, 'select from counterfoil_installation')).length, 1);
  await running.stop();
  rmSync(join(parent, 'output'));
  rmSync(join(parent, 'checkout'), { recursive: true, force: true });
  assert.match(await startAsOrdinaryUser(parent, folder), /"ready":true/);
}

test('a folder that an ordinary user may only read is refused, and nothing is left in it', async (t) => {
  const parent = temporaryFolder(t);
  const folder = ownedByOrdinaryUser(join(parent, 'data'));
  chmodSync(folder, 0o500);
  assert.match(await startAsOrdinaryUser(parent, folder), /"refused":"data-folder-read-only"/);
  assert.deepEqual(readdirSync(folder), []);
});

if (isRoot) {
  test('as root, a closed data folder keeps its mode, and its database lives where PostgreSQL may go', async (t) => {
    const folder = join(temporaryFolder(t), 'data');
    const running = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
    await migrate(running);
    await running.stop();
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(folder).uid, 0);
    const root = relocatedRoot(folder);
    assert.ok(root !== undefined);
    assert.notEqual(statSync(join(root, 'cluster')).uid, 0);
    assert.equal(statSync(join(root, 'cluster')).mode & 0o777, 0o700);
    assert.equal(existsSync(join(folder, 'postgres')), false);
    const again = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
    atEnd(t, again.stop);
    assert.equal((await execute(again.url, 'select from counterfoil_installation')).length, 1);
  });

  test('as root, a database that has vanished from its recorded place is not replaced by an empty one', async (t) => {
    const folder = join(temporaryFolder(t), 'data');
    const running = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
    await running.stop();
    const root = relocatedRoot(folder);
    assert.ok(root !== undefined);
    rmSync(root, { recursive: true });
    await assert.rejects(
      startDatabase({ folder, databaseUrl: undefined, log: () => {} }),
      refusedWith('database-missing'),
    );
    assert.equal(existsSync(root), false);
  });

  test('as root, a folder that was deleted and made anew starts with an empty database', async (t) => {
    const folder = join(temporaryFolder(t), 'data');
    const running = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
    await migrate(running);
    await running.stop();
    const first = relocatedRoot(folder);
    assert.ok(first !== undefined);
    atEnd(t, () => rmSync(first, { recursive: true, force: true }));
    rmSync(folder, { recursive: true });
    const anew = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
    atEnd(t, anew.stop);
    const [row] = await execute(anew.url, `select to_regclass('counterfoil_installation') as found`);
    assert.equal(row?.['found'], null);
  });

  test('as root, a database in a folder that was moved to where PostgreSQL cannot go is refused', async (t) => {
    const parent = temporaryFolder(t);
    const folder = join(parent, 'data');
    mkdirSync(folder, { mode: 0o755 });
    const running = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
    await running.stop();
    chmodSync(parent, 0o700);
    await assert.rejects(
      startDatabase({ folder, databaseUrl: undefined, log: () => {} }),
      refusedWith('data-folder-unreachable'),
    );
    assert.equal(statSync(parent).mode & 0o777, 0o700);
  });

  test('as root, binaries in a closed home are copied, once per version, and the home stays closed', (t) => {
    const parent = temporaryFolder(t);
    const home = join(parent, 'home');
    mkdirSync(home, { mode: 0o700 });
    cpSync(findNative().folder, join(home, 'native'), { recursive: true });
    const root = join(parent, 'data');
    mkdirSync(root, { mode: 0o755 });
    const older = { folder: join(home, 'native'), version: '18.3.0' };
    reachableNative(older, ordinaryUser, root);
    const native = reachableNative({ ...older, version: '18.4.0' }, ordinaryUser, root);
    assert.deepEqual(readdirSync(root), ['native-18.4.0']);
    const marker = join(native.folder, 'bin', 'postgres');
    const { ino } = statSync(marker);
    reachableNative({ ...older, version: '18.4.0' }, ordinaryUser, root);
    assert.equal(statSync(marker).ino, ino);
    assert.equal(statSync(marker).uid, 0);
    assert.equal(statSync(home).mode & 0o777, 0o700);
  });

  test('a cluster of another user is refused to an ordinary user', async (t) => {
    const parent = temporaryFolder(t);
    const folder = ownedByOrdinaryUser(join(parent, 'data'));
    assert.match(await startAsOrdinaryUser(parent, folder), /"ready":true/);
    chownSync(join(folder, 'postgres', 'cluster'), 0, 0);
    rmSync(join(parent, 'output'));
    rmSync(join(parent, 'checkout'), { recursive: true, force: true });
    assert.match(await startAsOrdinaryUser(parent, folder), /"refused":"data-folder-foreign"/);
    assert.match(readFileSync(join(parent, 'output'), 'utf8'), /belongs to another user/);
  });
}
