import assert from 'node:assert/strict';
import { type Duplex, PassThrough, duplexPair } from 'node:stream';
import { test } from 'node:test';
import { weakened } from './_weakened.ts';
import { readFirstFrame } from './first-frame.ts';

const BYTES_MAX = 64;

function frame(length: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length);
  return Buffer.concat([head, body]);
}

/** What becomes of a stream on which `bytes` come in pieces of `piece`, and then its end. */
async function outcome(bytes: Uint8Array, piece: number, msMax = 1_000): Promise<string> {
  const [near, far] = duplexPair();
  const read = readFirstFrame(near, BYTES_MAX, msMax).then(
    (body) => Buffer.from(body).toString(),
    (error: unknown) => String((error as { code?: string }).code),
  );
  for (let at = 0; at < bytes.length; at += piece) {
    far.write(bytes.subarray(at, at + piece));
    await new Promise((resolve) => setImmediate(resolve));
  }
  far.end();
  return read;
}

test('a first frame is read however it is cut, and what follows stays in the stream', async () => {
  for (const piece of [1, 3, 4, 5, 100]) {
    const [near, far] = duplexPair();
    const read = readFirstFrame(near, BYTES_MAX, 1_000);
    const bytes = Buffer.concat([frame(6, Buffer.from('worker')), Buffer.from('what follows')]);
    for (let at = 0; at < bytes.length; at += piece) far.write(bytes.subarray(at, at + piece));
    assert.equal(Buffer.from(await read).toString(), 'worker');
    far.end();
    assert.equal(await rest(near), 'what follows');
  }
});

async function rest(stream: Duplex): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

test('a frame of no bytes and one over the bound are refused by their length', async () => {
  assert.equal(await outcome(frame(0, Buffer.alloc(0)), 100), 'frame-too-large');
  assert.equal(await outcome(frame(BYTES_MAX + 1, Buffer.alloc(0)), 100), 'frame-too-large');
  assert.equal(await outcome(frame(BYTES_MAX, Buffer.alloc(BYTES_MAX, 97)), 7), 'a'.repeat(BYTES_MAX));
});

test('a stream that ends inside its first frame, or says nothing, ends in an error and nothing else', async () => {
  const whole = frame(6, Buffer.from('worker'));
  for (let length = 0; length < whole.length; length++) {
    for (const piece of [1, 100])
      assert.match(await outcome(whole.subarray(0, length), piece, 50), /^(?:closed|truncated)$/u);
  }
});

test('planted: a head that is cut short ends the process where its length is not looked at', async () => {
  const weak = (await weakened('first-frame.ts', 'head === null || head.length < 4', 'head === null')) as {
    readonly readFirstFrame: typeof readFirstFrame;
  };
  const stream = new PassThrough();
  stream.end(Buffer.from([0, 0]));
  weak.readFirstFrame(stream, BYTES_MAX, 1_000).catch(() => undefined);
  assert.throws(() => stream.emit('readable'), /outside buffer bounds/u);
  stream.destroy();
});
