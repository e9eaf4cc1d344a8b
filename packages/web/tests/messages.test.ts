/** The dictionary: complete in both languages, down to every code that the server and the gate can answer with. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemCodes } from '@counterfoil/api';
import { gateRefusal } from '@counterfoil/vocabulary/protocol';
import { de } from '../src/messages/de.ts';
import { en } from '../src/messages/en.ts';
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
});
