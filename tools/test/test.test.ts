import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { plant, repository } from '../_plant.ts';
import type { FileResult } from './run-file.ts';
import { tally } from './tally.ts';

/** Name of a fixture, the summary it must lead to, and words that must be printed. */
const single: readonly (readonly [fixture: string, summary: string, ...printed: RegExp[]])[] = [
  ['passing', '3 passed, 0 failed, 0 skipped'],
  [
    'failing',
    '1 passed, 1 failed, 0 skipped',
    /two \(packages\/a\/src\/failing\.test\.ts:6:1\)/u,
    /what should be/u,
  ],
  ['hook', '1 passed, 2 failed, 0 skipped', /no beginning/u],
  ['crashing', '1 passed, 1 failed, 0 skipped', /ended \(SIGKILL\) before its tests did/u],
  ['leaving', '1 passed, 1 failed, 0 skipped', /ended \(exit code 0\) before its tests did/u],
  ['late-error', '1 passed, 1 failed, 0 skipped', /Every test passed but .* exit code 3/u],
  ['loading', '0 passed, 1 failed, 0 skipped', /missing\.ts/u],
  ['unclosed', '1 passed, 1 failed, 0 skipped', /did not end within 2 s/u],
  [
    'allowed-skip',
    '1 passed, 0 failed, 1 skipped',
    /^- one \(packages.*\): data folder absent: no candles$/mu,
  ],
  [
    'other-skip',
    '0 passed, 3 failed, 0 skipped',
    /"too slow", which tools\/allowed-skips\.json does not list/u,
  ],
  ['todo', '0 passed, 1 failed, 0 skipped', /`todo` hides a missing test/u],
  ['expected-failure', '0 passed, 1 failed, 0 skipped', /`expectFailure` hides a failing test/u],
  ['only', '1 passed, 1 failed, 0 skipped', /says `only`/u],
  ['empty', '0 passed, 1 failed, 0 skipped', /holds no test/u],
  ['elsewhere', '0 passed, 1 failed, 0 skipped', /No test file was found/u],
];

for (const [fixture, summary, ...printed] of single) {
  test(`the planted file "${fixture}" ends the run with "${summary}"`, async (t) => {
    const { code, output } = await run(plant(t, 'runner', [fixture]));
    assert.equal(lastLine(output), summary);
    for (const words of printed) assert.match(output, words);
    assert.equal(code === 0, summary.includes(' 0 failed'));
  });
}

test('a file that hangs is stopped with everything it started', async (t) => {
  const root = plant(t, 'runner', ['hanging', 'passing']);
  const { code, output } = await run(root);
  assert.equal(lastLine(output), '3 passed, 1 failed, 0 skipped');
  assert.match(output, /hanging\.test\.ts\n {2}The file did not end within 2 s/u);
  assert.equal(code, 1);
  const descendant = Number(readFileSync(join(root, 'descendant'), 'utf8'));
  await assert.rejects(stillThere(descendant), /ESRCH/u);
});

test('files are counted together, and one bad file does not hide the others', async (t) => {
  const { code, output } = await run(plant(t, 'runner', ['passing', 'failing', 'crashing', 'allowed-skip']));
  assert.equal(lastLine(output), '6 passed, 2 failed, 1 skipped');
  assert.equal(code, 1);
});

test('a part of a path chooses files', async (t) => {
  const { code, output } = await run(plant(t, 'runner', ['passing', 'failing']), 'src/pass');
  assert.equal(lastLine(output), '3 passed, 0 failed, 0 skipped');
  assert.equal(code, 0);
});

test('full counts run with --long only', async (t) => {
  const root = plant(t, 'runner', ['passing', 'long']);
  assert.equal(lastLine((await run(root)).output), '3 passed, 0 failed, 0 skipped');
  assert.equal(lastLine((await run(root, '--long')).output), '1 passed, 0 failed, 0 skipped');
});

test('files that ask to run alone do', async (t) => {
  const { output } = await run(plant(t, 'runner', ['alone', 'passing']));
  assert.equal(lastLine(output), '5 passed, 0 failed, 0 skipped');
});

test('a skip passes only while its reason is on the list', () => {
  const result: FileResult = {
    path: 'a.test.ts',
    passed: 1,
    skips: [{ name: 'one', reason: 'no Chromium on this machine' }],
    failures: [],
    durationMs: 1,
    output: '',
  };
  assert.equal(tally([result], ['data folder absent', 'no Chromium']).failures.length, 0);
  assert.equal(tally([result], ['data folder absent']).failures.length, 1);
});

/** Rejects with ESRCH once the process is gone; resolves when it is still there after five seconds. */
async function stillThere(pid: number): Promise<void> {
  // A killed orphan is reaped by the system's first process, in its own time.
  for (let round = 0; round < 100; round += 1) {
    process.kill(pid, 0);
    await sleep(50);
  }
}

function run(root: string, ...args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((settle) => {
    const program = join(repository, 'tools', 'test.ts');
    execFile(process.execPath, [program, '--limit', '2', ...args], { cwd: root }, (error, stdout, stderr) => {
      settle({ code: Number(error?.code ?? 0), output: stdout + stderr });
    });
  });
}

function lastLine(output: string): string | undefined {
  return output.trimEnd().split('\n').at(-1);
}
