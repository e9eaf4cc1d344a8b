/** The server's sayings in German: a message for every code, of exactly its values and all of their words. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Kind, type SayingCode, type ValueName, sayings, valueKinds } from '@counterfoil/api/sayings';
import { common } from '../src/messages/de/sayings.ts';
import { refusals } from '../src/messages/de/sayings/refusals.ts';
import { teller } from '../src/app/teller.ts';
import { partsOf } from './_icu.ts';

const german = { ...common, ...refusals };

type Dictionary = Readonly<Record<string, string>>;

/** What is wrong with a dictionary of the server's codes. */
function faults(dictionary: Dictionary): readonly string[] {
  const unknown = Object.keys(dictionary).filter((code) => !Object.hasOwn(sayings, code));
  return [
    ...unknown.map((code) => `${code} is no code`),
    ...Object.entries(sayings).flatMap(([code, names]) => faultsOf(code, names, dictionary[code] ?? '')),
  ];
}

function faultsOf(code: string, names: readonly ValueName[], message: string): readonly string[] {
  if (message.trim() === '') return [`${code} has no message`];
  const { values, choices } = partsOf(message, 'de');
  if (values.join() !== names.toSorted().join()) return [`${code} is filled with ${values.join()}`];
  return names.flatMap((name) => {
    const words = wordsOf(name);
    const said = choices.get(name);
    if (words === null || said === undefined)
      return words === null ? [] : [`${code} shows the code of ${name}`];
    const strange = said.filter((word) => word !== 'other' && !words.includes(word));
    const unsaid = words.filter((word) => !said.includes(word));
    return [
      ...strange.map((word) => `${code}: ${name} is never ${word}`),
      // One word may be what is left.
      ...(unsaid.length > 1 ? [`${code} says the same of ${unsaid.join()}`] : []),
    ];
  });
}

/** The words of a closed set as messages name them; null for values of other kinds. */
function wordsOf(name: ValueName): readonly string[] | null {
  const kind: Kind = valueKinds[name];
  return typeof kind === 'string' ? null : kind.map((word) => word.replaceAll('-', '_'));
}

describe('the server’s sayings in German', () => {
  test('every code has a message of exactly its values, and every word of a closed set is said', () => {
    assert.deepEqual(faults(german), []);
  });

  test('a missing code, a misspelt one, a wrong value, a forgotten word and a bare one are found', () => {
    const { 'bot-started': started, ...fewer } = german;
    const planted = {
      ...fewer,
      'bot-startet': started,
      'deal-opened': german['deal-opened'].replace('{price}', '{preis}'),
      'frozen-for': german['frozen-for'].replace('clock_jump {', 'clock_jumps {'),
      'grid-line-filled': 'Linie {line} zu {price}: {side}',
    };
    assert.deepEqual(faults(planted).toSorted(), [
      'bot-started has no message',
      'bot-startet is no code',
      'deal-opened is filled with base,deal,preis,quantity',
      'frozen-for says the same of clock_jump,restored',
      'frozen-for: frozenFor is never clock_jumps',
      'grid-line-filled shows the code of side',
    ]);
  });

  test('numbers, times, words and sayings inside sayings are said as the reader’s language has them', () => {
    const tell = teller('de', german);
    const about = {
      code: 'until-at-or-above',
      values: { level: '61240', now: '62015.5', distance: '1.27' },
    } as const;
    assert.equal(
      tell({ code: 'why-waits-and-rests', values: { about, orders: 1 } }),
      'Er wartet auf Preis ≥ 61 240 (jetzt 62 015.5, 1.27 % entfernt); 1 Auftrag ist offen.',
    );
    assert.equal(
      tell({
        code: 'deal-closed',
        values: { deal: 3, symbol: 'BTCUSDT', why: 'trailing-take-profit', profit: '-1.5', quote: 'USDT' },
      }),
      'Deal 3 auf BTCUSDT ist geschlossen, weil der Preis um den Abstand von seinem besten Stand zurückkam: -1.5 USDT.',
    );
    const rsi = { indicator: 'rsi', timeframe: '1h', compare: 'less', threshold: '30' } as const;
    const all = [
      { code: 'condition', values: rsi } as const,
      { code: 'until-next-price', values: {} } as const,
    ];
    assert.equal(
      tell({ code: 'until-conditions', values: { all } }),
      'rsi auf 1h unter 30 und den nächsten Preis',
    );
  });

  test('a code that is newer than the page is left to the server’s own sentence', () => {
    const newer = { code: 'planted' as SayingCode, values: {} } as Parameters<ReturnType<typeof teller>>[0];
    assert.equal(teller('de', german)(newer), undefined);
    // Also where it is a part of one that is known.
    const around = { code: 'why-waits', values: { about: newer } } as const;
    assert.equal(teller('de', german)(around), undefined);
    const among = { code: 'until-conditions', values: { all: [newer] } } as const;
    assert.equal(teller('de', german)(among), undefined);
  });
});
