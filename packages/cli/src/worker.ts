/** `counterfoil worker`: the server's worker for other machines, in this terminal. */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from './errors.ts';

const HELP = `Runs bots on this machine for a vault on another one, until Ctrl-C.

Usage: npx counterfoil worker --credentials FILE

  --credentials FILE  what \`npx counterfoil workers add\` made where the vault runs; each file is for one worker

  DATABASE_URL        the PostgreSQL server that the vault's installation uses

Use the same version as there: a database with other tables is refused. Keep this machine's clock right, for bots that
wait for a time. Where the vault or the database cannot be reached, other workers get the bots, and this one tries on.
Ctrl-C or SIGTERM waits for answers of orders under way and gives the bots back.
`;

const program = join(import.meta.dirname, '../../server/src/remote/main.ts');

export async function worker(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { credentials: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.credentials === undefined) throw new UsageError('say --credentials FILE');
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, resolve(values.credentials)],
    // The channel says nothing; its end tells the worker that this command is gone.
    { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
  );
  // Ctrl-C in a terminal reaches the worker itself too, which hears the first one alone.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolved, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolved(code === 0 ? 0 : 3));
  });
}
