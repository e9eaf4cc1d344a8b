/** The desk's own programs, for commands whose work is in the data folder: that is the desk's. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CommandError } from './errors.ts';

const desk = join(import.meta.dirname, '../../desk/src');

/**
 * Runs one and returns what it said. Standard input is the program's: a code or a passphrase never passes this process.
 * Throws `CommandError` with its sentence where it refused.
 */
export async function runDesk<Said>(
  program: 'backup-main.ts' | 'workers-main.ts',
  args: readonly string[],
): Promise<Said> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(desk, program), ...args],
    { stdio: ['inherit', 'pipe', 'inherit'] },
  );
  const said = await text(child.stdout);
  if (said === '') throw new CommandError('it ended without a word; nothing of it counts.');
  const answer = JSON.parse(said) as Said & { readonly refused?: string };
  if (answer.refused !== undefined) throw new CommandError(answer.refused);
  return answer;
}
