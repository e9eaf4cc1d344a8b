/** The built vault programs, and that they are the ones whose hashes were reviewed. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const build = join(import.meta.dirname, '../../vault/build/build.ts');

interface VaultFiles {
  readonly gateFile: string;
  readonly builderFile: string;
}

/**
 * Builds them where they are not built yet. Throws where the result is not what `packages/vault/built.json` records.
 */
export async function vaultFiles(): Promise<VaultFiles> {
  try {
    const { stdout } = await run(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      build,
      '--paths',
    ]);
    return JSON.parse(stdout) as VaultFiles;
  } catch (cause) {
    const said = (cause as { readonly stderr?: string }).stderr?.trim();
    throw new Error(said || `the vault could not be built: ${String(cause)}`, { cause });
  }
}
