import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { findNative, linkLibraries } from '../src/database/binaries.ts';
import { createCluster } from '../src/database/cluster.ts';
import { openPlace } from '../src/database/place.ts';
import { openPostgresLog } from '../src/database/postgres-log.ts';
import { signal } from '../src/database/processes.ts';
import { preparePrograms } from '../src/database/programs.ts';
import { startDatabase, StartError } from '../src/index.ts';
import { atEnd } from './_at-end.ts';
import { execute } from './_database.ts';
import { isRoot, makeFolder, removeFolder, temporaryFolder } from './_folder.ts';
import { readyFolder } from './_ready-folder.ts';
import { postgresProcessesOf } from './_run-program.ts';

async function refusal(folder: string): Promise<StartError> {
  try {
    const { stop } = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
    await stop();
  } catch (error) {
    if (error instanceof StartError) return error;
    throw error;
  }
  throw new Error('the start was not refused');
}

/** A small disk of its own; only root can mount one. */
function mountDisk(t: TestContext, megabytes: number): string {
  const folder = makeFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', folder]);
  atEnd(t, () => {
    execFileSync('umount', ['--lazy', folder]);
    removeFolder(folder);
  });
  return folder;
}

for (const [version, code] of [
  ['99', 'data-folder-newer'],
  ['17', 'data-folder-older'],
] as const) {
  test(`a cluster of PostgreSQL ${version} is refused as ${code} and not touched`, async (t) => {
    const folder = await readyFolder(t);
    const file = join(folder, 'postgres', 'cluster', 'PG_VERSION');
    writeFileSync(file, `${version}\n`);
    const error = await refusal(folder);
    assert.equal(error.code, code);
    assert.match(error.sentence, new RegExp(`made by PostgreSQL ${version}`));
    assert.equal(readFileSync(file, 'utf8'), `${version}\n`);
  });
}

test('a data folder that is a file is refused', async (t) => {
  const path = join(temporaryFolder(t), 'data');
  writeFileSync(path, '');
  assert.equal((await refusal(path)).code, 'data-folder-unusable');
});

test('a platform without binaries is told to use a server', () => {
  for (const platform of ['win32-x64', 'freebsd-x64', 'linux-riscv64']) {
    assert.throws(
      () => findNative(platform),
      (error) =>
        error instanceof StartError &&
        error.code === 'unsupported-platform' &&
        /DATABASE_URL/.test(error.sentence),
    );
  }
});

test('an initdb that runs out of space leaves nothing behind', async (t) => {
  const folder = temporaryFolder(t);
  const place = openPlace(folder);
  const native = { folder: join(folder, 'stand-in'), version: '18.0' };
  mkdirSync(join(native.folder, 'bin'), { recursive: true });
  writeFileSync(
    join(native.folder, 'bin', 'initdb'),
    '#!/bin/sh\necho "initdb: error: could not write to file: No space left on device" >&2\nexit 1\n',
  );
  chmodSync(join(native.folder, 'bin', 'initdb'), 0o755);
  await assert.rejects(
    createCluster(preparePrograms(native, place)),
    (error) => error instanceof StartError && error.code === 'no-space',
  );
  assert.deepEqual(readdirSync(place.root), ['lib']);
});

test('a cluster whose creation was cut short is made anew', async (t) => {
  const folder = temporaryFolder(t);
  const partial = join(folder, 'postgres', 'cluster.partial-123456');
  mkdirSync(partial, { recursive: true });
  chmodSync(join(folder, 'postgres'), 0o711);
  writeFileSync(join(partial, 'PG_VERSION'), '18\n');
  const running = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
  await running.stop();
  assert.equal(existsSync(partial), false);
});

test('without its library links PostgreSQL does not run, and a link that points elsewhere is refused', (t) => {
  const folder = temporaryFolder(t);
  const native = { folder: join(folder, 'native'), version: '18.0' };
  // As npm unpacks it; where install scripts ran, the links are there already.
  const isUnpacked = (path: string): boolean => !lstatSync(path).isSymbolicLink();
  cpSync(findNative().folder, native.folder, { recursive: true, filter: isUnpacked });
  const libraries = join(folder, 'lib');
  const env = { LD_LIBRARY_PATH: libraries, DYLD_LIBRARY_PATH: libraries };
  const canRun = (): boolean =>
    spawnSync(join(native.folder, 'bin', 'postgres'), ['--version'], { env }).status === 0;
  assert.equal(canRun(), false);
  linkLibraries(native, libraries);
  assert.equal(canRun(), true);
  const links = readdirSync(join(folder, 'lib'));
  assert.ok(links.includes('libpq.so.5') || links.some((name) => name.endsWith('.dylib')));
  for (const link of links) assert.ok(statSync(join(folder, 'lib', link)).isFile());
  for (const outside of ['native/../../etc/passwd', '/etc/passwd', 'native/bin/postgres', 7]) {
    const list = JSON.stringify([{ source: outside, target: 'native/lib/libpq.so' }]);
    writeFileSync(join(native.folder, 'pg-symlinks.json'), list);
    assert.throws(() => linkLibraries(native, join(folder, 'lib')), /outside its own folder/);
  }
});

test("PostgreSQL's log is cut when it has grown, and one older part is kept", (t) => {
  const path = join(temporaryFolder(t), 'postgres.log');
  for (const content of ['first', 'second']) {
    writeFileSync(path, content.padEnd(4 * 1024 * 1024 + 1, '.'));
    closeSync(openPostgresLog(path));
    assert.equal(statSync(path).size, 0);
    assert.ok(readFileSync(`${path}.1`, 'utf8').startsWith(content));
  }
});

if (isRoot) {
  test('on a disk that is too small the first start is refused and leaves the disk empty', async (t) => {
    const disk = mountDisk(t, 16);
    const folder = join(disk, 'data');
    mkdirSync(folder, { mode: 0o755 });
    const error = await refusal(folder);
    assert.equal(error.code, 'no-space');
    assert.match(error.sentence, /Free at least 200 MB/);
    assert.deepEqual(readdirSync(folder), []);
  });

  test('after a crash on a full disk the start is refused until there is space, and nothing is lost', async (t) => {
    const disk = mountDisk(t, 128);
    const folder = join(disk, 'data');
    mkdirSync(folder, { mode: 0o755 });
    const running = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
    await execute(running.url, 'create table kept (id int primary key)');
    await execute(running.url, 'insert into kept values (1)');
    for (const pid of postgresProcessesOf(folder)) signal(pid, 'SIGKILL');
    await running.exited;
    const filler = join(disk, 'filler');
    fillDisk(filler);
    const error = await refusal(folder);
    assert.equal(error.code, 'no-space', error.sentence);
    rmSync(filler);
    const again = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
    atEnd(t, again.stop);
    assert.equal((await execute(again.url, 'select from kept')).length, 1);
  });

  test('a folder on a disk that is mounted read-only is refused', async (t) => {
    const disk = mountDisk(t, 128);
    const folder = join(disk, 'data');
    mkdirSync(folder, { mode: 0o755 });
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const error = await refusal(folder);
    assert.equal(error.code, 'data-folder-read-only');
    assert.match(error.sentence, /Make it writable/);
    assert.deepEqual(readdirSync(folder), []);
  });
}

function fillDisk(path: string): void {
  try {
    for (;;) writeFileSync(path, Buffer.alloc(64 * 1024), { flag: 'a' });
  } catch {
    // Full now.
  }
}
