import type { TestContext } from 'node:test';

type Cleanup = () => unknown;

const cleanups = new WeakMap<TestContext, Cleanup[]>();

/**
 * Runs a clean-up when the test ends, the last one first: what was built on top goes before what it stands on.
 * (`t.after` alone runs the first one first, and would delete a data folder below its running database.)
 */
export function atEnd(t: TestContext, cleanup: Cleanup): void {
  const known = cleanups.get(t);
  if (known !== undefined) {
    known.push(cleanup);
    return;
  }
  const list = [cleanup];
  cleanups.set(t, list);
  t.after(async () => {
    for (const each of list.toReversed()) await each();
  });
}
