import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Installation, type Placed } from './_installation.ts';

const run = promisify(execFile);
const cli = join(import.meta.dirname, '../packages/cli/bin/counterfoil.mjs');
let installation: Installation;

async function counterfoil(...args: readonly string[]): Promise<{ code: number; text: string }> {
  const env = { ...process.env, COUNTERFOIL_HOME: installation.root };
  try {
    const { stdout } = await run(process.execPath, [cli, ...args], { env, cwd: installation.root });
    return { code: 0, text: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: stdout + stderr };
  }
}

interface Verdict {
  readonly passed: boolean;
  readonly checks: readonly { readonly name: string; readonly passed: boolean }[];
}

async function verify(
  file: string,
): Promise<{ passed: boolean; failed: string | undefined; names: readonly string[] }> {
  const { text } = await counterfoil('verify', 'receipt', file, '--json');
  const verdict = JSON.parse(text) as Verdict;
  const failed = verdict.checks.find((check) => !check.passed)?.name;
  return { passed: verdict.passed, failed, names: verdict.checks.map((check) => check.name) };
}

/** The log's public files reach the receipt within a second. */
async function published(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1_500));
}

before(async () => {
  installation = await Installation.start('product');
});
after(async () => {
  await installation.stop();
  installation.remove();
});

test('one command fills a market order at the paper exchange, and its receipt holds at every check', async () => {
  const { code, text } = await counterfoil(
    'order',
    'buy',
    '0.001',
    'BTCUSDT',
    '--receipt',
    'market.tlog-proof',
  );
  assert.equal(code, 0, text);
  assert.match(text, /filled {10}0\.001/);
  await published();
  const { passed, names } = await verify(join(installation.root, 'market.tlog-proof'));
  assert.ok(passed);
  assert.deepEqual(names, ['policy', 'form', 'signature', 'inclusion', 'content', 'log']);
});

test('one command rests a limit order at the paper exchange', async () => {
  const { code, text } = await counterfoil('order', 'sell', '0.001', 'BTCUSDT', '--limit', '90000');
  assert.equal(code, 0, text);
  assert.match(text, /state {11}acknowledged/);
});

test('every changed byte of a receipt fails at a named check', async (t) => {
  const file = join(installation.root, 'market.tlog-proof');
  const receipt = readFileSync(file);
  const altered = join(installation.root, 'altered.tlog-proof');
  const failures = new Map<string, number>();
  // Every 29th byte touches each line of the file; 29 has no common factor with a line's length of 44 or 64.
  for (let at = 0; at < receipt.length; at += 29) {
    const copy = Buffer.from(receipt);
    copy[at] = (copy[at] ?? 0) ^ 1;
    writeFileSync(altered, copy);
    const { passed, failed } = await verify(altered);
    assert.ok(!passed && failed !== undefined, `byte ${at} was changed and the receipt still holds`);
    failures.set(failed, (failures.get(failed) ?? 0) + 1);
  }
  t.diagnostic(JSON.stringify(Object.fromEntries(failures)));
});

test('one changed byte in the log fails at the check that reads it', async () => {
  const folder = join(installation.root, 'log', 'journal', 'public', 'tile', 'entries', '000.p');
  const files = readdirSync(folder).map((name) => join(folder, name));
  const originals = files.map((file) => readFileSync(file));
  try {
    for (const [i, file] of files.entries()) {
      const copy = Buffer.from(originals[i] ?? []);
      const at = Math.floor(copy.length / 2);
      copy[at] = (copy[at] ?? 0) ^ 1;
      writeFileSync(file, copy);
    }
    assert.equal((await verify(join(installation.root, 'market.tlog-proof'))).failed, 'log');
    assert.equal((await counterfoil('verify', 'history')).code, 1);
    assert.equal((await counterfoil('log', 'inspect')).code, 1);
  } finally {
    for (const [i, file] of files.entries()) writeFileSync(file, originals[i] ?? '');
  }
  assert.ok((await verify(join(installation.root, 'market.tlog-proof'))).passed);
  const history = await counterfoil('verify', 'history', '--receipt', 'market.tlog-proof');
  assert.equal(history.code, 0, history.text);
  assert.equal((await counterfoil('log', 'inspect')).code, 0);
});

test('an order outside the demo mandate is refused before anything is signed', async () => {
  const { code, text } = await counterfoil('order', 'buy', '100', 'BTCUSDT', '--limit', '60000', '--json');
  assert.equal(code, 1);
  const answer = JSON.parse(text) as { state: string; receipt: string | null; outcome: { code: string } };
  assert.equal(answer.state, 'refused');
  assert.equal(answer.outcome.code, 'mandate');
  assert.equal(answer.receipt, null);
});

for (const [what, args, said] of [
  ['no amount', ['order', 'buy'], /AMOUNT and SYMBOL/],
  ['a zero amount', ['order', 'buy', '0', 'BTCUSDT'], /number above zero/],
  ['an amount in another spelling', ['order', 'buy', '1e-3', 'BTCUSDT'], /number above zero/],
  ['an unknown command', ['ordre'], /no command/],
  ['an unknown option', ['order', 'buy', '1', 'BTCUSDT', '--leverage', '9'], /leverage/],
  ['a receipt that is not there', ['verify', 'receipt', 'nowhere'], /nowhere cannot be read/],
] as const) {
  test(`the command refuses ${what} with a sentence`, async () => {
    const { code, text } = await counterfoil(...args);
    assert.ok(code === 2 || code === 3);
    assert.match(text, said);
    assert.doesNotMatch(text, /at .*\.ts:/);
  });
}

test('a symbol that no venue writes is refused by the server with its field', async () => {
  const { code, text } = await counterfoil('order', 'buy', '1', 'BTC USDT');
  assert.equal(code, 3);
  assert.match(text, /order\.symbol/);
});

test('an order that comes before the vault is back is not placed, and does not keep the server from it', async () => {
  const { desk } = installation;
  const gate = desk.running().get('gate') ?? 0;
  process.kill(gate, 'SIGSTOP');
  const before = desk.running().get('server');
  installation.kill('server');
  await installation.until('another server runs', () =>
    Promise.resolve(desk.running().get('server') !== before),
  );
  let placed: Placed | null = null;
  await installation.until('it answers', async () => (placed = await installation.place()) !== null);
  process.kill(gate, 'SIGCONT');
  assert.equal((placed as Placed | null)?.state, 'notPlaced');
  await installation.well();
  assert.equal((await installation.place())?.state, 'accepted');
});
