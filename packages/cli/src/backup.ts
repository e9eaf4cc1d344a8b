/** `counterfoil backup` and `counterfoil restore`: the desk does the work, because the data folder is the desk's. */
import { parseArgs } from 'node:util';
import { runDesk } from './desk-program.ts';
import { UsageError } from './errors.ts';
import { homeFolder } from './home.ts';

const HELP: Readonly<Record<'backup' | 'restore', string>> = {
  backup: `Copies a stopped installation into a new folder, and prints the recovery code that opens it.

Usage: npx counterfoil backup FOLDER [--home DIR] [--json]

Exchange secrets in it are sealed under the code, which is shown once and kept nowhere: write it down. Everything else
is as readable as the data folder: bots, history, view keys of the demo, and the log's signing key. A database that
DATABASE_URL names is not in it; back it up while Counterfoil is stopped, too.
`,
  restore: `Makes an installation from a backup, on this machine or another one.

Usage: npx counterfoil restore FOLDER --home NEW-DIR [--json]

Asks for the recovery code (from a pipe, reads it there). The installation starts frozen: orders are cancelled at most
until an owner thaws it. Its log goes on from the copy, and refuses to where a witness has seen more. Never start the
copied installation again: two that sign with one key are a fork, and a witness shows it.
`,
};

interface Said {
  readonly code?: string;
  readonly hasDatabase?: boolean;
  readonly opensBy?: string;
}

export async function backup(args: readonly string[]): Promise<number> {
  return carryOut('backup', args, ({ code = '', hasDatabase }, folder) => [
    `backup         ${folder}`,
    `recovery code  ${code}`,
    'Write the code down: it is not shown again and kept nowhere, and without it the keys in the backup are lost.',
    ...(hasDatabase === true
      ? []
      : ['The database is not in it: DATABASE_URL names a server. Back it up too.']),
  ]);
}

export async function restore(args: readonly string[]): Promise<number> {
  return carryOut('restore', args, ({ opensBy }, _folder, home) => [
    `restored  ${home}`,
    ...(opensBy === 'passphrase'
      ? ['The vault’s passphrase is the recovery code now, as it was printed.']
      : []),
    'It starts frozen: nothing trades until it is thawed. Never start the installation again that it is a copy of.',
  ]);
}

async function carryOut(
  what: 'backup' | 'restore',
  args: readonly string[],
  describe: (said: Said, folder: string, home: string) => readonly string[],
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      home: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP[what]);
    return 0;
  }
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) throw new UsageError('say one folder');
  const home = homeFolder(values.home);
  const said = await runDesk<Said>('backup-main.ts', [what, home, folder]);
  process.stdout.write(
    values.json ? `${JSON.stringify(said)}\n` : `${describe(said, folder, home).join('\n')}\n`,
  );
  return 0;
}
