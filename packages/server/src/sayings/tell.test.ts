/** English is what it was; every code has its own, made of its values alone. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Saying, type SayingCode, type ValueName, saying, sayings, valueKinds } from '@counterfoil/api';
import type { Kind } from '@counterfoil/api/sayings';
import { inEnglish, saidOf, told } from './tell.ts';

const codes = Object.keys(sayings) as SayingCode[];

/** A saying of that code whose texts name the values that they stand for. */
function sample(code: SayingCode): Saying {
  const values = Object.fromEntries(sayings[code].map((name) => [name, sampleOf(name)]));
  return saying.parse({ code, values });
}

function sampleOf(name: ValueName): unknown {
  const kind: Kind = valueKinds[name];
  switch (kind) {
    case 'count':
      return 7;
    case 'decimal':
      return '61240.5';
    case 'instant':
      return '2026-11-20T10:31:04.000Z';
    case 'text':
      return `<${name}>`;
    case 'saying':
      return saidOf('until-time', { seconds: 50 });
    case 'sayings':
      return [saidOf('until-time', { seconds: 50 }), saidOf('until-next-price', {})];
    default:
      return kind[0];
  }
}

describe('what the server says', () => {
  for (const code of codes) {
    test(`${code}: is a sentence that has all of its values`, () => {
      const sentence = inEnglish(sample(code));
      assert.doesNotMatch(sentence, /undefined|NaN|\[object/u);
      for (const name of sayings[code])
        if (valueKinds[name] === 'text' && name !== 'detail')
          assert.match(sentence, new RegExp(`<${name}>`, 'u'));
    });
  }

  test('a value too few, one too many and a word that is none are refused', () => {
    const { values } = sample('grid-line-filled');
    assert.ok(saying.safeParse({ code: 'grid-line-filled', values }).success);
    const { price: _, ...fewer } = values as { readonly price: string };
    for (const wrong of [fewer, { ...values, more: 1 }, { ...values, side: 'both' }])
      assert.ok(!saying.safeParse({ code: 'grid-line-filled', values: wrong }).success);
    assert.ok(!saying.safeParse({ code: 'planted', values: {} }).success);
  });

  test('what people and programs read in English stays as it is, byte for byte', () => {
    const { sentence: level } = told('until-at-or-above', { level: '1010', now: '1005', distance: '0.50' });
    assert.equal(level, 'price ≥ 1010 (now 1005, 0.50 % away)');
    const trail = saidOf('until-at-or-below-trailing', { level: '1014.9', now: '1020', distance: '0.50' });
    assert.equal(inEnglish(trail), 'price ≤ 1014.9 (now 1020, 0.50 % away, following the price)');
    const rsi = { indicator: 'rsi', timeframe: '1h', compare: 'less', threshold: '30' } as const;
    const all = [saidOf('condition', rsi), saidOf('condition', { ...rsi, timeframe: '4h' })];
    const about = saidOf('until-conditions', { all });
    assert.equal(
      told('why-waits-and-rests', { about, orders: 2 }).sentence,
      'It waits for rsi on 1h less 30 and rsi on 4h less 30; 2 of its orders are open.',
    );
    const order = { side: 'buy', quantity: '0.5', base: 'BTC', filled: '0.2', state: 'cancelling' } as const;
    assert.equal(
      told('order-at-price', { ...order, price: '61240' }).sentence,
      'buy 0.5 BTC at 61240, 0.2 of it filled (cancelling)',
    );
    assert.equal(
      told('deal-closed', { deal: 3, symbol: 'BTCUSDT', why: 'take-profit', profit: '1.5', quote: 'USDT' })
        .sentence,
      'Deal 3 on BTCUSDT is closed because its target was reached: 1.5 USDT.',
    );
    assert.equal(
      told('waiting-for-cooldown', { symbol: 'BTCUSDT', until: '2026-11-20T10:31:04.000Z' }).sentence,
      'The pause after the last deal on BTCUSDT ends at 2026-11-20 10:31:04.',
    );
    assert.equal(
      told('frozen-for', { scope: 'user', frozenFor: 'asked', depth: 'everything' }).sentence,
      'The workspace is frozen (asked): nothing is signed until it is thawed.',
    );
  });
});
