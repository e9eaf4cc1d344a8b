/**
 * `counterfoil vault status`: what the vault says that it is, and whether its signature and its build hold.
 * `counterfoil vault attack`: what could be done to a process that is closed like it.
 * `counterfoil vault passkeys`: whose approvals it takes.
 */
import { spawn } from 'node:child_process';
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { vaultHash } from '@counterfoil/seal';
import { encodeCbor, toCbor } from '@counterfoil/vocabulary';
import { ATTEST_LABEL, type GateResult, attestStatement } from '@counterfoil/vocabulary/protocol';
import { CommandError, UsageError } from './errors.ts';
import { homeFolder } from './home.ts';
import { openVault } from './vault-link.ts';
import { passkeys } from './vault-passkeys.ts';

const HELP = `Asks the running vault what it is, or attacks one like it.

Usage: npx counterfoil vault status [options]
       npx counterfoil vault attack [--json]
       npx counterfoil vault passkeys [--json]

  --vault HASH  the vault that you know; another one is a failure
  --json        as JSON
  --home DIR    data folder

status: what the vault says of itself, signed by its key for this question. It shows that the key is there and that
the program's file is the recorded one, not that nobody changed the machine.

attack: starts a process that is closed as the vault is and holds nothing, and tries to get out of it and into it. The
running vault is not touched. Fails where something is open that should not be at the level that this system reaches.

passkeys: the passkeys that approve looser limits, a thaw and further passkeys, and what losing them means.
`;

const recorded = join(import.meta.dirname, '../../vault/built.json');

const attackProgram = join(import.meta.dirname, '../../vault/src/attack/main.ts');

/** The attack prints its own table, and its exit code is the answer. */
async function attack(json: boolean): Promise<number> {
  const words = ['--disable-warning=ExperimentalWarning', attackProgram, ...(json ? ['--json'] : [])];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

type Attestation = Extract<GateResult, { kind: 'attestation' }>;

export async function vault(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      vault: { type: 'string' },
      json: { type: 'boolean', default: false },
      home: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [what] = positionals;
  if (positionals.length === 1 && what === 'passkeys') return passkeys(homeFolder(values.home), values.json);
  if (positionals.length === 1 && what === 'attack') return attack(values.json);
  if (positionals.length !== 1 || what !== 'status') throw new UsageError('say: status, attack or passkeys');
  const link = await openVault(homeFolder(values.home));
  const nonce = randomBytes(32);
  const said = await link.ask({ kind: 'attest', nonce }).finally(link.close);
  if (said.kind !== 'attestation') throw new CommandError('the vault did not say what it is.');
  const hash = await vaultHash(said.statement);
  const checks = {
    'signed by this vault': isSigned(said, link.pin),
    'signed for this question': nonce.equals(said.statement.nonce),
    'the recorded build': isRecorded(said),
    ...(values.vault === undefined
      ? {}
      : { 'the vault you know': hash === values.vault.trim().toLowerCase() }),
  };
  const passed = Object.values(checks).every(Boolean);
  process.stdout.write(values.json ? asJson(said, hash, checks, passed) : describe(said, hash, checks));
  return passed ? 0 : 1;
}

/** The key in the statement is the pinned one, and it signed exactly this. */
function isSigned({ statement, signature }: Attestation, pin: string): boolean {
  const spki = Buffer.from(statement.identity);
  if (createHash('sha256').update(spki).digest('hex') !== pin) return false;
  const body = encodeCbor(toCbor(attestStatement, statement));
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  return verify(null, Buffer.concat([Buffer.from(ATTEST_LABEL), body]), key, signature);
}

function isRecorded({ statement }: Attestation): boolean {
  const { gate } = JSON.parse(readFileSync(recorded, 'utf8')) as { readonly gate: string };
  return !statement.testBuild && Buffer.from(statement.gateHash).toString('hex') === gate;
}

type Checks = Readonly<Record<string, boolean>>;

function rows({ statement }: Attestation, hash: string): readonly (readonly [string, string])[] {
  return [
    ['vault', hash],
    ['id', statement.vaultId],
    ['gate', Buffer.from(statement.gateHash).toString('hex')],
    ['runs on', `Node ${statement.node}, OpenSSL ${statement.openssl}`],
    ['isolation', statement.isolation],
    ['venues', statement.venues.join(', ')],
  ];
}

function describe(said: Attestation, hash: string, checks: Checks): string {
  const lines = rows(said, hash).map(([name, value]) => `  ${name.padEnd(12)}${value}`);
  const marks = Object.entries(checks).map(([name, holds]) => `  ${holds ? '✔' : '✘'} ${name}`);
  return `${[...lines, '', ...marks].join('\n')}\n`;
}

function asJson(said: Attestation, hash: string, checks: Checks, passed: boolean): string {
  return `${JSON.stringify({ ...Object.fromEntries(rows(said, hash)), checks, passed })}\n`;
}
