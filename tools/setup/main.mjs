// The set-up as its protocol reads: is everything there? one installer at a time; space; install; put into place.
import { fileURLToPath } from 'node:url';
import { dirname, resolve } from 'node:path';
import { assertSpace } from './space.mjs';
import { holdInstallLock } from './install-lock.mjs';
import { installInto } from './install.mjs';
import { isInstalled } from './installed.mjs';
import { SetupError, explain } from './setup-error.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** Installs the dependencies of the repository at `root` unless they are there; ends the process on failure. */
export async function main(root = resolve(here, '..', '..')) {
  try {
    if (isInstalled(root)) return;
    await holdInstallLock(root, async () => {
      // Whoever held the lock before may have done the work.
      if (isInstalled(root)) return;
      assertSpace(root);
      console.error('Installing dependencies (once, about 0.5 GB) …');
      await installInto(root);
    });
  } catch (error) {
    const failure = error instanceof SetupError ? error : explain(error, root);
    console.error(`counterfoil: ${failure.message}`);
    process.exit(failure.exitCode);
  }
}
