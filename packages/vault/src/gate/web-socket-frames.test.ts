import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  FrameError,
  FrameParser,
  MESSAGE_BYTES_MAX,
  type Message,
  clientFrame,
} from './web-socket-frames.ts';

/** A server's frame: not masked. */
function frame(first: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

const text = (body: string): Buffer => frame(0x81, Buffer.from(body));

function parsed(bytes: Buffer, cuts: (left: number) => number): Message[] {
  const parser = new FrameParser();
  const messages: Message[] = [];
  for (let at = 0; at < bytes.length;) {
    const count = Math.max(1, cuts(bytes.length - at));
    messages.push(...parser.push(bytes.subarray(at, at + count)));
    at += count;
  }
  return messages;
}

/** Numbers that are the same in every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('messages come out the same however their bytes are cut, with control frames between their parts', () => {
  const long = 'é'.repeat(40_000);
  const bytes = Buffer.concat([
    text('{"a":1}'),
    frame(0x01, Buffer.from('be')),
    frame(0x89, Buffer.from('ping')),
    frame(0x00, Buffer.from('gin')),
    frame(0x80, Buffer.from('ning')),
    text(long),
    frame(0x8a, Buffer.alloc(0)),
    text(''),
    frame(0x88, Buffer.from([3, 232])),
  ]);
  const whole = parsed(bytes, (left) => left);
  assert.deepEqual(
    whole.map((message) => (message.kind === 'text' ? message.text : message.kind)),
    ['{"a":1}', 'ping', 'beginning', long, 'pong', '', 'close'],
  );
  const random = randomFrom(7);
  for (let i = 0; i < 50; i++)
    assert.deepEqual(
      parsed(bytes, () => 1 + random(2_000)),
      whole,
    );
  assert.deepEqual(parsed(bytes.subarray(0, 200), () => 1).length, 3);
});

test('what a server may not send is refused', () => {
  const bad: Readonly<Record<string, Buffer>> = {
    'a masked frame': Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61]),
    'a reserved bit': frame(0xc1, Buffer.from('a')),
    'an opcode that there is not': frame(0x83, Buffer.from('a')),
    'a control opcode that there is not': frame(0x8b, Buffer.alloc(0)),
    'a control frame in pieces': frame(0x09, Buffer.from('a')),
    'a control frame over 125 bytes': frame(0x89, Buffer.alloc(126)),
    bytes: frame(0x82, Buffer.from('a')),
    'a continuation of nothing': frame(0x80, Buffer.from('a')),
    'a message inside a message': Buffer.concat([frame(0x01, Buffer.from('a')), text('b')]),
    'text that is not UTF-8': frame(0x81, Buffer.from([0xc3, 0x28])),
    'a length in two bytes that fits in seven bits': Buffer.concat([
      Buffer.from([0x81, 126, 0, 1]),
      Buffer.from('a'),
    ]),
    'a length in eight bytes that fits in two': Buffer.concat([
      Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0, 0, 1]),
      Buffer.from('a'),
    ]),
  };
  for (const [what, bytes] of Object.entries(bad))
    assert.throws(() => parsed(bytes, (left) => left), FrameError, what);
});

test('a message over the bound is refused by its head, before its bytes have come', () => {
  const over = Buffer.alloc(8);
  over.writeBigUInt64BE(BigInt(MESSAGE_BYTES_MAX + 1));
  assert.throws(() => new FrameParser().push(Buffer.concat([Buffer.from([0x81, 127]), over])), FrameError);
  const half = frame(0x01, Buffer.alloc(MESSAGE_BYTES_MAX / 2, 'x'));
  const rest = frame(0x00, Buffer.alloc(MESSAGE_BYTES_MAX / 2 + 1, 'x'));
  const parser = new FrameParser();
  assert.deepEqual(parser.push(half), []);
  assert.throws(() => parser.push(rest), FrameError, 'parts that are too long together');
  const fits = new FrameParser();
  assert.equal(fits.push(frame(0x81, Buffer.alloc(MESSAGE_BYTES_MAX, 'x'))).length, 1);
});

test('random bytes, and valid frames with one byte changed, end in messages or in a refusal', () => {
  const random = randomFrom(11);
  let refused = 0;
  for (let i = 0; i < 20_000; i++) {
    const valid = Buffer.concat([text('{"e":"x"}'), frame(0x89, Buffer.from('p')), text('{}')]);
    const bytes = i % 2 === 0 ? valid : Buffer.from(Array.from({ length: random(40) }, () => random(256)));
    if (i % 2 === 0) bytes[random(bytes.length)] = random(256);
    try {
      for (const message of parsed(bytes, () => 1 + random(9))) {
        assert.ok(['text', 'ping', 'pong', 'close'].includes(message.kind));
      }
    } catch (error) {
      assert.ok(error instanceof FrameError, String(error));
      refused++;
    }
  }
  assert.ok(refused > 2_000 && refused < 20_000);
});

test('a client’s frame is whole, masked by a mask of its own, and read back by unmasking', () => {
  for (const length of [0, 125, 126, 2_000]) {
    const payload = Buffer.alloc(length, 'z');
    const bytes = clientFrame('text', payload);
    assert.equal(bytes[0], 0x81);
    assert.equal((bytes[1] ?? 0) & 0x80, 0x80);
    const head = length < 126 ? 2 : 4;
    const mask = bytes.subarray(head, head + 4);
    const body = bytes.subarray(head + 4).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
    assert.deepEqual(Buffer.from(body), payload);
  }
  assert.notDeepEqual(clientFrame('pong', Buffer.from('a')), clientFrame('pong', Buffer.from('a')));
});
