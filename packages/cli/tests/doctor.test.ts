import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { examine } from '../src/doctor.ts';

const well = { status: 'ok', database: 'ok', vault: 'ok' };

/** A data folder in which nothing is wrong, with whatever answers on its port. */
async function installation(t: TestContext, answer: object | string = well, date?: string): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'cf-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  for (const part of ['run', 'vault']) mkdirSync(join(home, part), { mode: 0o700 });
  writeFileSync(join(home, 'installation.json'), JSON.stringify({ form: 1, vaultId: '0'.repeat(16) }));
  writeFileSync(join(home, 'run', 'token'), 'x', { mode: 0o600 });
  writeFileSync(join(home, 'vault', 'paper.kek'), 'x', { mode: 0o600 });
  const server = createServer((_request, response) => {
    if (date !== undefined) response.setHeader('date', date);
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await listen(server);
  t.after(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  writeFileSync(join(home, 'run', 'ready.json'), JSON.stringify({ port }));
  return home;
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
}

const codes = async (home: string, environment: Record<string, string> = {}): Promise<readonly string[]> =>
  (await examine(home, environment)).map(({ code }) => code);

test('a folder and a server without fault are left alone', async (t) => {
  assert.deepEqual(await codes(await installation(t)), []);
});

test('each planted fault of a folder is found, alone, with what to do', async (t) => {
  const planted: readonly [string, (home: string) => void][] = [
    ['folder-open', (home) => chmodSync(home, 0o755)],
    ['token-open', (home) => chmodSync(join(home, 'run', 'token'), 0o644)],
    ['store-key-open', (home) => chmodSync(join(home, 'vault', 'paper.kek'), 0o640)],
    ['unknown-form', (home) => writeFileSync(join(home, 'installation.json'), '{"form":2,"vaultId":"x"}')],
    ['not-running', (home) => rmSync(join(home, 'run', 'ready.json'))],
    ['stopped', (home) => writeFileSync(join(home, 'run', 'ready.json'), '{"port":9}')],
    ['no-folder', (home) => rmSync(home, { recursive: true })],
  ];
  for (const [code, plant] of planted) {
    const home = await installation(t);
    plant(home);
    const found = await examine(home, {});
    assert.ok(
      found.some((one) => one.code === code),
      `${code}: ${JSON.stringify(found)}`,
    );
    assert.ok(found.every((one) => code === 'no-folder' || one.code === code));
    assert.match(found[0]?.sentence ?? '', /chmod|Start|Restore|start/);
  }
});

test('each planted fault of a server is found', async (t) => {
  assert.deepEqual(await codes(await installation(t, '<html>another program</html>')), ['foreign-server']);
  assert.deepEqual(await codes(await installation(t, { ...well, vault: 'absent' })), ['vault-absent']);
  assert.deepEqual(await codes(await installation(t, { ...well, database: 'silent' })), ['database-silent']);
  const hourAgo = new Date(Date.now() - 3_600_000).toUTCString();
  assert.deepEqual(await codes(await installation(t, well, hourAgo)), ['clock']);
});

test('each planted fault of the environment is found, and no password is repeated', async (t) => {
  const home = await installation(t);
  assert.deepEqual(await codes(home, { NODE_OPTIONS: '--require evil.js' }), ['node-options']);
  const [found] = await examine(home, { DATABASE_URL: 'mysql://me:hunter2@db/x' });
  assert.equal(found?.code, 'database-url');
  assert.doesNotMatch(found.sentence, /hunter2/);
});
