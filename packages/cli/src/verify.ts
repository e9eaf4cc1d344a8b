/** `counterfoil verify`: every check by name, offline, against a policy that did not come with what is checked. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Report, parseConnection } from '@counterfoil/log';
import { verifyBundleFile, verifyHistoryFiles, verifyReceiptFile } from '@counterfoil/log/verify';
import { formatDecimal } from '@counterfoil/vocabulary';
import type { LeafPayload } from '@counterfoil/vocabulary/protocol';
import { CommandError, UsageError } from './errors.ts';
import { homeFolder } from './home.ts';
import { receiptInLog } from './receipt-in-log.ts';
import { describeReport } from './report.ts';

const HELP = `Checks, offline, what Counterfoil claims.

Usage: npx counterfoil verify receipt FILE     one use of a key is in the log
       npx counterfoil verify history          every use of a connection is in the log, and nothing was altered
       npx counterfoil verify bundle FILE      an evidence bundle, by itself

  --policy FILE      the log's key and its witnesses (default: the installation's own)
  --log PLACE        folder or URL of the published log (default: the installation's own)
  --connection FILE  what reads a connection's leaves (default: the demo's)
  --receipt FILE     with history: a receipt that must be in it; may be given several times
  --quorum           with receipt: demand the witnesses' signatures in the file
  --home DIR         data folder
  --json             the checks as JSON

Exit code 0 only if every check passed. Take the policy from somebody you trust: evidence that brings its own policy
proves nothing.
`;

interface Sources {
  readonly policyFile: string;
  readonly log: string;
  readonly connectionFile: string;
  readonly receiptFiles: readonly string[];
  readonly quorum: boolean;
}

export async function verify(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      policy: { type: 'string' },
      log: { type: 'string' },
      connection: { type: 'string' },
      receipt: { type: 'string', multiple: true, default: [] },
      quorum: { type: 'boolean', default: false },
      home: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const home = homeFolder(values.home);
  const sources: Sources = {
    policyFile: values.policy ?? join(home, 'log', 'policy.txt'),
    log: values.log ?? join(home, 'log', 'journal', 'public'),
    connectionFile: values.connection ?? join(home, 'demo', 'connection.json'),
    receiptFiles: values.receipt,
    quorum: values.quorum,
  };
  const [what, file, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError('one thing at a time');
  const { report, says } = await run(what, file, sources);
  if (values.json) process.stdout.write(`${JSON.stringify({ ...report, says })}\n`);
  else
    process.stdout.write(`${describeReport(report, what ?? '')}${says === null ? '' : `It says: ${says}\n`}`);
  return report.passed ? 0 : 1;
}

async function run(
  what: string | undefined,
  file: string | undefined,
  sources: Sources,
): Promise<{ readonly report: Report; readonly says: string | null }> {
  if (what === 'receipt' && file !== undefined) return receipt(file, sources);
  if (what === 'history' && file === undefined) {
    const connection = readConnection(sources.connectionFile);
    const report = await verifyHistoryFiles({ ...sources, ...(connection === null ? {} : { connection }) });
    return { report: { passed: report.passed, checks: report.checks }, says: null };
  }
  if (what === 'bundle' && file !== undefined) {
    const { passed, checks } = await verifyBundleFile({ bundleFile: file, policyFile: sources.policyFile });
    return { report: { passed, checks }, says: null };
  }
  throw new UsageError('say: receipt FILE, history, or bundle FILE');
}

async function receipt(
  file: string,
  sources: Sources,
): Promise<{ readonly report: Report; readonly says: string | null }> {
  const connection = readConnection(sources.connectionFile);
  const { passed, checks, payload } = verifyReceiptFile({
    receiptFile: file,
    policyFile: sources.policyFile,
    quorum: sources.quorum,
    ...(connection === null ? {} : { viewKey: connection.viewKey }),
  });
  const says = payload === undefined ? null : describeLeaf(payload);
  if (!passed || !isPublished(sources.log)) return { report: { passed, checks }, says };
  const inLog = await receiptInLog(
    new Uint8Array(readFileSync(file)),
    readFileSync(sources.policyFile, 'utf8'),
    sources.log,
  );
  return { report: { passed: inLog.passed, checks: [...checks, inLog] }, says };
}

function isPublished(log: string): boolean {
  return /^https?:/.test(log) || existsSync(join(log, 'checkpoint'));
}

function readConnection(path: string): ReturnType<typeof parseConnection> | null {
  if (!existsSync(path)) return null;
  try {
    return parseConnection(new Uint8Array(readFileSync(path)));
  } catch (cause) {
    throw new CommandError(`${path} is not a connection file; nothing was checked.`, { cause });
  }
}

function describeLeaf(payload: LeafPayload): string {
  const at = new Date(payload.atMs).toISOString();
  if (payload.kind !== 'sign') return `${payload.kind}, ${at}`;
  const amount = payload.amount === null ? '' : ` ${formatDecimal(payload.amount)}`;
  const price = payload.price === null ? '' : ` at ${formatDecimal(payload.price)}`;
  const what = [payload.method, payload.type, payload.side].filter((word) => word !== null).join(' ');
  return `${what}${amount} ${payload.symbol}${price}, id ${payload.clientOrderId}, ${at}`;
}
