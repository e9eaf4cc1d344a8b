/** `counterfoil backup` and `counterfoil restore`: the desk's part of them, in a process of its own. */
import { resolve } from 'node:path';
import { StartError } from '@counterfoil/server';
import { readHidden } from '@counterfoil/wire/read-hidden';
import { backUp, refuseNothing, restore } from './backup.ts';
import { openDataFolder } from './data-folder.ts';
import { holdFolder } from './only-desk.ts';
import { openStoreKey } from './store-key.ts';

async function main([what, home = '', folder = '']: readonly string[]): Promise<unknown> {
  if (what === 'restore') {
    const typed = await readHidden(process.stdin, 'Recovery code (not shown): ');
    return { home, opensBy: await restore(folder, home, typed) };
  }
  refuseNothing(home);
  const { run, root, vault } = openDataFolder(home);
  const lock = await holdFolder(run, root);
  try {
    const storeKey = await openStoreKey({
      folder: vault,
      asked: undefined,
      credentials: process.env['CREDENTIALS_DIRECTORY'],
      askPassphrase: () => readHidden(process.stdin, 'Passphrase of the vault (not shown): '),
    });
    return { folder, ...(await backUp(home, folder, storeKey)) };
  } finally {
    lock.close();
  }
}

try {
  const [what = '', home = '', folder = ''] = process.argv.slice(2);
  console.log(JSON.stringify(await main([what, resolve(home), resolve(folder)])));
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.log(JSON.stringify({ refused: error.sentence }));
  process.exitCode = 1;
}
