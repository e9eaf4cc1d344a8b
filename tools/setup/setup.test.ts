import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { repository, temporaryFolder } from '../_plant.ts';
import { isComplete, isUntouched, nodePackage, startSetup, until, writeClone } from './_clone.ts';
import { startRegistry } from './_registry.ts';

const installLine = 'Installing dependencies (once, about 0.5 GB) …\n';
const blocked = 'http://127.0.0.1:9';

test('a fresh clone is installed with one line, and a second start says and asks nothing', async (t) => {
  const registry = await startRegistry(t, [nodePackage]);
  const root = temporaryFolder(t);
  writeClone(root, registry);
  const first = await startSetup(root, registry.url).ended;
  assert.deepEqual([first.code, first.printed], [0, installLine]);
  assert.ok(isComplete(root));
  assert.ok(existsSync(join(root, 'node_modules', '@clone', 'engine', 'package.json')));
  const asked = registry.asked.length;
  const second = await startSetup(root, registry.url).ended;
  assert.deepEqual([second.code, second.printed], [0, '']);
  assert.equal(registry.asked.length, asked);
  t.diagnostic(`second start ${second.tookMs.toFixed(0)} ms`);
});

test('an installation that npm made is accepted as it is', async (t) => {
  const registry = await startRegistry(t, [nodePackage]);
  const root = temporaryFolder(t);
  writeClone(root, registry);
  await startSetup(root, registry.url).ended;
  execFileSync(process.execPath, ['-e', "fs.rmSync('node_modules/.counterfoil-installed')"], { cwd: root });
  const { code, printed } = await startSetup(root, blocked).ended;
  assert.deepEqual([code, printed], [0, '']);
  assert.ok(isComplete(root));
});

test('a changed lockfile is installed again, and nothing of the old installation stays', async (t) => {
  const extra = { name: 'extra', version: nodePackage.version, files: {} };
  const registry = await startRegistry(t, [nodePackage, extra]);
  const root = temporaryFolder(t);
  writeClone(root, registry, [extra]);
  await startSetup(root, registry.url).ended;
  assert.ok(existsSync(join(root, 'node_modules', 'extra')));
  writeClone(root, registry);
  const { code, printed } = await startSetup(root, registry.url).ended;
  assert.deepEqual([code, printed], [0, installLine]);
  assert.ok(isComplete(root));
  assert.ok(!existsSync(join(root, 'node_modules', 'extra')));
});

test('two starts at the same moment install once', async (t) => {
  const registry = await startRegistry(t, [nodePackage]);
  const root = temporaryFolder(t);
  writeClone(root, registry);
  const ends = await Promise.all([1, 2, 3].map(() => startSetup(root, registry.url).ended));
  assert.deepEqual(
    ends.map(({ code }) => code),
    [0, 0, 0],
  );
  assert.equal(ends.filter(({ printed }) => printed.includes(installLine)).length, 1);
  assert.equal(registry.asked.filter((path) => path.endsWith('.tgz')).length, 1);
});

test('a Node older than 20 gets one sentence and exit code 1', async (t) => {
  const registry = await startRegistry(t, [nodePackage]);
  const root = temporaryFolder(t);
  writeClone(root, registry);
  const old = "Object.defineProperty(process.versions, 'node', { value: '18.20.4' })";
  const { code, printed } = await startSetup(root, registry.url, old).ended;
  assert.equal(code, 1);
  assert.match(
    printed,
    /^counterfoil: this is Node 18\.20\.4, and Counterfoil needs Node 20 or newer [^\n]+\n$/u,
  );
  assert.ok(isUntouched(root));
});

test('the file that tells an old Node so stays within the syntax of Node 12.20', () => {
  const source = readFileSync(join(repository, 'tools', 'setup.mjs'), 'utf8');
  const translated = (target: string, code: string): string => transformSync(code, { target }).code;
  assert.equal(translated('node12.20', source), translated('esnext', source));
  const later = `${source}\nconsole.log(process.versions?.node ?? 1);`;
  assert.notEqual(translated('node12.20', later), translated('esnext', later));
  // A static import of a name that an old Node lacks would fail before the first line runs.
  assert.doesNotMatch(source, /^import .* from/mu);
});

test('an unreachable registry gets one sentence, and nothing is left behind', async (t) => {
  const registry = await startRegistry(t, [nodePackage]);
  const root = temporaryFolder(t);
  writeClone(root, registry);
  const { code, printed } = await startSetup(root, blocked).ended;
  assert.equal(code, 1);
  assert.match(
    printed,
    /^counterfoil: the package registry http:\/\/127\.0\.0\.1:9 cannot be reached [^\n]+\n$/mu,
  );
  assert.ok(isUntouched(root));
});

test('a registry that refuses gets the same sentence', async (t) => {
  const registry = await startRegistry(t, [nodePackage], { answer: 'not-found' });
  const root = temporaryFolder(t);
  writeClone(root, registry);
  const { code, printed } = await startSetup(root, registry.url).ended;
  assert.equal(code, 1);
  assert.match(printed, /^counterfoil: the package registry http:\S+ cannot be reached \(E404\)/mu);
  assert.ok(isUntouched(root));
});

test('a failed update leaves the installation that works', async (t) => {
  const extra = { name: 'extra', version: nodePackage.version, files: {} };
  const registry = await startRegistry(t, [nodePackage, extra]);
  const refusing = await startRegistry(t, [], { answer: 'not-found' });
  const root = temporaryFolder(t);
  writeClone(root, registry);
  await startSetup(root, registry.url).ended;
  writeClone(root, registry, [extra]);
  assert.equal((await startSetup(root, refusing.url).ended).code, 1);
  assert.ok(isComplete(root));
  assert.ok(!existsSync(join(root, '.build', 'install')));
});

test('a package that differs from the lockfile is reported and not installed', async (t) => {
  const honest = await startRegistry(t, [nodePackage]);
  const changed = await startRegistry(t, [{ ...nodePackage, files: { 'bin/node': 'another binary' } }]);
  const root = temporaryFolder(t);
  writeClone(root, honest);
  const { code, printed } = await startSetup(root, changed.url).ended;
  assert.equal(code, 1);
  assert.match(printed, /^counterfoil: a package from the registry is not the one [^\n]+ sha512-[^\n]+\n$/mu);
  assert.ok(isUntouched(root));
});

test('a stopped installation leaves nothing behind', async (t) => {
  const registry = await startRegistry(t, [nodePackage], { answer: 'never' });
  const root = temporaryFolder(t);
  writeClone(root, registry);
  const { child, ended } = startSetup(root, registry.url);
  await until(() => registry.asked.length > 0);
  child.kill('SIGINT');
  const { code, printed } = await ended;
  assert.equal(code, 130);
  assert.match(printed, /^counterfoil: the installation was interrupted\. [^\n]+\n$/mu);
  assert.ok(isUntouched(root));
});

test('after a killed installation the next start installs without a hand', async (t) => {
  const silent = await startRegistry(t, [nodePackage], { answer: 'never' });
  const registry = await startRegistry(t, [nodePackage]);
  const root = temporaryFolder(t);
  writeClone(root, registry);
  const { child, ended } = startSetup(root, silent.url);
  await until(() => silent.asked.length > 0);
  child.kill('SIGKILL');
  await ended;
  assert.ok(!existsSync(join(root, 'node_modules')));
  const { code, printed } = await startSetup(root, registry.url).ended;
  assert.deepEqual([code, printed], [0, installLine]);
  assert.ok(isComplete(root));
  assert.ok(!existsSync(join(root, '.build', 'install')));
});

test('a folder that cannot be written to gets one sentence', async (t) => {
  const registry = await startRegistry(t, [nodePackage]);
  const root = temporaryFolder(t);
  writeClone(root, registry);
  chmodSync(root, 0o555);
  // Root may write anywhere, so it becomes somebody else, once its own files are read.
  const ordinary = `
    await import(${JSON.stringify(pathToFileURL(join(root, 'tools', 'setup', 'main.mjs')).href)});
    if (process.getuid() === 0) process.seteuid(65534);`;
  const { code, printed } = await startSetup(root, registry.url, ordinary).ended;
  chmodSync(root, 0o755);
  assert.equal(code, 1);
  assert.match(
    printed,
    /^counterfoil: the dependencies cannot be installed because \S+ cannot be written to [^\n]+\n$/u,
  );
  assert.ok(isUntouched(root));
});

test('a disk without room is noticed before anything is fetched', async (t) => {
  const registry = await startRegistry(t, [nodePackage]);
  const root = temporaryFolder(t);
  writeClone(root, registry);
  const { code, printed } = await startSetup(root, registry.url, statfsSays({ bavail: 1000, bsize: 4096 }))
    .ended;
  assert.equal(code, 1);
  assert.match(
    printed,
    /^counterfoil: there is not enough disk space [^\n]+ \(4 MB free, 900 MB needed\)[^\n]+\n$/u,
  );
  assert.deepEqual(registry.asked, []);
  assert.ok(isUntouched(root));
});

if (canMount()) {
  test('a disk that fills up on the way gets the same sentence, and nothing is left behind', async (t) => {
    const heavy = { ...nodePackage, files: { 'bin/node': randomBytes(8_000_000) } };
    const registry = await startRegistry(t, [heavy]);
    const folder = temporaryFolder(t);
    const root = join(folder, 'small');
    mkdirSync(root);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', root]);
    try {
      writeClone(root, registry);
      const plenty = statfsSays({ bavail: 1e6, bsize: 4096 });
      const { code, printed } = await startSetup(root, registry.url, plenty).ended;
      assert.equal(code, 1);
      assert.match(printed, /^counterfoil: there is not enough disk space [^\n]+ \(ENOSPC\)[^\n]+\n$/mu);
      assert.ok(isUntouched(root));
    } finally {
      execFileSync('umount', [root]);
    }
  });
}

/** Code that makes the file system report this much room, since a test cannot fill a real disk. */
function statfsSays(answer: { readonly bavail: number; readonly bsize: number }): string {
  return `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    fs.statfsSync = () => (${JSON.stringify(answer)});
    syncBuiltinESMExports();`;
}

function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
