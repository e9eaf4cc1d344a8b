import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  makeVerifierKey,
  toBase64,
  utf8,
} from '@counterfoil/log';
import { nodePrimitives, sha256Into } from '@counterfoil/log/node';
import { logKey, signedBy, testKey } from './_history-log.ts';
import { type Change, type Library, testEach } from './_twins.ts';

const root = new Uint8Array(createHash('sha256').update('root').digest());
const origin = logKey.key.name;
const text = formatCheckpoint({ origin, size: 7, root });
const own = signedBy(text, logKey);
const good = Buffer.from(formatNote({ text, signatures: [own] })).toString('utf8');
const stranger = testKey('stranger', 'ed25519');

const size =
  (written: string) =>
  ({ parseCheckpoint }: Library) =>
    parseCheckpoint(text.replace('\n7\n', `\n${written}\n`));
const plain: Change = ['library/number-text.ts', /if \(!\/.*\/\.test\(text\)\)/u, 'if (false)'];
const exact: Change = ['library/number-text.ts', 'if (!Number.isSafeInteger(value))', 'if (false)'];

// Group 10.
testEach([
  ...['07', '+7', '-7', ' 7', '7 ', '', '7.0', '0x7'].map((written) => ({
    name: `a size written as ${JSON.stringify(written)}`,
    attempt: size(written),
    code: 'bad-number',
    guard: [plain],
  })),
  ...['9007199254740992', '9223372036854775808', '18446744073709551616'].map((written) => ({
    name: `a size of ${written}`,
    attempt: size(written),
    code: 'bad-number',
    guard: [plain, exact],
  })),
  {
    name: 'a root of 31 bytes',
    attempt: ({ parseCheckpoint }) =>
      parseCheckpoint(text.replace(toBase64(root), toBase64(root.subarray(1)))),
    code: 'bad-hash-length',
    guard: [['library/checkpoint.ts', "checkHash(root, 'checkpoint root');", '']],
  },
  {
    name: 'an extension line',
    attempt: ({ parseCheckpoint }) => parseCheckpoint(`${text}extension\n`),
    code: 'bad-checkpoint',
    guard: [['library/checkpoint.ts', "if (end !== '' || more.length > 0)", 'if (false)']],
  },
  {
    name: 'a checkpoint without its last line feed',
    attempt: ({ parseCheckpoint }) => parseCheckpoint(text.slice(0, -1)),
    code: 'bad-checkpoint',
    guard: [['library/checkpoint.ts', "if (end !== '' || more.length > 0)", 'if (false)']],
  },
  {
    name: 'an empty origin',
    attempt: ({ parseCheckpoint }) => parseCheckpoint(`\n7\n${toBase64(root)}\n`),
    code: 'bad-checkpoint',
    guard: [['library/checkpoint.ts', "origin === '' ||", '']],
  },
]);

const open =
  (note: string) =>
  ({ openCheckpoint }: Library) =>
    openCheckpoint(utf8(note), logKey.key, nodePrimitives);
const noteFile = 'library/note.ts';
const unchecked: Change = [noteFile, 'signatures.verifyEd25519(key.publicKey, utf8(text), blob)', 'true'];
const nobodyNeeded: Change = [noteFile, 'if (verified.length === 0)', 'if (false)'];
const forgiving: Change = [
  noteFile,
  'const time = verifyLine(note.text, line.blob, key, signatures);',
  'let time; try { time = verifyLine(note.text, line.blob, key, signatures); } catch { continue; }',
];
const broken = { ...own, blob: own.blob.map((byte, i) => (i === 5 ? byte ^ 1 : byte)) };
const sameName = (() => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  return { key: makeVerifierKey(sha256Into, origin, 'ed25519', raw), secret: privateKey };
})();
const noteOf = (...signatures: (typeof own)[]): string =>
  Buffer.from(formatNote({ text, signatures })).toString('utf8');
const elsewhere = formatCheckpoint({ origin: 'other.example/log', size: 7, root });

// Group 11.
testEach([
  {
    name: 'a note with CRLF line ends',
    attempt: open(good.replaceAll('\n', '\r\n')),
    code: 'bad-note',
    guard: [
      [
        noteFile,
        'text = decoder.decode(bytes);',
        "text = decoder.decode(bytes).replaceAll('\\r\\n', '\\n');",
      ],
    ],
  },
  {
    name: 'a note without its last line feed',
    attempt: open(good.slice(0, -1)),
    code: 'bad-note',
    guard: [
      [noteFile, "|| !whole.endsWith('\\n')", ''],
      [noteFile, 'whole.slice(split + 2, -1)', 'whole.slice(split + 2).trimEnd()'],
    ],
  },
  {
    name: 'a hyphen for the em dash',
    attempt: open(good.replace('—', '-')),
    code: 'bad-note',
    guard: [[noteFile, 'line.startsWith(SIGNATURE_PREFIX)', '/^[—-] /.test(line)']],
  },
  {
    name: 'two spaces after the em dash',
    attempt: open(good.replace('— ', '—  ')),
    code: 'bad-note',
    guard: [[noteFile, "line.slice(SIGNATURE_PREFIX.length).split(' ')", 'line.slice(1).trim().split(/ +/)']],
  },
  {
    name: 'a note without its blank line',
    attempt: open(good.replace('\n\n', '\n')),
    code: 'bad-note',
    guard: [
      [noteFile, "whole.lastIndexOf('\\n\\n')", "whole.indexOf('\\n— ')"],
      [noteFile, 'whole.slice(split + 2, -1)', 'whole.slice(split + 1, -1)'],
    ],
  },
  {
    name: 'a second blank line',
    attempt: open(good.replace('\n\n', '\n\n\n')),
    code: 'bad-signature',
    guard: [
      [
        noteFile,
        'text: whole.slice(0, split + 1)',
        "text: whole.slice(0, split + 1).replace(/\\n+$/, '\\n')",
      ],
    ],
  },
  {
    name: 'a blank line at the end',
    attempt: open(`${good}\n`),
    code: 'bad-note',
    guard: [
      [
        noteFile,
        'const whole = decodeNoteText(bytes);',
        "const whole = decodeNoteText(bytes).replace(/\\n+$/, '\\n');",
      ],
    ],
  },
  {
    name: 'base64 without its padding',
    attempt: open(good.replace(/=\n$/u, '\n')),
    code: 'bad-base64',
    guard: [['library/base64.ts', 'if (text.length % 4 !== 0)', 'if (false)']],
  },
  {
    name: 'base64 with unused bits set',
    attempt: ({ fromBase64 }) => fromBase64('AR=='),
    code: 'bad-base64',
    guard: [['library/base64.ts', 'if ((held & ((1 << bits) - 1)) !== 0)', 'if (false)']],
  },
  {
    name: 'a control character',
    attempt: ({ parseNote }) => parseNote(utf8(`\u0001${good}`)),
    code: 'bad-note',
    guard: [[noteFile, /if \(\/\[\\u0000.*\]\/\.test\(text\)\)/u, 'if (false)']],
  },
  {
    name: 'bytes that are no UTF-8',
    attempt: ({ parseNote }) => parseNote(Buffer.concat([Uint8Array.of(0xff), utf8(good)])),
    code: 'bad-note',
    guard: [[noteFile, 'fatal: true', 'fatal: false']],
  },
  {
    name: 'a note of over 65,536 bytes',
    attempt: ({ parseNote }) => parseNote(utf8(`${'x'.repeat(65_536)}${good}`)),
    code: 'bad-note',
    guard: [[noteFile, 'if (bytes.length > NOTE_BYTES_MAX)', 'if (false)']],
  },
  {
    name: '101 signatures',
    attempt: open(noteOf(...Array.from({ length: 100 }, () => signedBy(text, stranger)), own)),
    code: 'bad-note',
    guard: [[noteFile, 'SIGNATURES_MAX = 100', 'SIGNATURES_MAX = 1000']],
  },
  {
    name: 'a bad signature before a good one of the same key',
    attempt: open(noteOf(broken, own)),
    code: 'bad-signature',
    guard: [forgiving],
  },
  {
    name: 'a bad signature after a good one of the same key',
    attempt: open(noteOf(own, broken)),
    code: 'bad-signature',
    guard: [forgiving],
  },
  {
    name: 'an altered text under a true signature',
    attempt: open(good.replace('\n7\n', '\n8\n')),
    code: 'bad-signature',
    guard: [unchecked],
  },
  {
    name: 'a note that only a stranger signed',
    attempt: open(noteOf(signedBy(text, stranger))),
    code: 'unknown-signer',
    guard: [nobodyNeeded],
  },
  {
    name: 'another key under the name of the log',
    attempt: open(noteOf(signedBy(text, sameName))),
    code: 'unknown-signer',
    guard: [nobodyNeeded],
  },
  {
    name: 'a key id that was ground out to collide',
    attempt: open(noteOf({ ...signedBy(text, sameName), keyId: logKey.key.id })),
    code: 'bad-signature',
    guard: [unchecked],
  },
  {
    name: 'a tree of another origin, signed by this log',
    attempt: open(
      Buffer.from(formatNote({ text: elsewhere, signatures: [signedBy(elsewhere, logKey)] })).toString(),
    ),
    code: 'wrong-origin',
    guard: [['library/open-checkpoint.ts', 'if (checkpoint.origin !== key.name)', 'if (false)']],
  },
  ...['', 'a b', 'a+b', 'a\u2003b', 'a\nb', 'a\u00a0b', 'x'.repeat(256)].map((name) => ({
    name: `a key named ${JSON.stringify(name.slice(0, 5))}`,
    attempt: (log: Library) => log.makeVerifierKey(sha256Into, name, 'ed25519', root),
    code: 'bad-verifier-key',
    guard: [
      ['library/verifier-key.ts', /return name\.length <= NAME_LENGTH_MAX.*;/u, 'return true;'] as const,
    ],
  })),
  {
    name: 'a verifier key under a wrong id',
    attempt: (log) =>
      log.parseVerifierKey(sha256Into, formatVerifierKey(logKey.key).replace(/\+[0-9a-f]{8}/u, '+00000000')),
    code: 'bad-verifier-key',
    guard: [['library/verifier-key.ts', /if \(!equalBytes\(key\.id,.*\) \{/u, 'if (false) {']],
  },
  {
    name: 'a verifier key with three bytes more',
    attempt: (log) => log.parseVerifierKey(sha256Into, longerKey()),
    code: 'bad-verifier-key',
    guard: [['library/verifier-key.ts', 'if (publicKey.length !== PUBLIC_KEY_BYTES[type])', 'if (false)']],
  },
]);

/** As an attacker writes it: its id fits its bytes. */
function longerKey(): string {
  const bytes = Buffer.concat([Uint8Array.of(1), logKey.key.publicKey, new Uint8Array(3)]);
  const id = createHash('sha256').update(`${origin}\n`).update(bytes).digest('hex').slice(0, 8);
  return `${origin}+${id}+${bytes.toString('base64')}`;
}
