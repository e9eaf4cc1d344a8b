/** `counterfoil doctor`: looks for what is set up wrongly, and says what it means and what to do. */
import { existsSync, readFileSync, statSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { print, readInvocation } from './api-command.ts';

const HELP = `Looks at the data folder and the running installation, changes nothing, and says what is wrong.

Usage: npx counterfoil doctor [--json] [--home DIR]

Exit codes: 0 nothing is wrong, 1 something is.
`;

export interface Finding {
  readonly code: string;
  /** What is wrong, what it means for money, what to do. */
  readonly sentence: string;
}

/** Room for some weeks of log and ledger. */
const DISK_BYTES_MIN = 1_073_741_824n;
/** What the vault tolerates between clocks before it freezes live trading. */
const CLOCK_MS_MAX = 30_000;
const ANSWER_MS_MAX = 5_000;
/** `sun_path` of a Unix socket less the name of the vault's. */
const PATH_BYTES_MAX = 103 - '/run/vault.sock'.length;
const NETWORK_FILE_SYSTEMS: ReadonlySet<number> = new Set([0x6969, 0xff534d42, 0x517b, 0xfe534d42]);

export async function doctor(args: readonly string[]): Promise<number> {
  const invocation = readInvocation(args, HELP);
  if (invocation === null) return 0;
  const findings = await examine(invocation.home, process.env);
  print(invocation, findings, () =>
    findings.length === 0
      ? 'Nothing is wrong.'
      : findings.map(({ code, sentence }) => `✗ ${code}\n  ${sentence}`).join('\n'),
  );
  return findings.length === 0 ? 0 : 1;
}

export async function examine(
  home: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly Finding[]> {
  return [...examineEnvironment(environment), ...examineFolder(home), ...(await examineServer(home))];
}

function examineEnvironment(environment: Readonly<Record<string, string | undefined>>): Finding[] {
  const found: Finding[] = [];
  const database = environment['DATABASE_URL'];
  // The value is not repeated: it may hold a password.
  if (database !== undefined && !/^postgres(?:ql)?:\/\/./.test(database))
    found.push({
      code: 'database-url',
      sentence:
        'DATABASE_URL is not of the form postgresql://user:password@host:5432/database; nothing starts with it. Correct it, or unset it to use the built-in database.',
    });
  if (environment['NODE_OPTIONS'] !== undefined && environment['NODE_OPTIONS'] !== '')
    found.push({
      code: 'node-options',
      sentence:
        'NODE_OPTIONS is set: code that it preloads runs inside the server and could trade within the limits. Unset it and start again.',
    });
  return found;
}

function examineFolder(home: string): Finding[] {
  if (!existsSync(home))
    return [
      {
        code: 'no-folder',
        sentence: `There is no data folder ${home}. Start with \`npm start\`, or name it with --home.`,
      },
    ];
  const found: Finding[] = [];
  if (Buffer.byteLength(home) > PATH_BYTES_MAX)
    found.push({
      code: 'path-too-long',
      sentence: `The path of the data folder has more than ${PATH_BYTES_MAX} bytes, so the programs cannot meet in it. Move it to a shorter path.`,
    });
  if (isOpen(home))
    found.push({
      code: 'folder-open',
      sentence: `Other users of this machine can enter ${home}, and with it read the token that trades. Run: chmod 700 ${home}`,
    });
  for (const [file, code, what] of [
    [join(home, 'run', 'token'), 'token-open', 'the token that may trade'],
    [join(home, 'vault', 'paper.kek'), 'store-key-open', 'the key that opens the paper store'],
  ] as const)
    if (existsSync(file) && isOpen(file))
      found.push({ code, sentence: `Other users of this machine can read ${what}. Run: chmod 600 ${file}` });
  found.push(...examineForm(home));
  const { bavail, bsize, type } = statfsSync(home, { bigint: true });
  if (bavail * bsize < DISK_BYTES_MIN)
    found.push({
      code: 'disk-full',
      sentence:
        'Less than 1 GB of disk is free under the data folder. When it is full the log stops, and with it every order. Free some.',
    });
  if (NETWORK_FILE_SYSTEMS.has(Number(type)))
    found.push({
      code: 'network-disk',
      sentence:
        'The data folder is on a network file system, which may lose what was called durable: an order could be forgotten. Move it to a local disk.',
    });
  return found;
}

function examineForm(home: string): Finding[] {
  try {
    const { form, vaultId } = JSON.parse(readFileSync(join(home, 'installation.json'), 'utf8')) as {
      readonly form?: unknown;
      readonly vaultId?: unknown;
    };
    if (form === 1 && typeof vaultId === 'string') return [];
  } catch {
    // Said below.
  }
  return [
    {
      code: 'unknown-form',
      sentence: `${join(home, 'installation.json')} is missing, damaged or of another version; nothing starts here. Restore the folder from a backup, or use the version that made it.`,
    },
  ];
}

async function examineServer(home: string): Promise<Finding[]> {
  const ready = join(home, 'run', 'ready.json');
  if (!existsSync(ready))
    return [
      {
        code: 'not-running',
        sentence: 'Counterfoil does not run here; bots do nothing. Start it with `npm start`.',
      },
    ];
  let port: number;
  try {
    ({ port } = JSON.parse(readFileSync(ready, 'utf8')) as { readonly port: number });
  } catch {
    return [
      {
        code: 'not-running',
        sentence: 'What the last run left behind is damaged. Start again with `npm start`.',
      },
    ];
  }
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`, {
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  }).catch(() => null);
  if (answer === null)
    return [
      {
        code: 'stopped',
        sentence:
          'The last run ended without saying so, and nothing answers now; bots do nothing. Start again with `npm start`; it recovers by itself.',
      },
    ];
  const found: Finding[] = [];
  const health = (await answer.json().catch(() => null)) as Readonly<Record<string, unknown>> | null;
  if (health === null || typeof health['vault'] !== 'string' || typeof health['database'] !== 'string')
    return [
      {
        code: 'foreign-server',
        sentence: `Another program answers on port ${port}; do not sign in there. Stop it, and start Counterfoil again.`,
      },
    ];
  if (health['database'] !== 'ok')
    found.push({
      code: 'database-silent',
      sentence:
        'The database does not answer: no order can be placed. Look at its disk and at counterfoil.log.',
    });
  if (health['vault'] !== 'ok')
    found.push({
      code: 'vault-absent',
      sentence:
        'The vault is not attached: no order can be placed, and open orders are not managed. Look at counterfoil.log.',
    });
  const date = Date.parse(answer.headers.get('date') ?? '');
  if (Math.abs(date - Date.now()) > CLOCK_MS_MAX)
    found.push({
      code: 'clock',
      sentence:
        'The clocks of this command and of the server differ by more than 30 s: the vault freezes live trading. Set the clock.',
    });
  return found;
}

/** Whether anybody besides the owner may read or enter it. */
function isOpen(path: string): boolean {
  return (statSync(path).mode & 0o077) !== 0;
}
