/**
 * Secrets in a whole installation that trades, errs and crashes: afterwards they are looked for in every process, in
 * the data folder and the database, in all that was printed, answered or went over the wire, and in heap snapshots.
 */
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '@counterfoil/server';
import { PublicRest } from '@counterfoil/venues';
import { botId, parseDecimal, venueSymbol } from '@counterfoil/vocabulary';
import type { Intent } from '@counterfoil/vocabulary/protocol';
import { identityOf, WireError } from '@counterfoil/wire';
import type { ProgramName } from '../packages/desk/src/desk.ts';
import { atSwitch } from '../packages/server/src/worker/at-switch.ts';
import { GateLink } from '../packages/server/src/worker/gate-link.ts';
import { countIn, countInMemory } from '../packages/vault/tests/_memory.ts';
import { post } from './_accounts.ts';
import { CanaryInstallation } from './_canary-installation.ts';
import { startBots } from './_chaos-bots.ts';
import { type Canary, CANARY_OWNER, makeCanaries } from './_canary-keys.ts';
import {
  type Capture,
  countInDatabase,
  countInFile,
  heapSnapshot,
  isRoot,
  startCapture,
} from './_canary-places.ts';
import { databaseRoot } from './_installation.ts';

export interface CanaryOptions {
  readonly orders: number;
  readonly kills: number;
}

export interface CanaryReport {
  /** Outcomes of orders, refusals by their code. */
  readonly states: Readonly<Record<string, number>>;
  readonly killed: Readonly<Record<string, number>>;
  /** Processes whose memory was read, besides the gate's. */
  readonly processes: readonly string[];
  /** Programs whose heap was written down. */
  readonly snapshots: readonly string[];
  /** Copies in the gate, by canary; `closed` to whoever is not root. */
  readonly gate: Readonly<Record<string, number | 'closed'>>;
  /** Every other place that holds a secret; and the wire, which only root can listen to. */
  readonly found: readonly string[];
}

/** Orders under way at once, of each canary and by the server's own connection. */
const LANES = 4;
/** On the canaries' connections, so that the workers trade with them too. */
const BOTS = 12;
const WELL_MS_MAX = 120_000;
const KILLED: readonly (ProgramName | 'database')[] = [
  'gate',
  'switch',
  'builder',
  'journal',
  'server',
  'worker-1',
  'worker-2',
  'paper',
  'database',
];
/** Their environment is their own: the launcher gives them none, so nothing makes them write their heap. */
const WITHOUT_SNAPSHOT = ['gate', 'switch', 'builder'];
const FAULTS: readonly unknown[] = [
  { method: 'POST', path: '/api/v3/order', fault: { kind: 'lost-answer' } },
  { method: 'POST', path: '/api/v3/order', fault: { kind: 'slow-answer', delayMs: 500 } },
  {
    method: 'POST',
    path: '/api/v3/order',
    fault: {
      kind: 'unknown-outcome',
      refusal: { code: -1007, message: 'Timeout waiting for response from backend server.', status: 504 },
    },
  },
];

export async function canaries(
  { orders, kills }: CanaryOptions,
  say: (line: string) => void,
): Promise<CanaryReport> {
  const scratch = mkdtempSync(join(tmpdir(), 'counterfoil-canary-'));
  const installation = await CanaryInstallation.start(scratch);
  const { databaseUrl, adminUrl, venueUrl, port, root } = installation.address;
  const database = await openDatabase({ url: databaseUrl });
  const link = lineTo(root, database);
  let capture: Capture | null = null;
  try {
    const session = await link.session(10_000);
    if (session === null) throw new Error('the vault is not there');
    const keys = await makeCanaries(session, database, adminUrl, root);
    // The exchange told the pasted secret to its owner before this.
    const ports = [port, Number(new URL(adminUrl).port), Number(new URL(venueUrl).port)];
    capture = await startCapture(join(scratch, 'capture'), ports);
    const ca = readFileSync(join(root, 'paper', 'paper-ca.pem'), 'utf8');
    const rest = new PublicRest({ venue: 'paper', url: venueUrl, ca });
    const ids = keys.map(({ connection }) => connection);
    await startBots(rest, database, CANARY_OWNER, ids, BOTS);
    rest.close();
    const trading = new Trading(installation, link, keys);
    const killed = await trade(trading, installation, { orders, kills });
    const { states, answers } = await trading.end();
    say(`${orders} orders: ${JSON.stringify(states)}`);
    await until('everything runs again', () => installation.isWell());
    const memory = await inMemory(installation, keys);
    say(`memory of ${memory.processes.length + 1} processes was read`);
    const snapshots = await inSnapshots(installation, keys, scratch);
    const tables = await Promise.all(keys.map(({ shapes }) => countInDatabase(databaseUrl, shapes)));
    await link.close();
    await database.close();
    const printed = Buffer.from((await installation.stop()).join('\n'));
    const heard = await capture.end();
    const said = Buffer.from(answers.join('\n'));
    const found = [...memory.found, ...snapshots.found];
    for (const [n, { name, shapes, isKnownToVenue }] of keys.entries()) {
      const files = filesOf(root, isKnownToVenue ? join(root, 'paper') : null);
      const places: readonly (readonly [string, number | 'closed'])[] = [
        ['the database', tables[n] ?? 0],
        ['what was printed', countIn(printed, shapes)],
        ['answers and errors', countIn(said, shapes)],
        ['the wire', heard(shapes)],
        ...files.map((path) => [path, countInFile(path, shapes)] as const),
      ];
      for (const [place, count] of places) if (count !== 0) found.push(`${name}: ${count} in ${place}`);
    }
    const { processes, gate } = memory;
    return { states, killed, processes, snapshots: snapshots.programs, gate, found };
  } finally {
    await capture?.end();
    await link.close();
    await database.close();
    installation.remove();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Kills one program after the other while orders go on, and lets requests fail; how often each was killed. */
async function trade(
  trading: Trading,
  installation: CanaryInstallation,
  { orders, kills }: CanaryOptions,
): Promise<Readonly<Record<string, number>>> {
  const killed: Record<string, number> = {};
  for (let kill = 0; kill < kills; kill++) {
    await trading.reach(((kill + 0.5) * orders) / kills);
    const name = KILLED[kill % KILLED.length] ?? 'gate';
    installation.kill(name);
    killed[name] = (killed[name] ?? 0) + 1;
    await post(installation.address.adminUrl, '/faults', FAULTS[kill % FAULTS.length]).catch(() => undefined);
  }
  await trading.reach(orders);
  return killed;
}

/** Under the server's own identity: the vault takes intents of nobody else. */
function lineTo(root: string, database: Database): GateLink {
  return new GateLink({
    reach: atSwitch(join(root, 'run', 'vault.sock')),
    isDistant: false,
    identity: identityOf(createPrivateKey(readFileSync(join(root, 'vault', 'worker.pem')))),
    gatePin: readFileSync(join(root, 'vault', 'identity'), 'utf8').trim(),
    nextEpoch: async () => {
      const { rows } = await database.pool.query<{ epoch: bigint }>(
        'update worker_epoch set epoch = epoch + 1 returning epoch',
      );
      return Number(rows[0]?.epoch);
    },
    onAttached: () => Promise.resolve(),
    log: () => {},
  });
}

/** Orders of every canary straight to the vault, and of the demo connection by server and ledger. */
class Trading {
  readonly #installation: CanaryInstallation;
  readonly #link: GateLink;
  readonly #answers: string[] = [];
  readonly #lanes: Promise<void>[];
  readonly #states: Record<string, number> = {};
  #isOver = false;
  #count = 0;

  constructor(installation: CanaryInstallation, link: GateLink, keys: readonly Canary[]) {
    this.#installation = installation;
    this.#link = link;
    const numbers = Array.from({ length: LANES }, (_, n) => n);
    this.#lanes = [
      ...keys.flatMap((key) => numbers.map((n) => this.#lane((seq) => this.#ask(key, `lane-${n}`, seq)))),
      ...numbers.map(() => this.#lane((seq) => this.#post(seq))),
    ];
  }

  /** Waits for so many orders whose outcome somebody told. */
  async reach(count: number): Promise<void> {
    while (this.#count < count) {
      const before = this.#count;
      await until('orders go on', () => Promise.resolve(this.#count > before));
    }
  }

  /** How many orders ended how, and all that was answered. */
  async end(): Promise<{
    readonly states: Readonly<Record<string, number>>;
    readonly answers: readonly string[];
  }> {
    this.#isOver = true;
    await Promise.all(this.#lanes);
    return { states: this.#states, answers: this.#answers };
  }

  async #lane(place: (seq: number) => Promise<string | null>): Promise<void> {
    for (let seq = 1; !this.#isOver; seq++) {
      const state = await place(seq).catch((error: unknown) => {
        this.#answers.push(String(error));
        return null;
      });
      if (state === null) await new Promise((resolve) => setTimeout(resolve, 100));
      else {
        this.#states[state] = (this.#states[state] ?? 0) + 1;
        this.#count += 1;
      }
    }
  }

  async #ask(key: Canary, lane: string, seq: number): Promise<string | null> {
    const session = await this.#link.session(1_000);
    if (session === null) return null;
    const { connection, apiKeyId } = key;
    try {
      let result = await session.ask(order(key, lane, seq, session.epoch));
      if (result.kind === 'refused' && result.code === 'key-not-bound') {
        await session.ask({ kind: 'keyCheck', connection, apiKeyId });
        result = await session.ask(order(key, lane, seq, session.epoch));
      }
      this.#answers.push(
        JSON.stringify(result, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
      );
      return result.kind === 'use' ? result.use.state : result.kind === 'refused' ? result.code : null;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return null;
    }
  }

  async #post(seq: number): Promise<string | null> {
    const answer = await fetch(`http://127.0.0.1:${this.#installation.address.port}/v1/paper/orders`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.#installation.token()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        symbol: 'BTCUSDT',
        side: seq % 2 === 0 ? 'sell' : 'buy',
        type: 'market',
        amount: seq % 2 === 0 ? '0.00099' : '0.001',
        sizedBy: 'base',
        price: null,
        timeInForce: null,
      }),
    });
    const text = await answer.text();
    this.#answers.push(text);
    return answer.status === 201 ? (JSON.parse(text) as { readonly state: string }).state : null;
  }
}

/** Buys and sells in turn; every tenth is one that the venue refuses, and every fiftieth one that the gate refuses. */
function order({ connection }: Canary, lane: string, seq: number, epoch: number): Intent {
  const isSale = seq % 2 === 0;
  return {
    kind: 'orderCreate',
    connection,
    id: { bot: botId.parse(lane), seq },
    epoch,
    symbol: venueSymbol.parse(seq % 50 === 0 ? 'NOPEUSDT' : 'BTCUSDT'),
    side: isSale ? 'sell' : 'buy',
    type: 'market',
    amount: parseDecimal(seq % 10 === 0 ? '0.00000001' : isSale ? '0.00099' : '0.001'),
    sizedBy: 'base',
    price: null,
    timeInForce: null,
    stopPrice: null,
    trailBps: null,
  };
}

async function inMemory(
  installation: CanaryInstallation,
  keys: readonly Canary[],
): Promise<Pick<CanaryReport, 'gate' | 'found' | 'processes'>> {
  const gate: Record<string, number | 'closed'> = {};
  const found: string[] = [];
  const processes: string[] = [];
  for (const { pid, name, isProgram } of await installation.processes()) {
    for (const { name: key, shapes, once, isKnownToVenue } of keys) {
      if (name === 'paper' && isKnownToVenue) continue;
      if (name === 'gate' && !isRoot) gate[key] = 'closed';
      else if (name === 'gate') gate[key] = countInMemory(pid, once);
      else {
        const count = countUnlessEnded(pid, shapes, isProgram);
        if (count > 0) found.push(`${key}: ${count} in the memory of ${name}`);
      }
    }
    if (name !== 'gate') processes.push(name);
  }
  return { gate, found, processes };
}

/** PostgreSQL ends a helper now and then; a program of ours that is gone was not read, and that is an error. */
function countUnlessEnded(pid: number, shapes: readonly Buffer[], isProgram: boolean): number {
  try {
    return countInMemory(pid, shapes);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (isProgram || !['ENOENT', 'ESRCH'].includes(code)) throw error;
    return 0;
  }
}

async function inSnapshots(
  installation: CanaryInstallation,
  keys: readonly Canary[],
  folder: string,
): Promise<{ readonly programs: readonly string[]; readonly found: readonly string[] }> {
  const programs: string[] = [];
  const found: string[] = [];
  for (const { name, pid, isProgram } of await installation.processes()) {
    if (!isProgram || WITHOUT_SNAPSHOT.includes(name)) continue;
    const path = await heapSnapshot(pid, folder);
    programs.push(name);
    for (const { name: key, shapes, isKnownToVenue } of keys) {
      const count = name === 'paper' && isKnownToVenue ? 0 : countInFile(path, shapes);
      if (count > 0) found.push(`${key}: ${count} in the heap of ${name}`);
    }
    rmSync(path);
  }
  return { programs, found };
}

/** The data folder's files and the database's own, without those below `left`. */
function filesOf(root: string, left: string | null): readonly string[] {
  return [root, databaseRoot(root)].flatMap((folder) =>
    folder === undefined
      ? []
      : readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ parentPath, name }) => join(parentPath, name))
          .filter((path) => left === null || !path.startsWith(left)),
  );
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + WELL_MS_MAX;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${WELL_MS_MAX} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
