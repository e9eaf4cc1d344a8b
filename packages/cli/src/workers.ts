/** `counterfoil workers`: who may run bots for this installation from another machine. */
import { parseArgs } from 'node:util';
import { runDesk } from './desk-program.ts';
import { UsageError } from './errors.ts';
import { homeFolder } from './home.ts';

const HELP = `Workers on other machines: they share this installation's bots, and take over from each other.

Usage: npx counterfoil workers                                 lists them
       npx counterfoil workers add NAME --door HOST:PORT       makes a key, and a file with it for the other machine
       npx counterfoil workers remove NAME                     takes the key back

  --door HOST:PORT  where the other machine reaches the door of \`npm start -- --worker-door\`
  --file FILE       where the credentials go (default: NAME.worker.json in the current folder)
  --json            the answer as JSON
  --home DIR        data folder

The file holds the private key and nothing of the database: bring it to the other machine by a way that nobody else
reads, delete it here, and give DATABASE_URL there yourself. A new key counts from the next \`npm start\` on. A removed
one opens the door no more within a second, and the vault forgets it at its next start. It says nothing about the
database, whose password that machine knows: change it, too.
`;

interface Said {
  readonly workers?: readonly { readonly name: string; readonly pin: string }[];
}

export async function workers(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      door: { type: 'string' },
      file: { type: 'string' },
      home: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [what = 'list', name = '', ...more] = positionals;
  if (more.length > 0 || (what === 'list') !== (name === ''))
    throw new UsageError('say one worker by its name');
  const { door, file = `${name}.worker.json` } = values;
  if (what === 'add' && door === undefined)
    throw new UsageError('--door says where the other machine finds it');
  if (!['list', 'add', 'remove'].includes(what))
    throw new UsageError(`there is no workers ${what}; say add or remove, or nothing for a list`);
  const said = await runDesk<Said>('workers-main.ts', [
    what,
    homeFolder(values.home),
    name,
    door ?? '',
    file,
  ]);
  process.stdout.write(values.json ? `${JSON.stringify(said)}\n` : `${describe(what, name, file, said)}\n`);
  return 0;
}

function describe(what: string, name: string, file: string, { workers: known = [] }: Said): string {
  if (what === 'add') {
    return [
      `credentials of ${name}  ${file}`,
      'They hold a private key: bring them to the other machine unseen, and delete them here. The key counts from the',
      'next `npm start` on. There, with DATABASE_URL:  npx counterfoil worker --credentials FILE',
    ].join('\n');
  }
  if (what === 'remove')
    return `${name} is removed: its lines are cut within a second. Change the database's password, which it knows.`;
  if (known.length === 0) return 'There are no workers on other machines.';
  return known.map((one) => `${one.name.padEnd(24)}  ${one.pin}`).join('\n');
}
