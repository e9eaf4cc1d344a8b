import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { KEY_BYTES, codeBytes, newCode, unwrapKey, wrapKey } from './under-words.ts';

test('a key comes back under its words, and under no others and from no changed wrap', async () => {
  const key = randomBytes(KEY_BYTES);
  const words = Buffer.from(newCode());
  const wrap = await wrapKey(words, key);
  assert.deepEqual(await unwrapKey(words, wrap), key);
  assert.equal(await unwrapKey(Buffer.from(newCode()), wrap), null);
  const bytes = Buffer.from(wrap.wrapped, 'hex');
  for (const at of [0, 12, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(await unwrapKey(words, { ...wrap, wrapped: changed.toString('hex') }), null, String(at));
  }
  for (const wrapped of ['', '00', `${wrap.wrapped}00`, 'no hex'])
    assert.equal(await unwrapKey(words, { ...wrap, wrapped }), null);
});

test('a code is the same in any case and grouping, and a wrap never has the same salt twice', async () => {
  const code = newCode();
  for (const typed of [code, ` ${code}\n`, code.toLowerCase(), code.replaceAll('-', ' ')])
    assert.equal(codeBytes(Buffer.from(typed)).toString(), code);
  const key = randomBytes(KEY_BYTES);
  const [one, other] = await Promise.all([wrapKey(Buffer.from('x'), key), wrapKey(Buffer.from('x'), key)]);
  assert.notEqual(one.salt, other.salt);
});
