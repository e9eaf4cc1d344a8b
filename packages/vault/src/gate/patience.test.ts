import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Patience } from './patience.ts';

const rule = { header: 'x-used', readsMax: 4_500 };

for (const [status, headers] of [
  [429, { 'retry-after': '30' }],
  [418, { 'retry-after': '120' }],
  [429, {}],
  [418, { 'retry-after': 'never' }],
  [429, { 'retry-after': '-5' }],
] as const) {
  test(`HTTP ${status} with ${JSON.stringify(headers)} is a pause`, () => {
    const patience = new Patience(rule);
    assert.equal(patience.isOver, false);
    patience.hear(status, headers);
    assert.equal(patience.isOver, true);
    patience.hear(200, {});
    assert.equal(patience.isOver, true, 'an answer that was under way ends no pause');
  });
}

test('no other answer is a pause', () => {
  const patience = new Patience(rule);
  for (const status of [200, 400, 403, 503]) patience.hear(status, { 'retry-after': '30' });
  assert.equal(patience.isOver, false);
});

test('reads stop at the share of the minute that is theirs', () => {
  const patience = new Patience(rule);
  patience.hear(200, { 'x-used': '4499' });
  assert.equal(patience.isShort, false);
  patience.hear(200, { 'x-used': '4500' });
  assert.equal(patience.isShort, true);
  patience.hear(200, {});
  assert.equal(patience.isShort, true, 'an answer that does not say changes nothing');
  assert.equal(patience.isOver, false);
});

test('where a venue counts nothing, nothing is short', () => {
  const patience = new Patience(null);
  patience.hear(200, { 'x-used': '99999' });
  assert.equal(patience.isShort, false);
});
