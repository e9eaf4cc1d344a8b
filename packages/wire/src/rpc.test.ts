import assert from 'node:assert/strict';
import { type Duplex, Writable, duplexPair } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { integer, packed, text } from '@counterfoil/vocabulary/codec';
import { weakened } from './_weakened.ts';
import { writeFrame } from './frames.ts';
import { Caller, readMessages, writeMessage } from './rpc.ts';

const id = integer(0, Number.MAX_SAFE_INTEGER);
const question = packed({ id: [0, id], asked: [1, text(20)] });
const answer = packed({ id: [0, id], said: [1, text(20)] });

/** A caller, the messages that reach the other side, and that side's stream. */
function startCaller() {
  const [near, far] = duplexPair();
  const asked: { readonly id: number; readonly asked: string }[] = [];
  let closedBy: Error | null | undefined;
  readMessages(far, question, {
    onMessage: (message) => asked.push(message),
    onClose: (error) => (closedBy = error),
  });
  const caller = new Caller(near, question, answer);
  const ask = (what: string) => caller.call((next) => ({ id: next, asked: what }));
  return { caller, ask, asked, far, closedBy: () => closedBy };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await turn();
}

test('answers may come in any order, each to its own question', async () => {
  const { ask, asked, far } = startCaller();
  const answers = ['a', 'b', 'c'].map(ask);
  await settle();
  for (const message of asked.toReversed())
    writeMessage(far, answer, { id: message.id, said: `${message.asked}!` });
  assert.deepEqual(
    (await Promise.all(answers)).map(({ said }) => said),
    ['a!', 'b!', 'c!'],
  );
});

test('a caller that answers questions in the order in which they were asked mixes them up', async () => {
  // The guard is that an answer finds its question by id; this copy takes the oldest.
  const { Caller: Weak } = (await weakened(
    'rpc.ts',
    'const waiting = this.#waiting.get(answer.id);',
    'const waiting = [...this.#waiting.values()][0];',
  )) as { readonly Caller: typeof Caller };
  const [near, far] = duplexPair();
  const caller = new Weak(near, question, answer);
  const first = caller.call((next) => ({ id: next, asked: 'a' }));
  caller.call((next) => ({ id: next, asked: 'b' })).catch(() => undefined);
  writeMessage(far, answer, { id: 2, said: 'to b' });
  assert.equal((await first).said, 'to b');
});

/** In how many pieces 30 messages of one turn arrive. */
async function piecesOf(write: typeof writeMessage): Promise<number> {
  const [near, far] = duplexPair();
  const pieces: Buffer[] = [];
  const said: string[] = [];
  const send = (stream: Duplex): void => {
    for (let i = 0; i < 30; i++) write(stream, answer, { id: i, said: String(i) });
  };
  // Below a stream that takes many chunks at once, as TLS does, what is written together is one piece.
  const below = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      pieces.push(chunk);
      done();
    },
    writev: (chunks, done) => {
      pieces.push(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)));
      done();
    },
  });
  // Only its writing half is used.
  send(below as Duplex);
  readMessages(far, answer, { onMessage: (message) => said.push(message.said), onClose: () => {} });
  send(near);
  await settle();
  assert.deepEqual(
    said,
    Array.from({ length: 30 }, (_, i) => String(i)),
  );
  return pieces.length;
}

test('messages of one turn leave in one piece, in their order', async () => {
  assert.equal(await piecesOf(writeMessage), 1);
});

test('messages that are not gathered leave in a piece each', async () => {
  const { writeMessage: weak } = (await weakened('rpc.ts', 'stream.cork();', '')) as {
    readonly writeMessage: typeof writeMessage;
  };
  assert.equal(await piecesOf(weak), 30);
});

test('an answer to nobody’s question, or a second one, is dropped', async () => {
  const { caller, ask, far } = startCaller();
  const asking = ask('a');
  for (const [to, said] of [
    [7, 'nobody'],
    [1, 'first'],
    [1, 'second'],
  ] as const)
    writeMessage(far, answer, { id: to, said });
  assert.equal((await asking).said, 'first');
  const next = ask('b');
  writeMessage(far, answer, { id: 2, said: 'still here' });
  assert.equal((await next).said, 'still here');
  caller.close();
});

test('a connection that closes fails every open question, and every later one', async () => {
  const { caller, ask, far } = startCaller();
  const open = [ask('a'), ask('b')];
  far.destroy();
  for (const asking of open) await assert.rejects(asking, { name: 'WireError', code: 'closed' });
  await caller.closed;
  await assert.rejects(ask('c'), { code: 'closed' });
});

test('an end of the other side is a close: no question waits for ever', async () => {
  const { ask, far } = startCaller();
  const asking = ask('a');
  far.end();
  await assert.rejects(asking, { code: 'closed' });
});

test('a stream that ends inside a message is told from one that ends between two', async () => {
  for (const [bytes, code] of [
    [Uint8Array.of(), undefined],
    [Uint8Array.of(0, 0, 0, 9, 1), 'truncated'],
  ] as const) {
    const [near, far] = duplexPair();
    let closedBy: Error | null = null;
    readMessages(near, question, { onMessage: () => {}, onClose: (error) => (closedBy = error) });
    far.end(bytes);
    await settle();
    assert.equal((closedBy as (Error & { readonly code?: string }) | null)?.code, code);
  }
});

test('a question that has no form is refused before anything of it leaves', async () => {
  const { ask, asked } = startCaller();
  await assert.rejects(ask('x'.repeat(21)), { name: 'CodecError' });
  await settle();
  assert.deepEqual(asked, []);
});

const malformed: readonly (readonly [name: string, send: (stream: Duplex) => void])[] = [
  ['of no bytes', (stream) => writeFrame(stream, Buffer.alloc(0))],
  ['that is no CBOR', (stream) => writeFrame(stream, Buffer.from('ff', 'hex'))],
  ['with a byte after its end', (stream) => writeFrame(stream, Buffer.from('a200010161610a', 'hex'))],
  ['with a field that there is not', (stream) => writeFrame(stream, Buffer.from('a3000101616102f5', 'hex'))],
  ['over the bound', (stream) => stream.write(Buffer.from('00400001', 'hex'))],
];

for (const [name, send] of malformed) {
  test(`a message ${name} closes the stream, on either side, and what came before it counts`, async () => {
    const called = startCaller();
    const asking = called.ask('a');
    send(called.far);
    await assert.rejects(asking, { code: 'closed' });
    await called.caller.closed;

    const [near, far] = duplexPair();
    far.on('error', () => {});
    const asked: string[] = [];
    const closed = new Promise<Error | null>((resolve) =>
      readMessages(near, question, {
        onMessage: (message) => asked.push(message.asked),
        onClose: resolve,
      }),
    );
    writeMessage(far, question, { id: 1, asked: 'before' });
    send(far);
    writeMessage(far, question, { id: 2, asked: 'after' });
    assert.match(String(await closed), /CborError|CodecError|WireError/u);
    assert.deepEqual(asked, ['before']);
  });
}

test('a reader that goes on after a bad message would act on what follows it', async () => {
  const { readMessages: weak } = (await weakened(
    'rpc.ts',
    '      stream.destroy(error);',
    '      failure = null;',
  )) as { readonly readMessages: typeof readMessages };
  const [near, far] = duplexPair();
  const asked: string[] = [];
  weak(near, question, { onMessage: (message) => asked.push(message.asked), onClose: () => {} });
  writeFrame(far, Buffer.from('ff', 'hex'));
  await settle();
  writeMessage(far, question, { id: 2, asked: 'after' });
  await settle();
  assert.deepEqual(asked, ['after']);
});
