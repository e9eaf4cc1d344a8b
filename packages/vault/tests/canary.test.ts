/** A secret is looked for everywhere after a day of trading with errors and crashes; it is in the gate, once. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { openSync, closeSync, readFileSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Duplex, duplexPair } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { newViewRecipient, readSecret, sealSecret } from '@counterfoil/seal';
import { type ConnectionId, parseDecimal, venueSymbol } from '@counterfoil/vocabulary';
import type { GateResult, Intent } from '@counterfoil/vocabulary/protocol';
import { unseal } from '../src/gate/seal.ts';
import { Store } from '../src/gate/store.ts';
import { alice, bornKey, venue } from './_enrolling.ts';
import { countIn, countInFolder, countInMemory, shapesOf } from './_memory.ts';
import { marketBuy } from './_order.ts';
import { plant } from './_planted-build.ts';
import {
  admin,
  builderFile,
  endAfter,
  ending,
  folderFor,
  gateFile,
  launcher,
  openAccount,
  register,
  startPaper,
} from './_programs.ts';
import { type RunningVault, startVault } from './_vault.ts';

const isRoot = process.getuid?.() === 0;
const ORDERS = 200;
/** Orders that are under way at once. */
const AT_ONCE = 20;
/** Builders that are killed on the way. */
const KILLS = 2;

type Kind = 'hmac' | 'ed25519';

interface Found {
  /** Copies, or that the gate's memory is closed to whoever is not root. */
  readonly gate: number | 'closed';
  readonly others: Readonly<Record<string, number>>;
  readonly states: Readonly<Record<string, number>>;
}

/** Trades with a fresh key, with refusals and crashes on the way, and looks for its secret. */
async function trade(t: TestContext, kind: Kind, gate?: string): Promise<Found> {
  const paper = await startPaper(t, folderFor(t));
  const captured: Buffer[] = [];
  const vault = await startVault(t, {
    venues: [{ venue, host: '127.0.0.1', port: paper.port, caPem: paper.authority }],
    builder: false,
    atDoor: (door) => overheard(door, captured),
    ...(gate === undefined ? {} : { gateFile: gate }),
  });
  vault.gate.stdout?.on('data', (chunk: Buffer) => captured.push(chunk));
  let builder = await newBuilder(t, vault);
  const caller = await vault.caller();
  const answers: string[] = [];
  const states: Record<string, number> = {};
  const ask = async (intent: Intent): Promise<GateResult> => {
    const { result } = await caller.call((id) => ({ id, intent }));
    answers.push(
      JSON.stringify(result, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
    );
    return result;
  };
  const { connection, shapes } = kind === 'hmac' ? await pasted(paper, ask) : await born(paper, ask, vault);
  assert.equal((await ask({ kind: 'keyCheck', connection, apiKeyId: null })).kind, 'permissions');
  const kills = new Set(
    Array.from({ length: KILLS }, (_, i) => Math.floor(((i + 1) * ORDERS) / (KILLS + 1))),
  );
  for (let seq = 1; seq <= ORDERS; seq += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, (_, i) => order(connection, seq + i));
    const placing = Promise.all(batch.map(ask));
    if ([...kills].some((at) => at >= seq && at < seq + AT_ONCE)) {
      builder.kill('SIGKILL');
      await ending(builder);
      builder = await newBuilder(t, vault);
    }
    for (const result of await placing) {
      const state =
        result.kind === 'use' ? result.use.state : result.kind === 'refused' ? result.code : result.kind;
      states[state] = (states[state] ?? 0) + 1;
    }
  }
  const others: Record<string, number> = {
    answers: countIn(Buffer.from(answers.join('\n')), shapes),
    'door and standard output': countIn(Buffer.concat(captured), shapes),
    'store, log and their folder': countInFolder(dirname(vault.storeFile), shapes),
  };
  for (const [name, pid] of children()) {
    // The venue knows the other half of an HMAC key: it is the same half.
    if (pid === vault.gate.pid || (kind === 'hmac' && name.includes('paper'))) continue;
    others[name] = (others[name] ?? 0) + countInMemory(pid, shapes);
  }
  return { gate: copiesIn(vault.gate.pid ?? 0, shapes), others, states };
}

function copiesIn(pid: number, shapes: readonly Buffer[]): number | 'closed' {
  try {
    return countInMemory(pid, shapes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return 'closed';
    throw error;
  }
}

/** Buys and sells in turn; every tenth is one that the venue refuses, and one is refused by the gate itself. */
function order(connection: ConnectionId, seq: number): Intent {
  return marketBuy(connection, seq, {
    symbol: venueSymbol.parse(seq === ORDERS / 2 ? 'NOPEUSDT' : 'BTCUSDT'),
    side: seq % 2 === 0 ? 'sell' : 'buy',
    amount: parseDecimal(seq % 10 === 0 ? '0.00000001' : '0.001'),
  });
}

type Ask = (intent: Intent) => Promise<GateResult>;
type Paper = Awaited<ReturnType<typeof startPaper>>;

async function pasted(paper: Paper, ask: Ask) {
  const registered = await admin(paper, 'POST', '/keys', {
    account: await openAccount(paper),
    kind: 'hmac',
    allowedIps: ['127.0.0.1'],
  });
  const text = Buffer.from(String(registered['secret']));
  const shapes = shapesOf(text);
  const { type, secret } = readSecret(text);
  const enrolment = await ask({ kind: 'enrolBegin', ...alice });
  assert.ok(enrolment.kind === 'enrolment');
  const { publicKey } = await newViewRecipient();
  const apiKeyId = Buffer.from(String(registered['apiKey']));
  const blob = await sealSecret(enrolment, alice, { type, secret, apiKeyId, viewRecipient: publicKey });
  const made = await ask({ kind: 'keySeal', assertion: null, blob });
  assert.ok(made.kind === 'key');
  return { connection: made.connection, shapes };
}

/** Nobody but the gate has it: the test opens the store with the key that unlocked it. */
async function born(paper: Paper, ask: Ask, vault: RunningVault) {
  const { connection, publicKeyPem } = await bornKey(ask);
  const apiKeyId = await register(paper, publicKeyPem);
  assert.equal((await ask({ kind: 'keyCheck', connection, apiKeyId })).kind, 'permissions');
  const file = openSync(vault.storeFile, 'r');
  const record = new Store(file).records.find((one) => one.kind === 'key');
  closeSync(file);
  assert.ok(record?.kind === 'key');
  const der = unseal(vault.kek, record.secret, `${connection}/secret`);
  return { connection, shapes: shapesOf(der.subarray(-32)) };
}

async function newBuilder(t: TestContext, { socketPath }: RunningVault): Promise<ChildProcess> {
  const { child } = await launcher.launchBuilder({
    builderFile: await builderFile(),
    socketPath,
    onLine: () => {},
  });
  endAfter(t, child);
  return child;
}

/** Everything that passes the door, kept. */
function overheard(door: Duplex, captured: Buffer[]): Duplex {
  const [switchSide, gateSide] = duplexPair();
  for (const [from, to] of [
    [door, gateSide],
    [gateSide, door],
  ] as const)
    from.on('data', (chunk: Buffer) => {
      captured.push(chunk);
      to.write(chunk);
    });
  door.once('close', () => switchSide.destroy());
  return switchSide;
}

/** The programs that this test started and that still run, with what they were started as. */
function children(): readonly (readonly [string, number])[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, parent] = /\) \S (\d+) /.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
        const program = command.find((word) => /\.(ts|cjs|mjs)$/.test(word)) ?? '';
        return Number(parent) === process.pid ? [[program, Number(name)] as const] : [];
      } catch {
        return [];
      }
    });
}

for (const kind of ['hmac', 'ed25519'] as const)
  test(`a secret (${kind}) is in the gate once and nowhere else after ${ORDERS} orders with errors and crashes`, async (t) => {
    const { gate, others, states } = await trade(t, kind);
    t.diagnostic(JSON.stringify({ gate, others, states }));
    assert.deepEqual(
      Object.entries(others).filter(([, count]) => count > 0),
      [],
    );
    assert.ok(Object.keys(others).some((name) => name.includes('journal')));
    assert.ok(Object.keys(others).some((name) => name.includes('builder')));
    assert.ok(
      (states['accepted'] ?? 0) > ORDERS / 2 &&
        (states['rejected'] ?? 0) > 0 &&
        (states['price-unknown'] ?? 0) > 0,
    );
    assert.equal(gate, isRoot ? 1 : 'closed');
  });

test('a gate that keeps a second copy, or says the secret aloud, is found out', async (t) => {
  const anchor = 'takeIn(about, type, secret) {';
  const copying = plant(folderFor(t), await gateFile(), {
    from: anchor,
    to: `${anchor} this.copy = Buffer.from(secret);`,
  });
  const { gate } = await trade(t, 'hmac', copying);
  assert.ok(isRoot ? gate !== 'closed' && gate > 1 : gate === 'closed');
  const telling = plant(folderFor(t), await gateFile(), {
    from: anchor,
    to: `${anchor} process.stdout.write(Buffer.from(secret).toString("base64") + "\\n");`,
  });
  assert.ok(((await trade(t, 'hmac', telling)).others['door and standard output'] ?? 0) > 0);
});
