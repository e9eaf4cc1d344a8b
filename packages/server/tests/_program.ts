/**
 * A process of its own around the database, for tests that kill it:
 * `node _program.ts hold|write FOLDER [UID GID]`. It says `ready` or a refusal's code in one line of JSON. `hold`
 * then waits for the end of its input and stops cleanly; `write` commits rows through the pool and says each
 * committed number in a line of its own.
 */
import { writeSync } from 'node:fs';
import { sql } from 'kysely';
import { migrate, openDatabase, startDatabase, StartError, type Database } from '../src/index.ts';

const standardOutput = 1;
const [task, folder, uid, gid] = process.argv.slice(2);
if ((task !== 'hold' && task !== 'write') || folder === undefined)
  throw new Error('usage: hold|write FOLDER [UID GID]');
becomeOrdinary();

try {
  const running = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
  await migrate(running);
  say({ ready: true, uid: process.getuid?.() });
  if (task === 'write') {
    const database = await openDatabase(running);
    await sql`create table if not exists written (id bigint generated always as identity primary key)`.execute(
      database.kysely,
    );
    await Promise.all(Array.from({ length: 4 }, () => writeForEver(database)));
  }
  process.stdin.resume();
  process.stdin.once('end', () => void running.stop());
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  say({ refused: error.code, sentence: error.sentence });
  process.exitCode = 1;
}

async function writeForEver({ kysely }: Database): Promise<never> {
  for (;;) {
    const { rows } = await sql<{ id: bigint }>`insert into written default values returning id`.execute(
      kysely,
    );
    // Straight to the descriptor: what was said here before a SIGKILL has left this process.
    for (const { id } of rows) writeSync(standardOutput, `${id}\n`);
  }
}

function say(line: Record<string, unknown>): void {
  writeSync(standardOutput, `${JSON.stringify(line)}\n`);
}

function becomeOrdinary(): void {
  if (uid === undefined || gid === undefined) return;
  process.setgroups?.([]);
  process.setgid?.(Number(gid));
  process.setuid?.(Number(uid));
}
