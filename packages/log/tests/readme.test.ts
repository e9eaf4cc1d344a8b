import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { join } from 'node:path';
import { test } from 'node:test';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the program of the README has under 30 lines, writes a log, serves it and verifies it', async (t) => {
  const program = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  assert.ok(program.trimEnd().split('\n').length < 30);
  // Inside the package, so that its own name resolves; in a folder of its own, so that nothing is left behind.
  const folder = mkdtempSync(fileURLToPath(new URL('readme-', import.meta.url)));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  writeFileSync(join(folder, 'program.ts'), program.replaceAll('7390', String(port)));
  const { stdout } = await promisify(execFile)(process.execPath, ['program.ts'], { cwd: folder });
  assert.equal(stdout, '4 entries of 4\n');
});
