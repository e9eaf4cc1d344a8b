/** The door for workers on other machines before a real switch, whose gate is this test. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { type Duplex, duplexPair } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { type TestContext, test } from 'node:test';
import { encodeCbor, toCbor } from '@counterfoil/vocabulary';
import { streamTarget } from '@counterfoil/vocabulary/protocol';
import {
  type Identity,
  Mux,
  type MuxStream,
  newIdentity,
  readFirstFrame,
  secureClient,
} from '@counterfoil/wire';
import { weakened } from '../packages/wire/src/_weakened.ts';
import { Switch } from '../packages/vault/src/switch/switch.ts';
import { WorkerDoor } from '../packages/vault/src/worker-door/worker-door.ts';
import { folderFor } from '../packages/vault/tests/_programs.ts';

const [known, second, stranger] = [newIdentity(), newIdentity(), newIdentity()];
const FLOOD = 200;
/** What is not closed within this is taken to stay open. */
const STAYS_MS = 200;

/** A set of pins that has everything: a door that knows no stranger. */
class Anyone extends Set<string> {
  override has(): boolean {
    return true;
  }
}

interface Stage {
  readonly door: WorkerDoor;
  readonly gate: Mux;
  /** Streams that the switch opened to the gate, as what they are for. */
  readonly opened: MuxStream[];
  /** A connection as from another address of this machine. */
  readonly dial: (from?: string) => Promise<Socket>;
  /** TLS with the door under this key, and what is said first inside it. */
  readonly say: (identity: Identity, first: Uint8Array, from?: string) => Promise<Duplex>;
}

async function startDoor(
  t: TestContext,
  pins: ReadonlySet<string> = new Set([known.pin, second.pin]),
  Door: typeof WorkerDoor = WorkerDoor,
): Promise<Stage> {
  const socketPath = join(folderFor(t), 's');
  const [near, far] = duplexPair();
  const opened: MuxStream[] = [];
  await new Promise<void>((onListening) => {
    new Switch({ door: near, socketPath, venues: new Set(), onListening, onClose: () => {} });
  });
  const gate = new Mux(far, {
    side: 'gate',
    onStream: (stream) => {
      stream.on('error', () => {});
      opened.push(stream);
    },
    onClose: () => {},
  });
  const paper = createServer((socket) => {
    socket.on('error', () => {});
    socket.end('the paper exchange');
  });
  const paperPort = await portOf(paper);
  const probe = createServer();
  const port = await portOf(probe);
  await new Promise((resolve) => probe.close(resolve));
  const identity = newIdentity();
  const door = await new Promise<WorkerDoor>((resolve, onRefused) => {
    const made: WorkerDoor = new Door({
      host: '127.0.0.1',
      port,
      identity,
      pins,
      socketPath,
      paperPort,
      onListening: () => resolve(made),
      onRefused,
    });
  });
  t.after(() => {
    door.close();
    paper.close();
    near.destroy();
  });
  const dial = (from = '127.0.0.1'): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, localAddress: from }, () => resolve(socket));
      socket.on('error', () => resolve(socket));
      t.after(() => void socket.destroy());
    });
  const say = async (who: Identity, first: Uint8Array, from?: string): Promise<Duplex> => {
    const secured = await secureClient(await dial(from), who, new Set([identity.pin]));
    secured.on('error', () => secured.destroy());
    secured.write(first);
    return secured;
  };
  return { door, gate, opened, dial, say };
}

async function portOf(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function frame(body: Uint8Array): Buffer {
  const framed = Buffer.alloc(4 + body.length);
  framed.writeUInt32BE(body.length);
  framed.set(body, 4);
  return framed;
}

const word = (text: string): Buffer => frame(encodeCbor(text));

async function answerOf(line: Duplex): Promise<string> {
  return Buffer.from(await readFirstFrame(line, 64, 5_000))
    .subarray(1)
    .toString();
}

function closes(stream: Duplex): Promise<boolean> {
  const closed = new Promise<boolean>((resolve) => {
    if (stream.destroyed) resolve(true);
    stream.once('close', () => resolve(true));
    stream.on('error', () => {});
    stream.resume();
  });
  return Promise.race([closed, pause(STAYS_MS, false)]);
}

/** Streams at the gate, once what was said at the door has come there. */
async function isOpened(opened: readonly MuxStream[], count: number): Promise<void> {
  await pause(STAYS_MS);
  assert.equal(opened.length, count);
}

/** Whether the switch has a builder for the gate. */
async function hasBuilder(gate: Mux): Promise<boolean> {
  const wanted = gate.open(encodeCbor(toCbor(streamTarget, { kind: 'builder' })));
  const heard = new Promise<boolean>((resolve) => {
    wanted.once('data', () => resolve(true));
    wanted.on('error', () => {});
  });
  const has = await Promise.race([heard, pause(STAYS_MS, false)]);
  wanted.destroy();
  return has;
}

async function asBuilder({ say, gate }: Stage): Promise<boolean> {
  const line = await say(known, word('builder'));
  line.on('error', () => {});
  line.write('what a builder says');
  return hasBuilder(gate);
}

test('a known key and the word worker reach the gate, and nothing of theirs is read on the way', async (t) => {
  const { say, opened } = await startDoor(t);
  const line = await say(known, word('worker'));
  assert.equal(await answerOf(line), 'joined');
  line.write('for the gate');
  await isOpened(opened, 1);
  const heard = await new Promise((resolve) => opened[0]?.once('data', resolve));
  assert.equal(String(heard), 'for the gate');
  opened[0]?.write('for the worker');
  assert.equal(String(await new Promise((resolve) => line.once('data', resolve))), 'for the worker');
});

test('the word market reaches the paper exchange, and the switch hears nothing of it', async (t) => {
  const { say, opened } = await startDoor(t);
  const line = await say(known, word('market'));
  assert.equal(await answerOf(line), 'joined');
  assert.equal(String(await new Promise((resolve) => line.once('data', resolve))), 'the paper exchange');
  assert.equal(opened.length, 0);
});

for (const other of ['builder', 'journal', 'WORKER', 'worker ', '']) {
  test(`a known key that says ${JSON.stringify(other)} is closed and reaches nobody`, async (t) => {
    const stage = await startDoor(t);
    const line = await stage.say(known, word(other));
    assert.ok(await closes(line));
    assert.equal(stage.opened.length, 0);
  });
}

test('no builder comes by this door', async (t) => {
  assert.ok(!(await asBuilder(await startDoor(t))));
});

test('planted: a door that takes the words of local programs lets a builder in', async (t) => {
  const weak = (await weakened(
    '../../vault/src/worker-door/worker-door.ts',
    "remoteLine.decode(decodeCbor(frame), 'line')",
    "attachment.decode(decodeCbor(frame), 'line')",
  )) as { readonly WorkerDoor: typeof WorkerDoor };
  assert.ok(await asBuilder(await startDoor(t, undefined, weak.WorkerDoor)));
});

test('an unknown key is closed before its word is read', async (t) => {
  const { say, opened } = await startDoor(t);
  const line = await say(stranger, word('worker'));
  assert.ok(await closes(line));
  assert.equal(opened.length, 0);
});

test('planted: a door that knows everybody lets the unknown key in', async (t) => {
  const { say, opened } = await startDoor(t, new Anyone());
  const line = await say(stranger, word('worker'));
  assert.equal(await answerOf(line), 'joined');
  await isOpened(opened, 1);
});

test('a key that is removed loses its lines at once and comes in no more; others stay', async (t) => {
  const { door, say, opened } = await startDoor(t);
  const [removed, kept] = [await say(known, word('worker')), await say(second, word('worker'))];
  assert.deepEqual([await answerOf(removed), await answerOf(kept)], ['joined', 'joined']);
  door.admitOnly(new Set([second.pin]));
  assert.ok(await closes(removed));
  assert.ok(await closes(await say(known, word('worker'))));
  assert.ok(!(await closes(kept)));
  await isOpened(opened, 2);
});

test('a third line of one key takes the place of its oldest', async (t) => {
  const { say } = await startDoor(t);
  const lines: Duplex[] = [];
  for (let n = 0; n < 3; n++) {
    const line = await say(known, word('worker'));
    assert.equal(await answerOf(line), 'joined');
    lines.push(line);
  }
  assert.deepEqual(await Promise.all(lines.map(closes)), [true, false, false]);
});

test('a switch that is not there is told as away, to a known key alone', async (t) => {
  const stage = await startDoor(t);
  stage.gate.close(null);
  await pause(50);
  const line = await stage.say(known, word('worker'));
  assert.equal(await answerOf(line), 'away');
});

/** Connections of one address that say nothing; how many of them the door keeps. */
async function halfOpen(stage: Stage, from: string): Promise<number> {
  const sockets = await Promise.all(Array.from({ length: FLOOD }, () => stage.dial(from)));
  const closed = await Promise.all(sockets.map(closes));
  return closed.filter((is) => !is).length;
}

test('a flood of silent connections holds 16 places, and a worker beside it comes in', async (t) => {
  const stage = await startDoor(t);
  assert.equal(await halfOpen(stage, '127.0.0.2'), 16);
  const line = await stage.say(known, word('worker'));
  assert.equal(await answerOf(line), 'joined');
  await isOpened(stage.opened, 1);
});

test('floods of many addresses hold 64 places together, and lines that stand are not touched', async (t) => {
  const stage = await startDoor(t);
  const line = await stage.say(known, word('worker'));
  assert.equal(await answerOf(line), 'joined');
  let held = 0;
  for (let n = 2; n < 8; n++) held += await halfOpen(stage, `127.0.0.${n}`);
  assert.equal(held, 64);
  assert.ok(!(await closes(line)));
  await isOpened(stage.opened, 1);
});

test('planted: without places the door keeps every one of the flood', async (t) => {
  const weak = (await weakened(
    '../../vault/src/worker-door/worker-door.ts',
    'if (!this.#strangers.enter(address, performance.now()))',
    'if (!this.#strangers.enter(address, performance.now()) && socket.destroyed)',
  )) as { readonly WorkerDoor: typeof WorkerDoor };
  const stage = await startDoor(t, undefined, weak.WorkerDoor);
  assert.equal(await halfOpen(stage, '127.0.0.2'), FLOOD);
});

test('garbage, inside TLS and without it, reaches nobody and ends nothing', async (t) => {
  const stage = await startDoor(t);
  for (let n = 0; n < 100; n++) {
    const from = `127.0.1.${1 + (n % 50)}`;
    const bytes = randomBytes(1 + (n % 90));
    if (n % 2 === 0) {
      // A first frame that is short and wrong; a long one is refused by its length.
      const line = await stage.say(known, n % 4 === 0 ? frame(bytes.subarray(0, 40)) : bytes, from);
      line.end();
      assert.ok(await closes(line));
    } else {
      const socket = await stage.dial(from);
      socket.end(bytes);
      assert.ok(await closes(socket));
    }
  }
  assert.equal(stage.opened.length, 0);
  const line = await stage.say(known, word('worker'));
  assert.equal(await answerOf(line), 'joined');
});
