import assert from 'node:assert/strict';
import { test } from 'node:test';
import { botId } from '@counterfoil/vocabulary';
import type { GateResult, Intent } from '@counterfoil/vocabulary/protocol';
import { startPaperKey } from './_paper-key.ts';

const word = (result: GateResult): string => {
  if (result.kind === 'use') return result.use.state;
  return result.kind === 'refused' ? result.code : result.kind;
};

test('a frozen key of a real vault cancels and does nothing else, and trades again once thawed', async (t) => {
  const key = await startPaperKey(t, {});
  const { connection } = key;
  const bot = botId.parse('demo');
  const say = async (intent: Intent): Promise<string> => word(await key.ask(intent));
  const cancel = (seq: number, of: number): Intent => ({
    kind: 'orderCancel',
    connection,
    id: { bot, seq },
    epoch: 1,
    of: { bot, seq: of },
  });
  const scope = { kind: 'connection', connection } as const;
  await key.check();
  assert.equal(word(await key.order(1)), 'accepted');
  assert.equal(await say({ kind: 'freeze', scope, depth: 'everything' }), 'done');
  assert.equal(word(await key.order(2)), 'frozen');
  assert.equal(word(await key.order(1)), 'accepted', 'what was sent before is still told');
  assert.equal(await say({ kind: 'balances', connection }), 'frozen');
  assert.equal(word(await key.check()), 'frozen');
  assert.notEqual(await say(cancel(3, 1)), 'frozen');
  assert.equal(await say({ kind: 'thaw', scope, assertion: null }), 'done');
  assert.equal(word(await key.order(4)), 'accepted');
  const history = await key.history(86_400_000);
  assert.equal(history.passed, true, 'the log holds the freeze, and no use between it and the thaw');
});
