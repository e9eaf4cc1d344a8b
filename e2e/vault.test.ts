import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Installation } from './_installation.ts';

const run = promisify(execFile);
const cli = join(import.meta.dirname, '../packages/cli/bin/counterfoil.mjs');
let installation: Installation;

before(async () => {
  installation = await Installation.start('product');
});
after(async () => {
  await installation.stop();
  installation.remove();
});

interface Ran {
  readonly code: number | null;
  readonly text: string;
}

const environment = (): NodeJS.ProcessEnv => ({ ...process.env, COUNTERFOIL_HOME: installation.root });

async function counterfoil(...args: readonly string[]): Promise<Ran> {
  try {
    const { stdout } = await run(process.execPath, [cli, ...args], {
      env: environment(),
      cwd: installation.root,
    });
    return { code: 0, text: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: stdout + stderr };
  }
}

/** On a terminal of its own, with `typed` pasted once it asks; what the terminal showed. */
function onTerminal(args: readonly string[], typed: string): Promise<Ran> {
  const command = [process.execPath, cli, ...args].map((part) => `'${part}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: environment(),
    cwd: installation.root,
  });
  let text = '';
  let asked = false;
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (asked || !text.includes('not shown')) return;
    asked = true;
    child.stdin.write(typed);
  });
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, text })));
}

/** A pasted key as an exchange hands it out: id and secret. */
async function hmacKey(): Promise<{ readonly apiKey: string; readonly secret: string }> {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await fetch(`${installation.desk.paperAdminUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.json();
  };
  const { account } = (await post('/accounts', { name: 'test', balances: { USDT: '1000' } })) as {
    account: number;
  };
  return (await post('/keys', { account, kind: 'hmac' })) as { apiKey: string; secret: string };
}

test('vault status shows the vault of the installation, and every check holds', async () => {
  const { code, text } = await counterfoil('vault', 'status', '--vault', installation.desk.vaultHash);
  assert.equal(code, 0, text);
  assert.ok(text.includes(installation.desk.vaultHash) && !text.includes('✘'));
});

test('vault status fails for another vault, and where the pinned identity is another', async () => {
  const other = await counterfoil('vault', 'status', '--vault', 'f'.repeat(64));
  assert.equal(other.code, 1);
  assert.match(other.text, /✘ the vault you know/u);
  const file = join(installation.root, 'vault', 'identity');
  const pin = readFileSync(file, 'utf8');
  writeFileSync(file, `${'0'.repeat(64)}\n`);
  assert.equal((await counterfoil('vault', 'status')).code, 3);
  writeFileSync(file, pin);
});

test('a secret typed at a terminal gets into the vault, and the terminal never shows it', async () => {
  const { apiKey, secret } = await hmacKey();
  const args = ['seal', '--vault', installation.desk.vaultHash, '--venue', 'paper', '--api-key-id', apiKey];
  const { code, text } = await onTerminal(args, `${secret}\r`);
  assert.equal(code, 0, text);
  assert.match(text, /grade +pasted/u);
  assert.ok(!text.includes(secret), 'the terminal showed the secret');
  const connection = /connection (\S+)/u.exec(text)?.[1] ?? '';
  const view = JSON.parse(readFileSync(join(installation.root, `${connection}.view.json`), 'utf8')) as object;
  assert.deepEqual(Object.keys(view), ['venue', 'apiKeyId', 'epoch', 'viewKey']);
  assert.ok(!JSON.stringify(installation.lines).includes(secret));
});

test('a vault that was not named is not even asked for a secret', async () => {
  const { apiKey, secret } = await hmacKey();
  const args = ['seal', '--vault', 'f'.repeat(64), '--venue', 'paper', '--api-key-id', apiKey];
  const { code, text } = await onTerminal(args, `${secret}\r`);
  assert.equal(code, 3);
  assert.ok(text.includes('not the vault that you named') && !text.includes('not shown'));
});
