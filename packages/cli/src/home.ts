/** Where the installation is that a command speaks to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from './errors.ts';

export function homeFolder(given: string | undefined): string {
  return given ?? process.env['COUNTERFOIL_HOME'] ?? join(import.meta.dirname, '../../../data');
}

export interface RunningInstallation {
  readonly url: string;
  readonly token: string;
}

/** The installation that runs in `home`. Throws `CommandError` where none does. */
export function runningInstallation(home: string): RunningInstallation {
  try {
    const { port } = JSON.parse(readFileSync(join(home, 'run', 'ready.json'), 'utf8')) as { port: number };
    return { url: `http://127.0.0.1:${port}`, token: readFileSync(join(home, 'run', 'token'), 'utf8') };
  } catch {
    throw new CommandError(
      `Counterfoil is not running in ${home}; nothing was done. Start it with \`npm start\`.`,
    );
  }
}
