/**
 * `counterfoil vault attack`: starts a stand-in as the gate is started, attacks it from inside and from outside, and
 * holds what succeeded against the table for the level that it reached. The running vault is not touched.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gateArguments } from '@counterfoil/vocabulary/gate-flags';

const here = import.meta.dirname;
const buildProgram = join(here, '../../build/build.ts');
/** A user that owns nothing, on every Linux. */
const NOBODY = 65_534;

interface Tried {
  readonly tried: readonly string[];
  readonly open: readonly string[];
}

/** Who attacks: code inside the process; programs of the same user; where root attacks, also another user's. */
type Report = Readonly<Record<string, Tried>>;

/** What may be open, by level and by who runs the vault. */
type Table = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

async function said<T>(child: ChildProcess): Promise<T> {
  if (child.stdout === null) throw new Error('a program without standard output');
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as T;
  throw new Error('a program of the attack ended without a word');
}

function outside(pid: number, uid: number | undefined): Promise<Tried> {
  const command = ['--disable-warning=ExperimentalWarning', join(here, 'outside.ts'), String(pid)];
  const as = uid === undefined ? {} : { uid, gid: uid };
  return said(spawn(process.execPath, command, { env: {}, stdio: ['ignore', 'pipe', 'ignore'], ...as }));
}

async function attack(
  extra: readonly string[],
): Promise<{ readonly isolation: string; readonly report: Report }> {
  const path = execFileSync(process.execPath, [buildProgram, '--stand-in'], { encoding: 'utf8' }).trim();
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-attack-'));
  const store = openSync(join(folder, 'store'), 'w+', 0o600);
  const command = [
    '--disable-warning=ExperimentalWarning',
    join(here, '../gate/start.ts'),
    ...gateArguments(path),
  ];
  const standIn = spawn(process.execPath, [...command, ...extra], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore', 'pipe', store],
  });
  closeSync(store);
  try {
    const { isolation, ...inside } = await said<Tried & { readonly isolation: string }>(standIn);
    const pid = standIn.pid ?? 0;
    const report = { 'code inside it': inside, 'a program of the same user': await outside(pid, undefined) };
    if (process.getuid?.() !== 0) return { isolation, report };
    return { isolation, report: { ...report, 'a program of another user': await outside(pid, NOBODY) } };
  } finally {
    standIn.kill('SIGKILL');
    await once(standIn, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

const asJson = process.argv.includes('--json');
const extra = process.argv.slice(2).filter((word) => word === 'unsealed');
const { isolation, report } = await attack(extra);
const user = process.getuid?.() === 0 ? 'root' : 'user';
const table = JSON.parse(readFileSync(join(here, 'expected.json'), 'utf8')) as Table;
const expected = table[`${isolation} ${user}`] ?? {};
const worse = Object.entries(report).flatMap(([who, { open }]) =>
  open.filter((name) => !(expected[who] ?? []).includes(name)).map((name) => `${who}: ${name}`),
);
if (asJson) process.stdout.write(`${JSON.stringify({ isolation, user, report, worse })}\n`);
else process.stdout.write(describe());
process.exitCode = worse.length === 0 ? 0 : 1;

function describe(): string {
  const lines = Object.entries(report).flatMap(([who, { tried, open }]) => [
    '',
    `  ${who}: ${open.length} of ${tried.length} open`,
    ...tried.map((name) => `    ${mark(open.includes(name), (expected[who] ?? []).includes(name))}  ${name}`),
  ]);
  const verdict =
    worse.length === 0
      ? `As ${isolation} promises here. What each level means: SECURITY.md.`
      : `Worse than ${isolation} promises: ${worse.join('; ')}. Do not unlock a vault with real keys on this system.`;
  return `  isolation ${isolation}, started by ${user === 'root' ? 'root' : 'an ordinary user'}\n${lines.join('\n')}\n\n  ${verdict}\n`;
}

function mark(isOpen: boolean, isExpected: boolean): string {
  if (!isOpen) return 'closed';
  return isExpected ? 'open  ' : 'OPEN! ';
}
