import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseHostPort } from './host-port.ts';

test('names and addresses with a port are read', () => {
  assert.deepEqual(parseHostPort('vault.example.org:7332'), { host: 'vault.example.org', port: 7332 });
  assert.deepEqual(parseHostPort('0.0.0.0:1'), { host: '0.0.0.0', port: 1 });
  assert.deepEqual(parseHostPort('[2001:db8::7]:65535'), { host: '2001:db8::7', port: 65_535 });
});

test('what is no host and port is refused', () => {
  for (const text of [
    '',
    '7332',
    ':7332',
    'host',
    'host:',
    'host:0',
    'host:65536',
    'a b:1',
    '::1:7332',
    '[::1]',
    'h:1/x',
  ])
    assert.equal(parseHostPort(text), null, text);
  assert.equal(parseHostPort(`${'a'.repeat(254)}:1`), null);
});

test('any text is refused or is the address that it was read as', () => {
  const pieces = fc.constantFrom(
    '[',
    ']',
    ':',
    '.',
    '-',
    'a',
    'f',
    '0',
    '9',
    ' ',
    '/',
    '\n',
    '7332',
    '65536',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((list) => list.join('')),
      ),
      (text) => {
        const read = parseHostPort(text);
        if (read === null) return;
        const host = text.startsWith('[') ? `[${read.host}]` : read.host;
        assert.match(text, /:\d{1,5}$/u);
        assert.equal(text.slice(0, text.lastIndexOf(':')), host);
        assert.equal(Number(text.slice(text.lastIndexOf(':') + 1)), read.port);
      },
    ),
    { numRuns: 2_000 },
  );
});
