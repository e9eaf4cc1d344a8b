import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Server, type Socket, createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { decodeCbor, userId, venueId } from '@counterfoil/vocabulary';
import { builderAnswer, builderRequest } from '@counterfoil/vocabulary/protocol';
import { FrameReader } from '@counterfoil/wire';
import { plant } from './_planted-build.ts';
import { builderFile, endAfter, ending, folderFor, launcher } from './_programs.ts';
import { sample } from './_sample.ts';
import { attached, startVault } from './_vault.ts';
import { bytesOf, framed, type Vector, vectorsOf } from './_vectors.ts';

interface Exchange {
  readonly name: string;
  readonly request: Vector['hex'];
  readonly answer: Vector['hex'];
}

// A committed file of ours.
const { exchanges } = JSON.parse(
  readFileSync(new URL('../../../vectors/protocol/builder-exchanges.json', import.meta.url), 'utf8'),
) as { readonly exchanges: readonly Exchange[] };

const requests = vectorsOf('builder', 'requests');
const greeting = framed(
  bytesOf(vectorsOf('door', 'attachments').good.find(({ value }) => value === 'builder') ?? { hex: '' }),
);

interface Builder {
  readonly exit: Promise<number | string | null>;
  /** The frame that comes back, or null where the builder closes instead. */
  ask(body: Uint8Array): Promise<Buffer | null>;
}

/** A builder as the desk launches it; this process is the switch. */
async function startBuilder(t: TestContext, file: string): Promise<Builder> {
  const socketPath = join(folderFor(t), 's');
  const server: Server = createServer();
  const called = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const program = await launcher.launchBuilder({ builderFile: file, socketPath, onLine: () => {} });
  endAfter(t, program.child);
  const socket = await called;
  server.close();
  t.after(() => void socket.destroy());
  const frames: ((frame: Buffer | null) => void)[] = [];
  const reader = new FrameReader();
  socket.on('error', () => {});
  socket.once('close', () => frames.splice(0).forEach((give) => give(null)));
  const greeted = new Promise<void>((resolve) => {
    frames.push((frame) => {
      assert.deepEqual(frame === null ? null : framed(frame), greeting);
      resolve();
    });
  });
  socket.on('data', (chunk: Buffer) => {
    for (const frame of reader.push(chunk)) frames.shift()?.(Buffer.from(frame));
  });
  await greeted;
  return {
    exit: ending(program.child),
    ask: (body) =>
      new Promise((resolve) => {
        frames.push(resolve);
        socket.write(framed(body));
      }),
  };
}

/** Names of the exchanges in which the builder answers other bytes. */
async function failuresOf(builder: Builder): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, request, answer } of exchanges) {
    const said = await builder.ask(bytesOf({ hex: request }));
    if (said?.equals(bytesOf({ hex: answer })) !== true) failed.push(name);
    if (said === null) break;
  }
  return failed;
}

test('the builder answers to the byte', async (t) => {
  const builder = await startBuilder(t, await builderFile());
  assert.deepEqual(await failuresOf(builder), []);
});

test('the builder answers every good request, whatever is asked of it, and names it', async (t) => {
  const builder = await startBuilder(t, await builderFile());
  for (const { name, value, ...vector } of requests.good) {
    const said = await builder.ask(bytesOf(vector));
    assert.ok(said !== null, name);
    const answer = builderAnswer.decode(decodeCbor(said), 'message');
    assert.equal(answer.id, (value as { readonly id: number }).id, name);
  }
});

test('a bad request ends the builder, without an answer and without a fault', async (t) => {
  // Each costs a process; which field is refused is tested where the codec is.
  const some = sample(requests.bad, 23);
  const file = await builderFile();
  for (const { name, ...vector } of some) {
    const builder = await startBuilder(t, file);
    assert.equal(await builder.ask(bytesOf(vector)), null, name);
    assert.equal(await builder.exit, 0, name);
  }
});

test('a builder that reads one field under another key fails exchanges by name', async (t) => {
  const planted = plant(folderFor(t), await builderFile(), {
    from: 'method: [3, buildMethod]',
    to: 'method: [40, buildMethod]',
  });
  const builder = await startBuilder(t, planted);
  assert.deepEqual(await failuresOf(builder), ['build a limit order']);
  assert.equal(await builder.exit, 0);
});

test('the gate sends nothing on a builder’s bad answer, or on a good one that is not what it asked', async (t) => {
  let reached = 0;
  const venue = createServer((socket) => {
    reached++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => venue.listen(0, '127.0.0.1', resolve));
  t.after(() => void venue.close());
  const address = venue.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const paper = { venue: venueId.parse('paper'), host: '127.0.0.1', port, caPem: '' };
  const vault = await startVault(t, { venues: [paper], builder: false });
  const caller = await vault.caller();
  const made = await caller.call((id) => ({
    id,
    intent: {
      kind: 'keyGenerate',
      assertion: null,
      user: userId.parse('demo'),
      venue: paper.venue,
      label: 'demo',
      type: 'ed25519',
      viewRecipient: null,
    },
  }));
  assert.ok(made.result.kind === 'key');
  const { connection } = made.result;

  const answers = vectorsOf('builder', 'answers');
  // The gate's first request on a stream has id 1; an answer to another id is nobody's, and takes seconds to give up.
  const isFirst = ({ value }: Vector): boolean => (value as { id: number }).id === 1;
  for (const { name, value, ...vector } of [...answers.good.filter(isFirst), ...answers.bad]) {
    const builder = await attached(t, vault.socketPath, 'builder');
    const closed = new Promise<void>((resolve) => builder.once('close', () => resolve()));
    const reader = new FrameReader();
    const asked = new Promise<void>((resolve) => {
      builder.on('data', (chunk: Buffer) => {
        for (const frame of reader.push(chunk)) {
          assert.equal(builderRequest.decode(decodeCbor(frame), 'message').id, 1);
          builder.write(framed(bytesOf(vector)));
          resolve();
        }
      });
    });
    const { result } = await caller.call((id) => ({
      id,
      intent: { kind: 'keyCheck', connection, apiKeyId: 'K'.repeat(64) },
    }));
    await asked;
    const built = (value as { kind: string } | undefined)?.kind === 'built';
    const code = built ? 'wire-check' : 'builder-unavailable';
    assert.equal(result.kind === 'refused' ? result.code : result.kind, code, name);
    builder.end();
    await closed;
    // A refused wire check freezes the key: nothing more is built before somebody thaws it.
    const scope = { kind: 'connection', connection } as const;
    if (built) await caller.call((id) => ({ id, intent: { kind: 'thaw', scope, assertion: null } }));
  }
  assert.equal(reached, 0);
  assert.equal(vault.gate.exitCode, null);
});
