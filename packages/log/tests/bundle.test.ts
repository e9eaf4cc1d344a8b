import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type TestContext, test } from 'node:test';
import { LogError, readZip, utf8, verifyBundle, writeBundle, writeZip } from '@counterfoil/log';
import { browserPrimitives } from '@counterfoil/log/browser';
import { nodePrimitives, sha256Into } from '@counterfoil/log/node';
import { verifyBundleFile } from '@counterfoil/log/verify';
import { buildVerifierPage } from '@counterfoil/log/verifier';
import { contentOf, forgedBundle, trueBundle, withFile } from './_bundles.ts';
import { POLICY } from './_history-log.ts';

const HOURS_25 = 25 * 3_600_000;

async function failuresOf(bytes: Uint8Array, primitives = nodePrimitives): Promise<string[]> {
  const input = { bundle: { source: 'b.zip', bytes }, heartbeatMsMax: HOURS_25, clockMsMax: 30_000 };
  const report = await verifyBundle(primitives, input);
  return report.checks.filter((check) => !check.passed).map((check) => check.name);
}

test('a true bundle holds, with the cryptography of Node and with that of the browser', async () => {
  const { bytes } = trueBundle();
  assert.deepEqual(await failuresOf(bytes), []);
  assert.deepEqual(await failuresOf(bytes, browserPrimitives), []);
});

test('the same content is the same bytes', () => {
  const { bytes, entries, chain } = trueBundle();
  assert.deepEqual(writeBundle(sha256Into, contentOf([...entries], chain)), bytes);
});

test('each forgery of a bundle fails at a named check', async () => {
  const { bytes } = trueBundle();
  const [first = ''] = [...readZip(bytes).keys()].filter((name) => name.startsWith('checkpoints/'));
  assert.equal((await failuresOf(forgedBundle()))[0], 'root');
  assert.deepEqual(await failuresOf(withFile(bytes, 'note.txt', utf8('added'))), ['manifest']);
  assert.deepEqual(await failuresOf(withFile(bytes, first, undefined)), ['manifest']);
  assert.equal((await failuresOf(withFile(bytes, 'checkpoint', undefined)))[1], 'content');
  assert.equal((await failuresOf(bytes.with(200, 1 ^ (bytes[200] ?? 0))))[0], 'archive');
  assert.deepEqual(await failuresOf(bytes.slice(0, -1)), ['archive']);
});

test("a bundle whose own policy trusts a forger is refused under the reader's policy", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const files = { bundleFile: join(folder, 'b.zip'), policyFile: join(folder, 'policy.txt') };
  writeFileSync(files.policyFile, POLICY);
  writeFileSync(files.bundleFile, trueBundle().bytes);
  assert.ok((await verifyBundleFile(files)).passed);
  const { entries, chain } = trueBundle();
  writeFileSync(
    files.bundleFile,
    writeBundle(sha256Into, {
      ...contentOf(entries, chain),
      policy: utf8(POLICY.replace('quorum w1', 'quorum none')),
    }),
  );
  const report = await verifyBundleFile(files);
  assert.deepEqual(
    report.checks.filter((check) => !check.passed).map((check) => check.name),
    ['policy-same'],
  );
});

test('archives with traversal, doubles, compression or a second form are refused', () => {
  const files = new Map([
    ['a.txt', utf8('a')],
    ['b/c.txt', utf8('c')],
  ]);
  const zip = writeZip(files);
  assert.deepEqual(readZip(zip), files);
  for (const name of ['../a', '/a', 'a/../b', 'a//b', '', 'C:\\a', '.hidden', 'a/']) {
    assert.throws(() => writeZip(new Map([[name, utf8('')]])), { code: 'bad-bundle' }, name);
  }
  const local = zip.slice(0, 30 + 5 + 1);
  const attacks = [
    Buffer.concat([local, zip]),
    Buffer.concat([zip, utf8('rest')]),
    zip.with(8, 8),
    zip.with(30, 0x2f),
    new Uint8Array(0),
    zip.slice(0, 40),
  ];
  for (const attack of attacks) assert.throws(() => readZip(new Uint8Array(attack)), LogError);
});

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

/** The page's text after its script has run, opened from disk. */
async function openFromDisk(t: TestContext, html: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'verifier-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const file = join(folder, 'verify.html');
  writeFileSync(file, html);
  const args = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--virtual-time-budget=60000',
    `--user-data-dir=${join(folder, 'profile')}`,
    '--dump-dom',
  ];
  const { stdout } = await promisify(execFile)(CHROMIUM ?? '', [...args, pathToFileURL(file).href], {
    maxBuffer: 64 * 1024 * 1024,
    timeout: 120_000,
  });
  return stdout;
}

test('the offline page, opened from disk, accepts a true bundle and names the failed check of a forged one', async (t) => {
  if (CHROMIUM === undefined) return t.skip('no Chromium');
  const accepted = await openFromDisk(t, await buildVerifierPage(trueBundle().bytes));
  assert.match(accepted, /All \d+ checks passed, under the policy below/);
  assert.match(accepted, /SHA-256 [0-9a-f]{64}/);
  const refused = await openFromDisk(t, await buildVerifierPage(forgedBundle()));
  assert.match(refused, /DOES NOT HOLD: the check "root" failed/);
  const waiting = await openFromDisk(t, await buildVerifierPage());
  assert.match(waiting, /No bundle yet/);
});
