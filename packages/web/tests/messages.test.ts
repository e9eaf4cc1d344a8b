/** The dictionary: complete in both languages, down to every code that the server and the gate can answer with. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { problemCodes } from '@counterfoil/api';
import { gateRefusal } from '@counterfoil/vocabulary/protocol';
import { de } from '../src/messages/de.ts';
import { en } from '../src/messages/en.ts';
import { first } from '../src/messages/en/first.ts';
import { partsOf } from './_icu.ts';

type Dictionary = Readonly<Record<string, string>>;

const dictionaries: Readonly<Record<string, Dictionary>> = { en, de };
const codes = (dictionary: Dictionary, family: string): readonly string[] =>
  Object.keys(dictionary)
    .filter((key) => key.startsWith(`${family}.`))
    .map((key) => key.slice(family.length + 1));

/** The gate's closed union, as its codec names it to whoever sends another word. */
function refusalCodes(): readonly string[] {
  try {
    gateRefusal.decode('', '');
  } catch (error) {
    return (/one of (?<words>[a-z, -]+)$/u.exec(String(error))?.groups?.['words'] ?? '').split(', ');
  }
  return [];
}

/** Names of the values that a message is filled with. */
const valuesOf = (message: string, language: string): readonly string[] => partsOf(message, language).values;

/** What is wrong with a pair of dictionaries. */
function faults(english: Dictionary, german: Dictionary): readonly string[] {
  return Object.keys({ ...english, ...german }).flatMap((key) => {
    const [a, b] = [english[key] ?? '', german[key] ?? ''];
    if (a.trim() === '' || b.trim() === '') return [`${key} is empty`];
    return valuesOf(a, 'en').join() === valuesOf(b, 'de').join() ? [] : [`${key} has other values`];
  });
}

describe('the dictionary', () => {
  for (const [language, dictionary] of Object.entries(dictionaries)) {
    test(`${language}: has a sentence for every code of the server, and for no other`, () => {
      assert.deepEqual(codes(dictionary, 'problem').toSorted(), [...problemCodes].toSorted());
    });

    test(`${language}: has a sentence for every refusal of the gate, and for no other`, () => {
      assert.deepEqual(codes(dictionary, 'refusal').toSorted(), refusalCodes().toSorted());
    });
  }

  test('no sentence of a code is the same in both languages', () => {
    const same = Object.keys(en).filter(
      (key) => /^(?:problem|refusal)\./u.test(key) && (en as Dictionary)[key] === (de as Dictionary)[key],
    );
    assert.deepEqual(same, []);
  });

  test('both languages fill the same values into every message', () => {
    assert.deepEqual(faults(en, de), []);
  });

  test('an empty sentence and a misspelt value are found', () => {
    const planted = { ...de, 'problem.busy': ' ', 'state.stale': 'Stand {zeit}.' };
    assert.deepEqual(faults(en, planted).toSorted(), [
      'problem.busy is empty',
      'state.stale has other values',
    ]);
  });

  test('only pages that wait for all words say what the first page does not', () => {
    assert.deepEqual(
      sourcesThatNeedNoMore().flatMap(([path, source]) =>
        lateWords(source).map((key) => `${path} says ${key}`),
      ),
      [],
    );
    assert.deepEqual(lateWords("say('connect.title') + say(`wizard.preset.${id}`)"), ['wizard.', 'connect.']);
  });
});

const folder = join(import.meta.dirname, '../src');

/** Beginnings of keys that are not in the first dictionary. */
const late = [
  ...new Set(
    Object.keys(en)
      .filter((key) => !Object.hasOwn(first, key))
      .map((key) => `${key.split('.')[0]}.`),
  ),
];

function lateWords(source: string): readonly string[] {
  return late.filter((beginning) => source.includes(`'${beginning}`) || source.includes(`\`${beginning}`));
}

/** All but the dictionaries, and the folders of pages that the router opens in full. */
function sourcesThatNeedNoMore(): readonly (readonly [path: string, source: string])[] {
  const router = readFileSync(join(folder, 'app/router.tsx'), 'utf8');
  const waiting = [...router.matchAll(/inFull\(import\('\.\.\/(?<page>pages\/[a-z-]+)\//gu)].map(
    (found) => `${found[1]}/`,
  );
  assert.ok(waiting.length > 3, 'the router names pages that wait for all words');
  return globSync('**/*.{ts,tsx}', { cwd: folder })
    .filter((path) => !['messages/', ...waiting].some((beginning) => path.startsWith(beginning)))
    .map((path) => [path, readFileSync(join(folder, path), 'utf8')]);
}
