/**
 * An installation in a process of its own, so that a test which knows the secrets is no part of it. Takes names of
 * programs to kill, a line each; says its programs for an empty line, and all that it printed when its input ends.
 */
import { createInterface } from 'node:readline';
import type { ProgramName } from '../packages/desk/src/desk.ts';
import { Installation } from './_installation.ts';

const say = (status: unknown): void => void process.stdout.write(`${JSON.stringify(status)}\n`);

const installation = await Installation.start('product', undefined, { workers: 2 });
const { root, port, desk } = installation;
say({ root, port, adminUrl: desk.paperAdminUrl, venueUrl: desk.paperUrl, databaseUrl: desk.database?.url });
for await (const line of createInterface({ input: process.stdin })) {
  // Names that its own test writes.
  if (line !== '') installation.kill(line as ProgramName | 'database');
  else say({ programs: Object.fromEntries(desk.running()) });
}
await installation.stop();
say({ lines: installation.lines });
