import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { decodeCbor, encodeCbor, toCbor } from '@counterfoil/vocabulary';
import {
  type JournalAnswer,
  type JournalRefusal,
  journalAnswer,
  streamTarget,
  unlock as unlockCodec,
} from '@counterfoil/vocabulary/protocol';
import { FrameReader, Mux, newIdentity, secureClient, secureServer } from '@counterfoil/wire';
import { closeSync, constants, openSync } from 'node:fs';
import { bundle, plant } from './_planted-build.ts';
import {
  ending,
  folderFor,
  gateFile,
  gateFlags,
  lineOf,
  spawnGate,
  startJournal,
  unlockFor,
} from './_programs.ts';
import { sample } from './_sample.ts';
import { bytesOf, framed, type Vector, vectorsOf } from './_vectors.ts';

const requests = vectorsOf('journal', 'requests');
const greeting = framed(
  bytesOf(vectorsOf('door', 'attachments').good.find(({ value }) => value === 'journal') ?? { hex: '' }),
);

/** A running journal; this process is the switch and the gate. Each call is one connection of the gate. */
async function startCalled(t: TestContext, program?: string) {
  const folder = folderFor(t);
  const gate = newIdentity();
  const waiting: Socket[] = [];
  const wanted: ((socket: Socket) => void)[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    t.after(() => void socket.destroy());
    const take = wanted.shift();
    if (take === undefined) waiting.push(socket);
    else take(socket);
  });
  await new Promise<void>((resolve) => server.listen(join(folder, 's'), resolve));
  t.after(() => void server.close());
  const journal = await startJournal(t, folder, join(folder, 's'), program);
  journal.serve(gate.pin);
  const call = async (): Promise<TLSSocket> => {
    const socket = waiting.shift() ?? (await new Promise<Socket>((resolve) => wanted.push(resolve)));
    while (socket.readableLength < greeting.length)
      await new Promise((resolve) => socket.once('readable', resolve));
    assert.deepEqual(socket.read(greeting.length), greeting);
    return secureClient(socket, gate, new Set([journal.pin]));
  };
  /** The answer to one frame, or `closed`. */
  const ask = async (frame: Uint8Array): Promise<JournalAnswer | 'closed'> => {
    const socket = await call();
    return new Promise((resolve) => {
      const reader = new FrameReader();
      socket.on('error', () => {});
      socket.on('data', (chunk: Buffer) => {
        for (const body of reader.push(chunk)) {
          resolve(journalAnswer.decode(decodeCbor(body), 'message'));
          socket.destroy();
        }
      });
      socket.once('close', () => resolve('closed'));
      socket.write(frame);
    });
  };
  return { ask, journal };
}

type Called = Awaited<ReturnType<typeof startCalled>>;

interface Asked {
  readonly kind: 'append' | 'head' | 'read' | 'prove' | 'witnessed';
  readonly id: number;
  readonly leaves?: readonly string[];
  readonly knownSize?: number;
  readonly from?: number;
  readonly index?: number;
}

/** Why a journal of this size refuses a good request, or null. */
function refusalOf(asked: Asked, size: number): JournalRefusal | null {
  if (asked.leaves?.length === 0) return 'badForm';
  const beyond = (asked.knownSize ?? 0) > size || (asked.index ?? -1) >= size || (asked.from ?? -1) >= size;
  return beyond ? 'beyondTree' : null;
}

const answers = {
  append: 'receipt',
  head: 'head',
  read: 'entries',
  prove: 'proof',
  witnessed: 'head',
} as const;

/** Names of the good vectors that a journal answers in another way than the protocol says. */
async function failuresOf({ ask }: Called, vectors: readonly Vector[]): Promise<string[]> {
  const failed: string[] = [];
  let size = 0;
  for (const { name, value, ...vector } of vectors) {
    const asked = value as Asked;
    const expected = refusalOf(asked, size) ?? answers[asked.kind];
    const answer = await ask(framed(bytesOf(vector)));
    if (answer !== 'closed' && answer.kind === 'receipt') size = answer.size;
    const said = answer === 'closed' || answer.kind !== 'refused' ? answer : { ...answer, kind: answer.code };
    if (said === 'closed' || said.id !== asked.id || said.kind !== expected) failed.push(name);
  }
  return failed;
}

test('the journal answers every good request, and a bad one closes its stream alone', async (t) => {
  const called = await startCalled(t);
  assert.deepEqual(await failuresOf(called, requests.good), []);
  const head = framed(bytesOf(requests.good.find(({ name }) => name === 'ask for the head') ?? { hex: '' }));
  const before = await called.ask(head);
  for (const { name, ...vector } of requests.bad)
    assert.equal(await called.ask(framed(bytesOf(vector))), 'closed', name);
  assert.equal(await called.ask(Buffer.from('00400001', 'hex')), 'closed', 'a frame over 4 MiB');
  assert.deepEqual(await called.ask(head), before);
  assert.equal(called.journal.child.exitCode, null);
});

test('a journal that reads one field under another key fails vectors by name', async (t) => {
  const folder = folderFor(t);
  const program = plant(folder, await bundle(folder, 'packages/log/src/journal/main.ts'), {
    from: 'count: [2, integer(1, READ_ENTRIES_MAX)]',
    to: 'count: [4, integer(1, READ_ENTRIES_MAX)]',
  });
  const reads = requests.good.filter(({ value }) => (value as Asked).kind === 'read');
  const failed = await failuresOf(await startCalled(t, program), reads);
  assert.deepEqual(
    failed,
    reads.map(({ name }) => name),
  );
});

/** How a gate ends whose journal answers its first question, the head, with these bytes. */
async function gateEnding(t: TestContext, flags: readonly string[], answer: Uint8Array) {
  const journal = newIdentity();
  const store = openSync(join(folderFor(t), 'store'), constants.O_RDWR | constants.O_CREAT, 0o600);
  const { child, door } = spawnGate(t, await gateFile(), flags, store);
  closeSync(store);
  let gatePin = '';
  // A gate that ends before it says who it is ends the test by its number.
  lineOf(child, ({ pin }) => (typeof pin === 'string' ? (gatePin = pin) : undefined)).catch(() => '');
  new Mux(door, {
    side: 'switch',
    onStream: (stream, target) => {
      stream.on('error', () => {});
      assert.deepEqual(streamTarget.decode(decodeCbor(target), 'target'), { kind: 'journal' });
      secureServer(stream, journal, new Set([gatePin])).then(
        (secured) => {
          secured.on('error', () => {});
          secured.once('data', () => secured.write(framed(answer)));
        },
        () => {},
      );
    },
    onClose: () => {},
  });
  const worker = newIdentity();
  child.stdin?.end(encodeCbor(toCbor(unlockCodec, unlockFor({ ...logOf(journal.pin), worker }))));
  return ending(child);
}

const logOf = (journalPin: string) => ({
  journalPin,
  logKey: 'example.com/keyuse+5896da5e+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c',
});

test('a gate whose journal answers badly ends for want of its log, and never becomes ready', async (t) => {
  const flags = await gateFlags(t, unlockFor({ ...logOf('0'.repeat(64)), worker: newIdentity() }));
  const { good, bad } = vectorsOf('journal', 'answers');
  // Each costs a process; which field is refused is tested where the codec is.
  for (const { name, ...vector } of sample(bad, 15))
    assert.equal(await gateEnding(t, flags, bytesOf(vector)), 17, name);
  // A head that is well formed and not signed by the log is a forgery; anything but a head is no log.
  const isFirst = ({ value }: Vector): boolean => (value as { id: number }).id === 1;
  for (const { name, value, ...vector } of sample(good.filter(isFirst), 7)) {
    const exit = (value as { kind: string }).kind === 'head' ? 16 : 17;
    assert.equal(await gateEnding(t, flags, bytesOf(vector)), exit, name);
  }
});
