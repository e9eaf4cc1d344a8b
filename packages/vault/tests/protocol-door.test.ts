import assert from 'node:assert/strict';
import { closeSync, constants, openSync } from 'node:fs';
import { type Socket, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { type TestContext, test } from 'node:test';
import { encodeCbor, toCbor } from '@counterfoil/vocabulary';
import { unlock as unlockCodec } from '@counterfoil/vocabulary/protocol';
import { Mux, type MuxStream, newIdentity } from '@counterfoil/wire';
import { Switch } from '../src/switch/switch.ts';
import { ending, folderFor, gateFile, gateFlags, lineOf, spawnGate, unlockFor } from './_programs.ts';
import { sample } from './_sample.ts';
import { bytesOf, framed, vectorsOf } from './_vectors.ts';

/** A switch whose gate is this test. */
async function startSwitch(t: TestContext, venues: readonly string[] = []) {
  const socketPath = join(folderFor(t), 's');
  const [door, far] = duplexPair();
  const opened: string[] = [];
  await new Promise<void>((onListening) => {
    new Switch({ door, socketPath, venues: new Set(venues), onListening, onClose: () => {} });
  });
  const gate = new Mux(far, {
    side: 'gate',
    onStream: (stream, target) => {
      stream.on('error', () => {});
      opened.push(Buffer.from(target).toString('hex'));
    },
    onClose: () => {},
  });
  t.after(() => door.destroy());
  const attach = (bytes: Uint8Array): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = connect(socketPath, () => {
        socket.write(bytes);
        resolve(socket);
      });
      socket.on('error', () => {});
      t.after(() => void socket.destroy());
    });
  return { gate, opened, attach };
}

/** Whether a stream is closed by the other side, and soon: a second is long for one process. */
function closes(stream: Socket | MuxStream): Promise<boolean> {
  const closed = new Promise<boolean>((resolve) => {
    stream.once('close', () => resolve(true));
    stream.on('error', () => {});
    stream.resume();
  });
  return Promise.race([closed, pause(stays, false)]);
}
/** What is not closed within this is taken to stay open; only good vectors wait for it. */
const stays = 100;

const attachments = vectorsOf('door', 'attachments');
const targets = vectorsOf('door', 'targets');

test('the switch keeps who says what it is, and closes on whoever says it badly', async (t) => {
  const { opened, attach } = await startSwitch(t);
  for (const { name, ...vector } of attachments.good)
    assert.equal(await closes(await attach(framed(bytesOf(vector)))), false, name);
  // Of the three only a worker is announced to the gate: as the target that has no other use.
  const worker = targets.good.find(({ value }) => (value as { kind: string }).kind === 'worker');
  assert.deepEqual(opened, [worker?.hex]);
  for (const { name, ...vector } of attachments.bad)
    assert.equal(await closes(await attach(framed(bytesOf(vector)))), true, name);
  for (const head of ['00000000', '00000041', 'ffffffff'])
    assert.equal(await closes(await attach(Buffer.from(head, 'hex'))), true, `length ${head}`);
  assert.equal(opened.length, 1);
});

test('an attachment may come byte by byte, and what follows it is for the partner', async (t) => {
  const { gate, attach } = await startSwitch(t);
  const socket = await attach(Buffer.alloc(0));
  const all = Buffer.concat([framed(Buffer.from('\x67builder', 'latin1')), Buffer.from('first words')]);
  for (const byte of all) {
    socket.write(Buffer.from([byte]));
    await pause(1);
  }
  const stream = gate.open(Buffer.from('8202a0', 'hex'));
  stream.on('error', () => {});
  const heard = await new Promise<string>((resolve) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.length === 11) resolve(text);
    });
  });
  assert.equal(heard, 'first words');
});

test('the switch takes a stream where its target says, to listed venues alone, and refuses bad targets', async (t) => {
  let reached = 0;
  const venue = createServer((socket) => {
    reached++;
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => venue.listen(0, '127.0.0.1', resolve));
  t.after(() => void venue.close());
  const address = venue.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { gate } = await startSwitch(t, [`127.0.0.1:${port}`]);
  for (const { name, value, ...vector } of targets.good) {
    // A journal or builder is waited for; a worker cannot be called, and none of these venues is on the list.
    const { kind } = value as { kind: string };
    const stream = gate.open(bytesOf(vector));
    assert.equal(await closes(stream), kind === 'worker' || kind === 'venue', name);
  }
  for (const { name, ...vector } of targets.bad)
    assert.equal(await closes(gate.open(bytesOf(vector))), true, name);
  assert.equal(reached, 0);
  const listed = gate.open(targetOf('127.0.0.1', port));
  listed.on('error', () => {});
  const echoed = new Promise<string>((resolve) =>
    listed.once('data', (chunk: Buffer) => resolve(String(chunk))),
  );
  listed.write('over TCP');
  assert.equal(await echoed, 'over TCP');
  listed.destroy();
});

/** `[3, {0: host, 1: port}]`, written out. */
function targetOf(host: string, port: number): Buffer {
  const text = Buffer.from(host);
  return Buffer.concat([
    Buffer.from([0x82, 3, 0xa2, 0, 0x60 + text.length]),
    text,
    Buffer.from([1, 0x19, port >> 8, port & 0xff]),
  ]);
}

interface Opened {
  readonly said: boolean;
  readonly exit: Promise<number | string | null>;
}

/** A gate that is given these bytes to be unlocked with; whether it says who it is, and how it ends. */
async function unlockWith(t: TestContext, flags: readonly string[], message: Uint8Array): Promise<Opened> {
  const store = openSync(join(folderFor(t), 'store'), constants.O_RDWR | constants.O_CREAT, 0o600);
  const { child, door } = spawnGate(t, await gateFile(), flags, store);
  closeSync(store);
  t.after(() => void door.destroy());
  const said = lineOf(child, ({ status }) => status === 'identity' || undefined).catch(() => false);
  child.stdin?.end(message);
  return { said: await said, exit: ending(child) };
}

const about = { journalPin: '0'.repeat(64), worker: newIdentity() };
const logKey = 'example.com/keyuse+5896da5e+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c';

test('a gate opens with a good unlock message, and ends by its number on a bad one before it makes a key', async (t) => {
  const flags = await gateFlags(t, unlockFor({ ...about, logKey }));
  const { good, bad } = vectorsOf('door', 'unlocks');
  // A store that is lost is another refusal: 12.
  const isNew = ({ value }: { readonly value?: unknown }): boolean =>
    (value as { genesis: boolean } | undefined)?.genesis === true;
  for (const { name, value, ...vector } of sample(good.filter(isNew), 4)) {
    const { said, exit } = await unlockWith(t, flags, bytesOf(vector));
    const { logKey: named, witnesses } = value as { logKey: unknown; witnesses?: string };
    const readable = named === logKey && /^$|^witness /u.test(witnesses ?? '') && witnesses !== '';
    if (readable) assert.equal(said, true, name);
    else assert.deepEqual([said, await exit], [false, 10], name);
  }
  // Each costs a process; which field is refused is tested where the codec is.
  for (const { name, ...vector } of sample(bad, 17)) {
    const { said, exit } = await unlockWith(t, flags, bytesOf(vector));
    assert.deepEqual([said, await exit], [false, 10], name);
  }
  // Genesis would pin it, and the right key would be refused ever after.
  const unreadable = encodeCbor(toCbor(unlockCodec, unlockFor({ ...about, logKey: 'k'.repeat(20) })));
  const { said, exit } = await unlockWith(t, flags, unreadable);
  assert.deepEqual([said, await exit], [false, 10], 'a log key that cannot be read');
  const lost = good.find((vector) => !isNew(vector));
  assert.ok(lost !== undefined);
  assert.equal(await (await unlockWith(t, flags, bytesOf(lost))).exit, 12);
});

test('a gate whose door is misused ends by its number', async (t) => {
  const message = unlockFor({ ...about, logKey });
  const flags = await gateFlags(t, unlockFor({ ...about, logKey }));
  const bytes = encodeCbor(toCbor(unlockCodec, message));
  // Sequences of one frame: the others need a gate that is ready, and are tried on the door's own code.
  for (const frame of [
    '000100010000000200',
    '000000010000000201ff',
    '0000000000000002ff',
    '000000000000000100',
  ]) {
    const store = openSync(join(folderFor(t), 'store'), constants.O_RDWR | constants.O_CREAT, 0o600);
    const { child, door } = spawnGate(t, await gateFile(), flags, store);
    closeSync(store);
    t.after(() => void door.destroy());
    child.stdin?.end(bytes);
    door.write(Buffer.from(frame, 'hex'));
    assert.equal(await ending(child), 18, frame);
  }
});
