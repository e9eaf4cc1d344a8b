import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Runs an installed command-line tool in `root` and resolves to what it printed if it failed, or to the empty string.
 * A tool that cannot start or dies counts as a finding: a check that did not run is not green.
 */
export function toolFindings(root: string, tool: string, args: readonly string[]): Promise<string> {
  return new Promise((settle) => {
    const child = spawn(join(import.meta.dirname, '..', '..', 'node_modules', '.bin', tool), args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', (error) => settle(`${tool} could not be started: ${error.message}`));
    child.on('close', (code, signal) => {
      if (code === 0) settle('');
      else settle(output.trim() === '' ? `${tool} ended with ${signal ?? `exit code ${code}`}` : output);
    });
  });
}
