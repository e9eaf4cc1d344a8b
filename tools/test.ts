// `npm test`: runs every test file in a process of its own and ends with `N passed, N failed, N skipped`.
// Usage, in the repository's folder: tools/test.ts [--long] [--limit SECONDS] [PART-OF-A-PATH …]
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findTests, runsAlone } from './test/find-tests.ts';
import { printEnd, printFile } from './test/print.ts';
import { runFile, type FileResult } from './test/run-file.ts';
import { stopAll } from './test/stop-group.ts';
import { tally } from './test/tally.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    long: { type: 'boolean', default: false },
    // The slowest honest file takes about two minutes; ten are enough on a machine five times slower. The full-count
    // versions run for up to an hour.
    limit: { type: 'string' },
  },
});
const root = process.cwd();
const limitMs = 1000 * Number(values.limit ?? (values.long ? 2 * 3600 : 600));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopAll();
    console.log(`\nStopped by ${signal}.`);
    process.exit(130);
  });
}

const startedAt = performance.now();
const paths = findTests(root, positionals, values.long);
const together = paths.filter((path) => !runsAlone(path));
const results = [
  ...(await runAll(together, availableParallelism())),
  ...(await runAll(
    paths.filter((path) => runsAlone(path)),
    1,
  )),
];
const outcome = tally(results, allowedReasons());
printEnd(outcome, (performance.now() - startedAt) / 1000);
process.exit(outcome.failures.length === 0 ? 0 : 1);

async function runAll(files: readonly string[], atOnce: number): Promise<FileResult[]> {
  const waiting = [...files];
  const done: FileResult[] = [];
  const work = async (): Promise<void> => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const result = await runFile(root, path, limitMs);
      printFile(result);
      done.push(result);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return done;
}

function allowedReasons(): string[] {
  const list = readFileSync(join(import.meta.dirname, 'allowed-skips.json'), 'utf8');
  return Object.keys((JSON.parse(list) as { reasons: Record<string, string> }).reasons); // a committed file of ours
}
