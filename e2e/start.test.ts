import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { databaseRoot, freePort, removeHome } from './_installation.ts';
import {
  type Started,
  descendants,
  processesNaming,
  ready,
  signalGroup,
  start as startProgram,
} from './_start.ts';

const starts: Started[] = [];

function start(...args: Parameters<typeof startProgram>): Started {
  const started = startProgram(...args);
  starts.push(started);
  return started;
}

const scratch = mkdtempSync(join(tmpdir(), 'counterfoil-start-'));
after(() => {
  // A test that failed half-way must not leave a product running that keeps this file from ending.
  for (const started of starts) if (started.child.exitCode === null) started.child.kill('SIGTERM');
  for (const name of readdirSync(scratch)) removeHome(join(scratch, name));
  rmSync(scratch, { recursive: true, force: true });
});

test('a start says one link and what runs, answers at /healthz, and Ctrl-C stops all of it', async () => {
  const home = join(scratch, 'well');
  const port = await freePort();
  const started = start(['--port', String(port), '--home', home]);
  await ready(started);
  const health = await fetch(`http://localhost:${port}/healthz`);
  assert.equal(health.status, 200);
  assert.deepEqual(await health.json(), { status: 'ok', database: 'ok', vault: 'ok' });
  const page = await fetch(`http://localhost:${port}/`);
  assert.match(await page.text(), /<div id="app">.*needs JavaScript/s);
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  assert.match(started.text(), new RegExp(`http://localhost:${port}/`));
  assert.match(started.text(), /paper, journal, switch, gate, builder, server, worker-1, PostgreSQL/);

  const second = start(['--port', String(await freePort()), '--home', home]);
  assert.equal(await second.ended, 1);
  assert.match(second.text(), /^counterfoil: Counterfoil is running already in .*Nothing more was started/);

  signalGroup(started, 'SIGINT');
  assert.equal(await started.ended, 0);
  assert.deepEqual(processesNaming(home), []);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} to the started program alone stops all of it, and nothing has to be killed`, async () => {
    const home = join(scratch, signal);
    const started = start(['--port', String(await freePort()), '--home', home]);
    await ready(started);
    started.child.kill(signal);
    assert.equal(await started.ended, 0);
    assert.deepEqual(processesNaming(home), []);
    assert.doesNotMatch(readFileSync(join(home, 'counterfoil.log'), 'utf8'), /was killed/);
  });
}

test('the health of a database that does not answer is said to be so', async () => {
  const home = join(scratch, 'silent');
  const port = await freePort();
  const started = start(['--port', String(port), '--home', home]);
  await ready(started);
  const root = databaseRoot(home) ?? join(home, 'database', 'postgres');
  const [pid] = readFileSync(join(root, 'cluster', 'postmaster.pid'), 'utf8').split('\n');
  // Stopped, not ended: the desk has nothing to start again, and nothing answers. The first one is stopped first, so
  // that none comes after; one that ends meanwhile answers nothing either.
  signal(Number(pid), 'SIGSTOP');
  for (const one of descendants(Number(pid))) signal(one, 'SIGSTOP');
  try {
    const health = await fetch(`http://localhost:${port}/healthz`);
    assert.equal(health.status, 503);
    assert.deepEqual(await health.json(), { status: 'degraded', database: 'silent', vault: 'ok' });
  } finally {
    for (const one of descendants(Number(pid))) signal(one, 'SIGCONT');
  }
  signalGroup(started, 'SIGINT');
  assert.equal(await started.ended, 0);
});

/** Whoever has ended needs no signal. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

test('a killed desk takes its programs with it, and the next start needs no hand', async () => {
  const home = join(scratch, 'killed');
  const port = await freePort();
  const first = start(['--port', String(port), '--home', home]);
  await ready(first);
  signalGroup(first, 'SIGKILL');
  await first.ended;
  const second = start(['--port', String(port), '--home', home]);
  await ready(second);
  signalGroup(second, 'SIGINT');
  assert.equal(await second.ended, 0);
});

async function refused(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const started = start(args, env);
  const code = await started.ended;
  assert.equal(code, 1, started.text());
  const lines = started.text().trim().split('\n');
  assert.equal(lines.length, 1, `one sentence, not:\n${started.text()}`);
  return lines[0] ?? '';
}

test('a taken port is refused with a sentence', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const home = join(scratch, 'taken');
  const said = await refused(['--port', String(port), '--home', home]);
  assert.match(said, new RegExp(`Port ${port} is taken .*Nothing was started.*--port N`));
  assert.ok(!existsSync(home), 'nothing was left behind');
  server.close();
});

test('a data folder of a newer version is refused and left alone', async () => {
  const home = join(scratch, 'newer');
  mkdirSync(home);
  writeFileSync(join(home, 'installation.json'), '{"form":2,"vaultId":"0011223344556677"}\n');
  const said = await refused(['--port', String(await freePort()), '--home', home]);
  assert.match(said, /written by a newer Counterfoil .*Nothing was started or changed/);
  assert.deepEqual(readdirSync(home), ['installation.json']);
});

test('a data folder whose path is too long for sockets is refused with a sentence', async () => {
  const home = join(scratch, 'x'.repeat(100));
  const said = await refused(['--port', String(await freePort()), '--home', home]);
  assert.match(said, /bytes too long for the sockets .*Nothing was started.*--home/);
  assert.ok(!existsSync(home));
});

test('a start that is stopped at once leaves no program behind', async () => {
  const home = join(scratch, 'hasty');
  const started = start(['--port', String(await freePort()), '--home', home]);
  // The database's folder is made while its programs start.
  while (!existsSync(join(home, 'database', 'postgres.log'))) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  signalGroup(started, 'SIGINT');
  assert.equal(await started.ended, 0);
  assert.deepEqual(processesNaming(databaseRoot(home) ?? home), []);
  assert.deepEqual(processesNaming(home), []);
});

test('a damaged and a foreign installation file are refused and left alone', async () => {
  for (const content of ['{"form":1', '{"name":"another program"}']) {
    const home = mkdtempSync(join(scratch, 'foreign-'));
    writeFileSync(join(home, 'installation.json'), content);
    const said = await refused(['--port', String(await freePort()), '--home', home]);
    assert.match(said, /is damaged|does not belong to Counterfoil/);
    assert.deepEqual(readdirSync(home), ['installation.json']);
  }
});

test('an unreachable DATABASE_URL is refused with a sentence that holds no password', async () => {
  const home = join(scratch, 'unreachable');
  const url = `postgres://user:hunter2@127.0.0.1:${await freePort()}/counterfoil`;
  const said = await refused(['--port', String(await freePort()), '--home', home], { DATABASE_URL: url });
  assert.match(said, /[Nn]othing was started/);
  assert.doesNotMatch(said, /hunter2/);
});

test('a port that is no port is refused with a sentence', async () => {
  assert.match(await refused(['--port', 'seven']), /--port takes a number/);
});

if (process.getuid?.() !== 0) {
  // Root writes everywhere; the database's own tests run these cases as another user.
  test('a folder that cannot be written is refused with a sentence', async () => {
    const parent = mkdtempSync(join(scratch, 'readonly-'));
    chmodSync(parent, 0o500);
    const said = await refused(['--port', String(await freePort()), '--home', join(parent, 'data')]);
    assert.match(said, /cannot write its data folder/);
  });
}

test('--help explains the start and starts nothing', async () => {
  const started = start(['--help']);
  assert.equal(await started.ended, 0);
  assert.match(started.text(), /--port N/);
});
