/** The prose follows the code: what ARCHITECTURE.md and docs/protocol.md name exists, and says what the code says. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');
const documents = ['ARCHITECTURE.md', 'docs/protocol.md'] as const;
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Paths in the documents begin at the repository or at `packages/`. */
function resolved(path: string): string | undefined {
  return [path, `packages/${path}`].find((candidate) => existsSync(join(root, candidate)));
}

/** Whether `source` declares `name`: a function, constant, type or class, or a member of a class. */
function declares(source: string, name: string): boolean {
  const word = name.replaceAll('$', String.raw`\$`);
  const statement = String.raw`^(?:export )?(?:async )?(?:function\*?|class|const|let|type|interface) ${word}\b`;
  const member = String.raw`^ {2}(?:static |override |readonly |async |get )*\*?#?${word}(?:[(<=:?]| =)`;
  return new RegExp(`${statement}|${member}`, 'mu').test(source);
}

/** Code spans outside fenced blocks. */
function spans(text: string): string[] {
  return [...text.replaceAll(/^```.*?^```/gmsu, '').matchAll(/`([^`\n]+)`/gu)].map((match) => match[1] ?? '');
}

/** Names in `text` that nothing in the repository answers to. */
function staleNames(text: string): string[] {
  return spans(text).filter((span) => {
    const [, path, name] = /^([\w@.-]+(?:\/[\w.-]+)*\.(?:ts|mjs|sql|md))(?:#([\w$]+))?$/u.exec(span) ?? [];
    if (path === undefined) return false;
    const file = resolved(path);
    return file === undefined || (name !== undefined && !declares(read(file), name));
  });
}

/** Products and powers of whole numbers, as bounds are written. */
function valueOf(expression: string): number {
  const [term = '', ...less] = expression.replaceAll('_', '').split(' - ');
  const [base, power] = term.split(' ** ').map(Number);
  const value =
    power === undefined
      ? term
          .split(' * ')
          .map(Number)
          .reduce((a, b) => a * b, 1)
      : (base ?? 0) ** power;
  return less.reduce((rest, part) => rest - Number(part), value);
}

/** Rows `| \`file#NAME\` | value |` whose value is not the constant's. */
function staleBounds(text: string): string[] {
  const rows = [...text.matchAll(/^\| `([^`#]+)#([A-Z_0-9]+)` \| (\d+) \|/gmu)];
  assert.ok(rows.length > 0, 'a table of bounds was read');
  return rows.flatMap(([, path = '', name = '', stated]) => {
    const source = read(resolved(path) ?? path);
    const written = new RegExp(String.raw`^(?:export )?const ${name} = ([^;]+);`, 'mu').exec(source)?.[1];
    return written !== undefined && valueOf(written) === Number(stated) ? [] : [`${path}#${name}`];
  });
}

const unions = [
  ['packages/vocabulary/src/protocol/intent.ts', 'gateRefusal'],
  ['packages/vocabulary/src/protocol/intent.ts', 'useState'],
  ['packages/vocabulary/src/protocol/intent.ts', 'intent'],
  ['packages/vault/src/gate/manifest.ts', 'venueVerdict'],
  ['packages/vocabulary/src/protocol/door.ts', 'attachment'],
  ['packages/vocabulary/src/protocol/worker-door.ts', 'remoteLine'],
  ['packages/vocabulary/src/protocol/worker-door.ts', 'remoteAnswer'],
  ['packages/vocabulary/src/protocol/journal.ts', 'journalRefusal'],
  ['packages/vocabulary/src/protocol/leaf-payload.ts', 'leafPayload'],
  ['packages/vocabulary/src/protocol/leaf-payload.ts', 'useOutcome'],
  ['packages/vocabulary/src/protocol/owner.ts', 'ownerIntents'],
  ['packages/vocabulary/src/protocol/owner.ts', 'ownerResults'],
  ['packages/vocabulary/src/protocol/owner.ts', 'freezeReason'],
  ['packages/vault/src/gate/exit.ts', 'exitCodes'],
] as const;

/** Words of a closed union, read from its declaration: quoted words of a list, or the names of a record's fields. */
function wordsOf(path: string, name: string): string[] {
  const declaration = new RegExp(
    String.raw`^export const ${name} = .*?^[}\]]?\)?(?: as const)?;`,
    'msu',
  ).exec(read(path));
  const line = new RegExp(`^export const ${name} = .*;$`, 'mu').exec(read(path))?.[0];
  const body = line ?? declaration?.[0] ?? '';
  const quoted = [...body.matchAll(/'([a-zA-Z-]+)'/gu)].map((match) => match[1] ?? '');
  const fields = [...body.matchAll(/^ {2}'?([a-zA-Z-]+)'?: /gmu)].map((match) => match[1] ?? '');
  return fields.length > 0 ? fields : quoted;
}

/** Words of the closed unions that `text` does not have in a code span. */
function missingWords(text: string): string[] {
  const said = new Set(spans(text).flatMap((span) => span.split(' ')));
  return unions.flatMap(([path, name]) => {
    const words = wordsOf(path, name);
    assert.ok(words.length > 1, `${name} has words`);
    return words.filter((word) => !said.has(word)).map((word) => `${name}: ${word}`);
  });
}

for (const path of documents) {
  test(`every file and declaration that ${path} names exists`, () => {
    const text = read(path);
    assert.ok(spans(text).some((span) => span.includes('.ts#')));
    assert.deepEqual(staleNames(text), []);
  });
}

test('a file, a declaration and a member that are gone are caught', () => {
  const stale = ['vault/src/gate/gone.ts', 'vault/src/gate/use.ts#signAnything', 'wire/src/mux.ts#exportKey'];
  const text = [...stale, 'vault/src/gate/use.ts#act', 'wire/src/mux.ts#send']
    .map((name) => `\`${name}\``)
    .join(' ');
  assert.deepEqual(staleNames(text), stale);
});

test('every bound of the protocol is the one in the code', () => {
  assert.deepEqual(staleBounds(read('docs/protocol.md')), []);
});

test('a bound that the code has changed is caught', () => {
  const rows = ['| `wire/src/mux.ts#STREAMS_MAX` | 512 |', '| `wire/src/mux.ts#WINDOW_BYTES` | 262143 |'];
  assert.deepEqual(staleBounds(rows.join('\n')), ['wire/src/mux.ts#WINDOW_BYTES']);
});

test('every word of the closed unions stands in the protocol', () => {
  assert.deepEqual(missingWords(read('docs/protocol.md')), []);
});

test('a word that the protocol leaves out is caught', () => {
  const text = read('docs/protocol.md');
  const missing = missingWords(text.replaceAll('`log-behind`', ''));
  assert.deepEqual(new Set(missing), new Set([...missingWords(text), 'exitCodes: log-behind']));
});

test('links between the documents lead to files', () => {
  const pages = globSync(['*.md', 'docs/*.md', 'packages/*/README.md'], { cwd: root });
  for (const page of pages) {
    for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/gu)) {
      assert.ok(existsSync(join(root, page, '..', target)), `${page} links to ${target}`);
    }
  }
});
