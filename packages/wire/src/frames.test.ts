import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { FRAME_BYTES_MAX, FrameReader, writeFrame } from './frames.ts';

function framed(...bodies: readonly Uint8Array[]): Buffer {
  const stream = new PassThrough();
  for (const body of bodies) writeFrame(stream, body);
  const chunks: Buffer[] = [];
  for (let chunk = read(stream); chunk !== null; chunk = read(stream)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function read(stream: PassThrough): Buffer | null {
  return stream.read() as Buffer | null;
}

/** The frames that a reader gives when the stream arrives cut at these places. */
function framesOf(reader: FrameReader, stream: Uint8Array, ...cuts: readonly number[]): string[] {
  const ends = [...cuts, stream.length];
  return ends.flatMap((end, i) =>
    [...reader.push(stream.subarray(ends[i - 1] ?? 0, end))].map((frame) =>
      Buffer.from(frame).toString('hex'),
    ),
  );
}

const bodies = [Buffer.from('first'), Buffer.alloc(0), Buffer.alloc(300, 7), Buffer.from([0, 0, 0, 1])];
const whole = framed(...bodies);
const expected = bodies.map((body) => body.toString('hex'));

test('a frame is its length in four bytes, big-endian, and its body', () => {
  assert.equal(framed(Buffer.from('hi')).toString('hex'), '000000026869');
});

test('frames come out the same however the stream is cut', () => {
  for (let first = 0; first <= whole.length; first++) {
    const reader = new FrameReader();
    assert.deepEqual(framesOf(reader, whole, first), expected, `cut at ${first}`);
    assert.equal(reader.idle, true);
    assert.deepEqual(
      framesOf(new FrameReader(), whole, first >> 1, first),
      expected,
      `cut twice, at ${first}`,
    );
  }
  const everywhere = Array.from({ length: whole.length - 1 }, (_, i) => i + 1);
  assert.deepEqual(framesOf(new FrameReader(), whole, ...everywhere), expected, 'byte by byte');
});

test('a reader that stands inside a frame is not idle', () => {
  for (let length = 1; length < 9; length++) {
    const reader = new FrameReader();
    framesOf(reader, framed(Buffer.from('first')).subarray(0, length));
    assert.equal(reader.idle, false, `after ${length} bytes`);
  }
  const onlyHead = new FrameReader();
  framesOf(onlyHead, framed(Buffer.from('first')).subarray(0, 4));
  assert.equal(onlyHead.idle, false, 'a length is known, and no byte of the body is here');
});

test('a frame over the bound is refused by its length, before its body is waited for', () => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(FRAME_BYTES_MAX + 1);
  assert.throws(() => framesOf(new FrameReader(), head), { name: 'WireError', code: 'frame-too-large' });
  head.writeUInt32BE(FRAME_BYTES_MAX);
  assert.deepEqual(framesOf(new FrameReader(), head), []);
  assert.deepEqual(framesOf(new FrameReader(5), framed(Buffer.from('first'))), ['6669727374']);
  assert.throws(() => framesOf(new FrameReader(4), framed(Buffer.from('first'))), {
    code: 'frame-too-large',
  });
});

test('a reader without the bound would hold what it is told to wait for', () => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(0xffff_ffff);
  const weakened = new FrameReader(Number.POSITIVE_INFINITY);
  assert.deepEqual(framesOf(weakened, head), []);
  assert.equal(weakened.idle, false);
});
