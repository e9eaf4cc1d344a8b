import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryReport } from '@counterfoil/log';
import { plant } from './_planted-build.ts';
import { startPaperKey } from './_paper-key.ts';
import { folderFor, gateFile } from './_programs.ts';

const HOUR_MS = 3_600_000;

/** A gate that calls 300 ms a day and looks twenty times as often. */
async function hastyGate(folder: string): Promise<string> {
  const hurried = plant(folder, await gateFile(), {
    from: 'SILENT_MS_MAX = 24 * 36e5',
    to: 'SILENT_MS_MAX = 300',
  });
  return plant(folder, hurried, { from: 'var LOOK_MS = 6e4', to: 'var LOOK_MS = 15' });
}

function kinds({ leaves }: HistoryReport): string[] {
  return leaves.map(({ payload }) => payload.kind);
}

function beats(report: HistoryReport): number {
  return kinds(report).filter((kind) => kind === 'heartbeat').length;
}

test('a key that is not used gets a heartbeat leaf whenever its chain was silent for a day', async (t) => {
  const key = await startPaperKey(t, { gateFile: await hastyGate(folderFor(t)) });
  assert.equal((await key.check()).kind, 'permissions');
  let report = await key.history(HOUR_MS);
  while (beats(report) < 2) {
    await sleep(100);
    report = await key.history(HOUR_MS);
  }
  assert.deepEqual(kinds(report).slice(0, 4), ['seal', 'readOpen', 'heartbeat', 'heartbeat']);
  assert.ok(report.passed);
  const [, opened, first] = report.leaves;
  assert.ok(opened !== undefined && first !== undefined);
  assert.ok(first.payload.atMs - opened.payload.atMs >= 300, 'a heartbeat that was not due');
});

test('a gate without heartbeats leaves a silence that a verifier names', async (t) => {
  const folder = folderFor(t);
  const mute = plant(folder, await hastyGate(folder), { from: 'keepBeating(connections, logbook);', to: '' });
  const key = await startPaperKey(t, { gateFile: mute });
  assert.equal((await key.check()).kind, 'permissions');
  await sleep(1_100);
  assert.equal((await key.order(1)).kind, 'use');
  let report = await key.history(1_000);
  while (!kinds(report).includes('sign')) {
    await sleep(100);
    report = await key.history(1_000);
  }
  assert.equal(beats(report), 0);
  const failed = report.checks.filter(({ passed }) => !passed).map(({ name }) => name);
  assert.deepEqual(failed, ['heartbeats']);
});
