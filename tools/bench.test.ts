import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { repository, temporaryFolder, write } from './_plant.ts';

type End = { readonly code: number; readonly output: string };

const figures = "// Counts to one.\nconsole.log('a table');\nconsole.log(JSON.stringify({ counted: 1 }));\n";

test('without a name the benches are listed with what they measure', async (t) => {
  const { code, output } = await bench(t, { 'counting.ts': figures });
  assert.deepEqual([code, output], [0, 'counting         Counts to one.\n']);
});

test('a bench that ends with its figures passes, arguments included', async (t) => {
  const program = "console.log(JSON.stringify({ quick: process.argv.includes('--quick') }));\n";
  const { code, output } = await bench(t, { 'counting.ts': program }, 'counting', '--quick');
  assert.deepEqual([code, output], [0, '{"quick":true}\n']);
});

test('a bench that does not end with a JSON object fails', async (t) => {
  for (const last of ["'done'", "'[1]'", "'1'"]) {
    const { code, output } = await bench(
      t,
      { 'counting.ts': `${figures}console.log(${last});\n` },
      'counting',
    );
    assert.equal(code, 1);
    assert.match(output, /did not end with a JSON object of its figures/u);
  }
});

test('a bench that breaks off fails', async (t) => {
  const { code, output } = await bench(t, { 'counting.ts': `${figures}process.exit(3);\n` }, 'counting');
  assert.equal(code, 1);
  assert.match(output, /benches\/counting\.ts ended with exit code 3/u);
});

test('an unknown bench, or a path instead of a name, is refused', async (t) => {
  for (const name of ['unknown', '../benches/counting']) {
    const { code, output } = await bench(t, { 'counting.ts': figures }, name);
    assert.equal(code, 2);
    assert.match(output, /`npm run bench` lists the benches/u);
  }
});

async function bench(
  t: TestContext,
  programs: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<End> {
  const root = temporaryFolder(t);
  for (const [name, text] of Object.entries(programs)) write(root, `benches/${name}`, text);
  return new Promise((settle) => {
    const program = join(repository, 'tools', 'bench.ts');
    execFile(process.execPath, [program, ...args], { cwd: root }, (error, stdout, stderr) => {
      settle({ code: Number(error?.code ?? 0), output: stdout + stderr });
    });
  });
}
