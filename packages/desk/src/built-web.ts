/** The built dashboard, which the server serves. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const build = join(import.meta.dirname, '../../web/build/build.ts');

/** Builds it where its sources have changed, and resolves to its folder. */
export async function webFolder(): Promise<string> {
  try {
    const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', build]);
    return stdout.trim();
  } catch (cause) {
    const said = (cause as { readonly stderr?: string }).stderr?.trim();
    throw new Error(`The dashboard could not be built; nothing was started. ${said ?? String(cause)}`, {
      cause,
    });
  }
}
