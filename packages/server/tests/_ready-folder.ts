import { execFileSync } from 'node:child_process';
import { after, type TestContext } from 'node:test';
import { startDatabase } from '../src/index.ts';
import { atEnd } from './_at-end.ts';
import { makeFolder, removeFolder } from './_folder.ts';

let ready: Promise<string> | undefined;
after(async () => {
  if (ready !== undefined) removeFolder(await ready);
});

/** A data folder of its own for one test, with a cluster that has run before; the copy takes a tenth of an initdb. */
export async function readyFolder(t: TestContext): Promise<string> {
  const original = await (ready ??= makeReady());
  const folder = makeFolder();
  atEnd(t, () => removeFolder(folder));
  execFileSync('cp', ['-a', `${original}/.`, folder]);
  return folder;
}

async function makeReady(): Promise<string> {
  const folder = makeFolder();
  const { stop } = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
  await stop();
  return folder;
}
