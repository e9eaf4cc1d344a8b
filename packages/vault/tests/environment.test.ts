/** Where the gate refuses to start, and that each refusal is what stops it: without it the gate goes on. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { dlopen } from 'node:ffi';
import { chmodSync, closeSync, constants, openSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type TestContext, test } from 'node:test';
import { gateFlags } from '@counterfoil/vocabulary/gate-flags';
import { plant } from './_planted-build.ts';
import { endAfter, ending, folderFor, gateFile, lineOf } from './_programs.ts';
import { startVault } from './_vault.ts';

const REFUSED = 19;
const STORE_READABLE = 22;

/** How far a gate comes: its level, or the number that it ends by. */
async function reached(child: ChildProcess): Promise<unknown> {
  return lineOf(child, ({ status, isolation }) => (status === 'sealed' ? isolation : undefined)).catch(() =>
    ending(child),
  );
}

function storeFor(t: TestContext, mode = 0o600): number {
  const file = join(folderFor(t), 'store');
  const store = openSync(file, constants.O_RDWR | constants.O_CREAT);
  chmodSync(file, mode);
  t.after(() => closeSync(store));
  return store;
}

interface Trial {
  readonly file: string;
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly storeMode?: number;
  /** Largest core dump, in the shell's blocks. */
  readonly core?: number | 'unlimited';
  /** Where it stands, and where its dump would lie. */
  readonly folder?: string;
  /** Waits for a line on standard input first. */
  readonly waits?: boolean;
}

/** As a hostile launcher starts it: the product's own gives an empty environment and forbids dumps. */
function start(t: TestContext, trial: Trial): ChildProcess {
  const { file, flags = gateFlags, environment = {}, storeMode = 0o600, core = 0, folder, waits } = trial;
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const command = [...variables, process.execPath, `--allow-fs-read=${file}`, ...flags, file];
  const line = `${waits === true ? 'read line; ' : ''}ulimit -c ${core}; exec env -i ${command.map((word) => `'${word}'`).join(' ')}`;
  const child = spawn('/bin/sh', ['-c', line], {
    stdio: ['pipe', 'pipe', 'ignore', 'pipe', storeFor(t, storeMode)],
    ...(folder === undefined ? {} : { cwd: folder }),
  });
  child.stdio[3]?.on('error', () => {});
  endAfter(t, child);
  return child;
}

/** Variables that are known to put code or trust into a Node process, and one that is harmless. */
const POISONS = {
  NODE_OPTIONS: '--no-warnings',
  NODE_EXTRA_CA_CERTS: '/nonexistent',
  NODE_TLS_REJECT_UNAUTHORIZED: '0',
  SSL_CERT_FILE: '/nonexistent',
  OPENSSL_CONF: '/nonexistent',
  LD_PRELOAD: '/nonexistent.so',
  UV_THREADPOOL_SIZE: '4',
  X: '',
};

test('a gate with any variable in its environment ends by 19, and goes on without that check', async (t) => {
  const file = await gateFile();
  for (const [name, value] of Object.entries(POISONS))
    assert.equal(await reached(start(t, { file, environment: { [name]: value } })), REFUSED, name);
  const weakened = plant(folderFor(t), file, { from: 'Object.keys(process.env).length > 0 || ', to: '' });
  for (const name of ['NODE_EXTRA_CA_CERTS', 'LD_PRELOAD'] as const)
    assert.equal(await reached(start(t, { file: weakened, environment: { [name]: POISONS[name] } })), 'L1');
});

test('a gate under any other flags ends by 19, and goes on without that check', async (t) => {
  const file = await gateFile();
  const others = {
    'one more': [...gateFlags, '--allow-net'],
    'one less': gateFlags.filter((flag) => flag !== '--frozen-intrinsics'),
    'another order': gateFlags.toReversed(),
    'an inspector': [...gateFlags, '--allow-inspector', '--inspect=0'],
  };
  for (const [name, flags] of Object.entries(others))
    assert.equal(await reached(start(t, { file, flags })), REFUSED, name);
  const weakened = plant(folderFor(t), file, { from: '!expected || ', to: '' });
  assert.equal(await reached(start(t, { file: weakened, flags: others['one more'] })), 'L1');
  const inspected = { file: weakened, flags: others['an inspector'] };
  assert.equal(await reached(start(t, inspected)), REFUSED, 'the inspector is seen by itself');
});

test('a gate whose store others may read ends by 22, and goes on without that check', async (t) => {
  const file = await gateFile();
  for (const storeMode of [0o604, 0o640, 0o660])
    assert.equal(await reached(start(t, { file, storeMode })), STORE_READABLE, storeMode.toString(8));
  assert.equal(await reached(start(t, { file })), 'L1');
  const weakened = plant(folderFor(t), file, {
    from: 'mode & READABLE_BY_OTHERS) !== 0',
    to: 'mode & 0) !== 0',
  });
  assert.equal(await reached(start(t, { file: weakened, storeMode: 0o640 })), 'L1');
});

test('a gate that may leave a core dump ends by 19, and goes on without that check', async (t) => {
  const file = await gateFile();
  assert.equal(await reached(start(t, { file, core: 1 })), REFUSED);
  const weakened = plant(folderFor(t), file, { from: 'traced || dumped', to: 'traced' });
  assert.equal(await reached(start(t, { file: weakened, core: 1 })), 'L1');
});

/** Whether this system writes a dump beside the process, where a test can look for it. */
function dumpsHere(): boolean {
  return (
    process.platform === 'linux' &&
    /^[^/|]/.test(readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim())
  );
}

/** Whether a running gate that crashes leaves a dump, where somebody lifts its limit as far as he may. */
async function dumps(t: TestContext, trial: Trial): Promise<boolean> {
  const folder = folderFor(t);
  const child = start(t, { ...trial, folder });
  assert.equal(await reached(child), 'L1');
  // An ordinary user may not lift a limit that is shut for good.
  spawnSync('prlimit', ['--pid', String(child.pid), '--core=unlimited:unlimited']);
  const ended = ending(child);
  child.kill('SIGSEGV');
  assert.equal(await ended, 'SIGSEGV');
  return readdirSync(folder).some((name) => name.startsWith('core'));
}

if (dumpsHere()) {
  test('a running gate that crashes leaves no core dump, with a lifted limit or none at all', async (t) => {
    const file = await gateFile();
    assert.equal(await dumps(t, { file }), false);
    const unlimited = plant(folderFor(t), file, { from: 'traced || dumped', to: 'traced' });
    assert.equal(await dumps(t, { file: unlimited, core: 'unlimited' }), false);
  });

  test('a gate that neither refuses a limit nor hides itself leaves its memory in a file', async (t) => {
    const limitless = plant(folderFor(t), await gateFile(), { from: 'traced || dumped', to: 'traced' });
    const open = plant(folderFor(t), limitless, { from: 'kernel?.hide() === false', to: 'false' });
    assert.equal(await dumps(t, { file: open, core: 'unlimited' }), true);
  });
}

/** Where Node opens an inspector that is asked for by a signal. */
const INSPECTOR = 'http://127.0.0.1:9229/json/list';

/** Whether a ready gate opens an inspector at SIGUSR1, as Node does. */
async function inspectable(t: TestContext, file: string, flags: readonly string[]): Promise<boolean> {
  const { gate } = await startVault(t, { builder: false, gateFile: file, gateFlags: flags });
  gate.kill('SIGUSR1');
  // It opens within milliseconds; a gate that ends is asked no more.
  for (let tries = 0; tries < 20 && gate.exitCode === null && gate.signalCode === null; tries++) {
    const targets = await fetch(INSPECTOR).then(
      (answer) => answer.text(),
      () => '',
    );
    if (targets.includes(basename(file))) return true;
    await pause(100);
  }
  return false;
}

test('a running gate opens no inspector when it is told to, and one without the guards against it does', async (t) => {
  assert.equal(await inspectable(t, await gateFile(), []), false);
  const lenient = plant(folderFor(t), await gateFile(), { from: '!expected || ', to: '' });
  const flags = ['--no-disable-sigusr1', '--allow-inspector'];
  assert.equal(await inspectable(t, lenient, flags), false, 'a sealed gate can make no socket');
  const open = plant(folderFor(t), lenient, { from: 'kernel.filter(filter)', to: '0' });
  assert.equal(await inspectable(t, open, flags), true);
});

/** PTRACE_SEIZE: attaches without stopping, and stays attached over a change of program. */
const SEIZE = 0x4206;

test('a gate that somebody traces ends by 19, and goes on without that check', async (t) => {
  const { functions } = dlopen(null, {
    ptrace: { arguments: ['i32', 'i32', 'u64', 'u64'], return: 'i64' },
  });
  const traced = (file: string): ChildProcess => {
    const child = start(t, { file, waits: true });
    assert.equal(functions.ptrace(SEIZE, child.pid ?? 0, 0n, 0n), 0n);
    child.stdin?.write('\n');
    return child;
  };
  const file = await gateFile();
  assert.equal(await reached(traced(file)), REFUSED);
  const weakened = plant(folderFor(t), file, { from: 'traced || dumped', to: 'dumped' });
  assert.equal(await reached(traced(weakened)), 'L1');
});
