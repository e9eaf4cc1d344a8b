/** The probe table: what is open at the level reached, as this user and, started by root, as an ordinary one. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const folder = join(import.meta.dirname, '../src/attack');
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

interface Outcome {
  readonly isolation: string;
  readonly user: string;
  readonly report: Readonly<
    Record<string, { readonly tried: readonly string[]; readonly open: readonly string[] }>
  >;
  readonly worse: readonly string[];
}

type Table = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
const table = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Table;

function attack(uid: number | undefined, ...words: readonly string[]): Promise<Outcome> {
  const command = ['--disable-warning=ExperimentalWarning', join(folder, 'main.ts'), '--json', ...words];
  const as = uid === undefined ? {} : { uid, gid: uid };
  return new Promise((resolve, reject) =>
    execFile(process.execPath, command, { env: {}, ...as }, (error, output) =>
      output === '' ? reject(error ?? new Error('no table')) : resolve(JSON.parse(output) as Outcome),
    ),
  );
}

/** What is open here and not by the table of `level`. */
function beyond(outcome: Outcome, level: string): Readonly<Record<string, readonly string[]>> {
  const expected = table[`${level} ${outcome.user}`] ?? {};
  const rows = Object.entries(outcome.report).map(
    ([who, { open }]) => [who, open.filter((name) => !(expected[who] ?? []).includes(name))] as const,
  );
  return Object.fromEntries(rows);
}

/** Whether a user that owns nothing can start programs of this checkout: not where it lies in root's own folder. */
function isOpenToAll(): boolean {
  const command = ['-e', `require('node:fs').readFileSync(${JSON.stringify(join(folder, 'main.ts'))})`];
  return spawnSync(process.execPath, command, { uid: NOBODY, gid: NOBODY }).status === 0;
}

/** This user, and where that is root an ordinary one, too. */
const users = isRoot && isOpenToAll() ? [undefined, NOBODY] : [undefined];

test('a sealed vault is open exactly where the table for its level says', async () => {
  for (const uid of users) {
    const outcome = await attack(uid);
    assert.equal(outcome.isolation, 'L2');
    assert.deepEqual(outcome.worse, []);
    const open = Object.fromEntries(
      Object.entries(outcome.report).map(([who, { open: names }]) => [who, names]),
    );
    assert.deepEqual(open, table[`L2 ${outcome.user}`], 'what was closed since belongs into the table');
  }
});

test('a vault that lost its seal is named open, probe by probe', async () => {
  const outcome = await attack(users.at(-1), 'unsealed');
  assert.equal(outcome.isolation, 'L1');
  const named = beyond(outcome, 'L2');
  assert.deepEqual(named['code inside it'], [
    'signal its parent',
    'signal every process of its user',
    'change its user',
  ]);
  // Root reads everything, sealed or not.
  const isOrdinary = outcome.user !== 'root';
  assert.equal(named['a program of the same user']?.includes('read its memory'), isOrdinary);
  assert.equal(named['a program of the same user']?.includes('attach as a debugger'), isOrdinary);
  assert.deepEqual(outcome.worse, []);
});
