/** `counterfoil verify receipt`: every check by name, offline, against a policy that did not come with the receipt. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Check, type ReceiptSources, checkReceipt } from './check-receipt.ts';
import { CommandError, UsageError } from './errors.ts';
import { homeFolder } from './home.ts';

const HELP = `Checks a receipt, offline.

Usage: npx counterfoil verify receipt FILE [options]

  --policy FILE     the log's key and its witnesses (default: the installation's own)
  --log FOLDER      the log's public files, to find the leaf there too (default: the installation's own)
  --view-key FILE   reads what the leaf says (default: the demo's)
  --home DIR        data folder
  --json            the checks as JSON

Exit code 0 only if every check passed. Take the policy from somebody you trust: a receipt that brings its own proves
nothing.
`;

export async function verify(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      policy: { type: 'string' },
      log: { type: 'string' },
      'view-key': { type: 'string' },
      home: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [what, file, ...rest] = positionals;
  if (what !== 'receipt' || file === undefined || rest.length > 0) throw new UsageError('say: receipt FILE');
  const home = homeFolder(values.home);
  const sources: ReceiptSources = {
    receiptFile: file,
    policyFile: values.policy ?? join(home, 'log', 'policy.txt'),
    logFolder: values.log ?? join(home, 'log', 'journal', 'public'),
    viewKeyFile: values['view-key'] ?? join(home, 'demo', 'view-key.txt'),
  };
  for (const needed of [sources.receiptFile, sources.policyFile]) readable(needed);
  const checks = checkReceipt(sources);
  const passed = checks.every((check) => check.passed);
  process.stdout.write(values.json ? `${JSON.stringify({ passed, checks })}\n` : describe(checks, passed));
  return passed ? 0 : 1;
}

function readable(path: string): void {
  try {
    readFileSync(path);
  } catch {
    throw new CommandError(`${path} cannot be read; nothing was checked.`);
  }
}

function describe(checks: readonly Check[], passed: boolean): string {
  const lines = checks.map((check) => {
    const head = `${check.passed ? '✓' : '✗'} ${check.name.padEnd(12)} ${check.found}`;
    return check.passed
      ? head
      : `${head}\n               expected ${check.expected}\n               source   ${check.source}`;
  });
  const end = passed
    ? 'The receipt holds.'
    : 'THE RECEIPT DOES NOT HOLD. Keep the file, and do not rely on it.';
  return `${lines.join('\n')}\n\n${end}\n`;
}
