/** A whole log, judged by Go's golang.org/x/mod: the code behind Go's checksum database. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { formatVerifierKey, utf8 } from '@counterfoil/log';
import { Journal } from '@counterfoil/log/journal';

test('where Go is installed, golang.org/x/mod accepts our log and rejects an altered tile', async (t) => {
  if (spawnSync('go', ['version']).status !== 0)
    return t.diagnostic('Go is not installed: nothing was judged');
  const folder = mkdtempSync(join(tmpdir(), 'xmod-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const journal = await Journal.create(join(folder, 'log'), {
    origin: 'xmod.example/keyuse',
    clock: () => 0,
  });
  for (let thousand = 0; thousand < 70; thousand++) {
    await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => journal.append([utf8(`record ${thousand}.${i}`)], 0)),
    );
  }
  journal.publish();
  await journal.close();

  const program = join(folder, 'xmod');
  const sources = fileURLToPath(new URL('interop/xmod', import.meta.url));
  const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: sources, encoding: 'utf8' });
  assert.equal(built.status, 0, built.stderr);
  const judge = () =>
    spawnSync(program, [journal.publicFolder, formatVerifierKey(journal.key)], { encoding: 'utf8' });
  const verdict = judge();
  assert.equal(verdict.status, 0, verdict.stderr);
  assert.match(verdict.stdout, /2917 inclusions, 497 consistency proofs of 70001 ok/);

  const tile = join(journal.publicFolder, 'tile', '0', '100');
  const bytes = readFileSync(tile);
  writeFileSync(tile, bytes.with(77, (bytes[77] ?? 0) ^ 1));
  assert.match(judge().stderr, /inconsistent tile/);
});
