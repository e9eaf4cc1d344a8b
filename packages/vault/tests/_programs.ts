/** The programs around a gate, started as the desk starts them, for tests that speak their protocols from outside. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import type { Unlock } from '@counterfoil/vocabulary/protocol';
import { type Identity, newIdentity } from '@counterfoil/wire';
import { buildProgram } from '../build/build.ts';

const packages = join(import.meta.dirname, '../..');
const node = [process.execPath, '--disable-warning=ExperimentalWarning'] as const;

/** What of the desk's launcher is used here; it is a program's part and no entry point, so it is named by path. */
interface Launcher {
  launchVault(settings: {
    readonly gateFile: string;
    readonly builderFile: string;
    readonly storeFile: string;
    readonly socketPath: string;
    readonly unlock: Unlock;
    readonly isolation: 'L1';
    readonly onLine: (line: string) => void;
  }): { readonly gate: Launched; readonly switch: Launched };
  launchBuilder(settings: {
    readonly builderFile: string;
    readonly socketPath: string;
    readonly onLine: (line: string) => void;
  }): Promise<Launched>;
}

interface Launched {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly exitCode: number | null }>;
}

export const launcher = (await import(
  new URL('../../desk/src/vault-programs.ts', import.meta.url).href
)) as Launcher;

/** A folder of its own that goes away after the test; short, because socket paths have 108 bytes. */
export function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'cf-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Ends a program that a test started, and waits until it is gone. */
export function endAfter(t: TestContext, child: ChildProcess): void {
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  });
}

/** The first line of JSON that `accept` takes. Rejects where the program ends before. */
export function lineOf<T>(child: ChildProcess, accept: (said: Record<string, unknown>) => T | undefined) {
  return new Promise<T>((resolve, reject) => {
    if (child.stdout === null) throw new Error('a program without standard output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const taken = line.startsWith('{') ? accept(JSON.parse(line) as Record<string, unknown>) : undefined;
      if (taken !== undefined) resolve(taken);
    });
    child.once('exit', (code) => reject(new Error(`the program ended with ${code}`)));
  });
}

export interface Paper {
  readonly port: number;
  readonly adminUrl: string;
  readonly authority: string;
}

export async function startPaper(t: TestContext, folder: string): Promise<Paper> {
  const file = join(packages, 'venues/src/paper/main.ts');
  const options = ['--folder', join(folder, 'paper'), '--port', '0', '--admin-port', '0', '--flow-ms', '250'];
  const child = spawn(node[0], [node[1], file, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  endAfter(t, child);
  const said = await lineOf(child, (line) => ('url' in line ? line : undefined));
  return {
    port: Number(new URL(String(said['url'])).port),
    adminUrl: String(said['adminUrl']),
    authority: readFileSync(String(said['authorityFile']), 'utf8'),
  };
}

/** Asks the paper exchange's admin interface. */
export async function admin(paper: Paper, method: 'POST' | 'PATCH', path: string, body: unknown) {
  const answer = await fetch(`${paper.adminUrl}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Readonly<Record<string, unknown>>;
}

export async function openAccount(paper: Paper): Promise<number> {
  const { account } = await admin(paper, 'POST', '/accounts', { name: 'test', balances: { USDT: '100000' } });
  return Number(account);
}

/** Registers a public key as a user does at an exchange; the id that the exchange gives it. */
export async function register(
  paper: Paper,
  publicKey: string,
  about: { readonly account?: number; readonly kind?: 'rsa'; readonly allowedIps?: readonly string[] } = {},
): Promise<string> {
  const account = about.account ?? (await openAccount(paper));
  const { apiKey } = await admin(paper, 'POST', '/keys', { kind: 'ed25519', ...about, account, publicKey });
  return String(apiKey);
}

export interface JournalProgram {
  readonly child: ChildProcess;
  readonly logKey: string;
  readonly pin: string;
  /** Lets it serve the gate with this key. */
  serve(gatePin: string): void;
}

export async function startJournal(
  t: TestContext,
  folder: string,
  socketPath: string,
  program = join(packages, 'log/src/journal/main.ts'),
  witnessesFile?: string,
): Promise<JournalProgram> {
  const identity = newIdentity();
  const identityFile = join(folder, 'journal.pem');
  writeFileSync(identityFile, identity.key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const origin = '0011223344556677.counterfoil.local/keyuse';
  const settings = JSON.stringify({
    folder: join(folder, 'journal'),
    origin,
    socketPath,
    identityFile,
    witnessesFile,
  });
  const child = spawn(node[0], [node[1], program, settings], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  endAfter(t, child);
  const logKey = await lineOf(child, ({ logKey: said }) => (typeof said === 'string' ? said : undefined));
  return {
    child,
    logKey,
    pin: identity.pin,
    serve: (gatePin) => child.stdin.write(`${JSON.stringify({ gatePin })}\n`),
  };
}

/** An unlock message for a fresh store. */
export function unlockFor(about: {
  readonly logKey: string;
  readonly journalPin: string;
  readonly worker: Identity;
  readonly venues?: Unlock['venues'];
  readonly witnesses?: string;
}): Unlock {
  return {
    vaultId: '0011223344556677',
    kek: new Uint8Array(32).fill(7),
    genesis: true,
    journalPin: about.journalPin,
    workerPins: [about.worker.pin],
    logKey: about.logKey,
    venues: about.venues ?? [],
    witnesses: about.witnesses ?? null,
    origin: null,
    restored: null,
  };
}

export const gateFile = async (): Promise<string> => (await buildProgram('gate')).path;
export const builderFile = async (): Promise<string> => (await buildProgram('builder')).path;

/** The flags that the launcher gives a gate, read off one that it started. */
export async function gateFlags(t: TestContext, unlock: Unlock): Promise<readonly string[]> {
  const folder = folderFor(t);
  const file = await gateFile();
  const vault = launcher.launchVault({
    gateFile: file,
    builderFile: file,
    storeFile: join(folder, 'store'),
    socketPath: join(folder, 's'),
    unlock,
    isolation: 'L1',
    onLine: () => {},
  });
  const flags = vault.gate.child.spawnargs.slice(4, -1);
  vault.gate.child.kill('SIGKILL');
  vault.switch.child.kill('SIGKILL');
  await Promise.all([vault.gate.ended, vault.switch.ended]);
  return flags;
}

/** A switch in a process of its own, and what becomes its gate's door. */
export function spawnSwitch(
  t: TestContext,
  settings: { readonly socketPath: string; readonly venues: readonly string[] },
  file = join(packages, 'vault/src/switch/main.ts'),
): { readonly child: ChildProcess; readonly door: Socket } {
  const child = spawn(node[0], [node[1], file, JSON.stringify(settings)], {
    env: {},
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  endAfter(t, child);
  return { child, door: child.stdio[3] as Socket };
}

/** A gate as the launcher makes it, but with this process at the other end of its door, unless that is given. */
export function spawnGate(
  t: TestContext,
  file: string,
  flags: readonly string[],
  store: number,
  otherDoor?: Socket,
): { readonly child: ChildProcess; readonly door: Socket } {
  const start = join(packages, 'vault/src/gate/start.ts');
  const child = spawn(node[0], [node[1], start, `--allow-fs-read=${file}`, ...flags, file], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore', otherDoor ?? 'pipe', store],
  });
  // Both ends are elsewhere now; nothing was read from it here.
  otherDoor?.destroy();
  endAfter(t, child);
  child.stdin?.on('error', () => {});
  // A pipe beyond the first three is a socket.
  const door = otherDoor ?? (child.stdio[3] as Socket);
  door.on('error', () => {});
  return { child, door };
}

/** How a program ended: its exit code, or the signal's name. */
export function ending(child: ChildProcess): Promise<number | string | null> {
  if (child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve(child.signalCode ?? child.exitCode);
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
}
