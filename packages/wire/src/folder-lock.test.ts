import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FolderTaken, lockFolder } from './folder-lock.ts';

const stepProgram = fileURLToPath(new URL('_lock-step.ts', import.meta.url));

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Another process on the lock's first step. */
async function standOnStep(t: TestContext, folder: string) {
  const other = spawn(process.execPath, [stepProgram, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => other.kill('SIGKILL'));
  await once(other.stdout, 'data');
  return other;
}

test('a folder is held by one, and free again when that one lets go', (t) => {
  const folder = temporaryFolder(t);
  const first = lockFolder(folder);
  assert.throws(() => lockFolder(folder), FolderTaken);
  first.release();
  lockFolder(folder).release();
});

test('who takes it in the same instant as another waits for that one to step back', async (t) => {
  const folder = temporaryFolder(t);
  const other = await standOnStep(t, folder);
  await new Promise<void>((resolve) => other.stdin.end(() => resolve()));
  lockFolder(folder).release();
});

test('without waiting, the first step of another refuses it to both', async (t) => {
  const folder = temporaryFolder(t);
  await standOnStep(t, folder);
  const database = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
  t.after(() => database.close());
  assert.throws(() => database.exec('BEGIN EXCLUSIVE'), /database is locked/);
});
