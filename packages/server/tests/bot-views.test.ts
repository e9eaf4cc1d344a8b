import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Note } from '@counterfoil/engine';
import { describeFor, historiesOf, lastDecision } from '../src/http/trading/bot-views.ts';
import { BotService } from '../src/runner/service.ts';
import { embeddedServer } from './_database.ts';
import { CONNECTION } from './_ledger.ts';
import { OWNER, plan } from './_runner.ts';

test('the decisions of a bot are what it did and what was asked of it, whatever else it ignored', async (t) => {
  const { kysely, pool } = await embeddedServer.database(t);
  const service = new BotService(kysely);
  const id = await service.create({ owner: OWNER, name: 'test', connection: CONNECTION, plan });
  const view = await service.bot(OWNER, id);
  assert.ok(view !== null);
  const tell = async (seq: number, notes: readonly unknown[], kind = 'orderReported'): Promise<void> => {
    await pool.query(
      `insert into bot_event (owner, bot, seq, epoch, event, notes) values ($1, $2, $3, 1, $5, $4)`,
      [OWNER, id, seq, JSON.stringify(notes), JSON.stringify({ kind })],
    );
    await pool.query('update bot set seq = $3 where owner = $1 and id = $2', [OWNER, id, seq]);
  };
  const last = async (): Promise<string | undefined> => {
    const history = (await historiesOf(kysely, OWNER, id)).get(id);
    return history === undefined ? undefined : lastDecision(view, history)?.code;
  };
  const ignored = { code: 'ignored', what: 's-tp1-2', why: 'no-such-order', detail: '' };
  await tell(1, [ignored]);
  assert.equal(await last(), undefined);
  await tell(2, [{ code: 'bot-started' }, ignored]);
  assert.equal(await last(), 'bot-started');
  await tell(3, []);
  await tell(4, [ignored]);
  assert.equal(await last(), 'bot-started');
  await tell(5, [{ code: 'bot-stopped' }]);
  assert.equal(await last(), 'bot-stopped');
  // What its owner asked for in vain is among its decisions, an answer that came late is not.
  await tell(6, [{ code: 'ignored', what: 'close-deal', why: 'deal-over', detail: '1' }], 'command');
  const decisions = await service.decisions(OWNER, id, 20);
  assert.deepEqual(
    decisions.flatMap(({ notes }) => notes.map(({ code }) => code)),
    ['ignored', 'bot-stopped', 'bot-started'],
  );
  assert.equal(await last(), 'bot-stopped');
});

test('a reason of a ledger of before is told in the words that it was kept in', () => {
  const at = new Date(0);
  const of = { plan, state: null };
  const kept = { code: 'ignored', what: 's-tp1-2', why: 'no such order is working' } as unknown as Note;
  const { sentence, said } = describeFor(of, at, kept);
  assert.deepEqual([sentence, said], ['s-tp1-2 changed nothing: no such order is working.', null]);
  const now = describeFor(of, at, { code: 'ignored', what: 's-tp1-2', why: 'no-such-order', detail: '' });
  assert.equal(now.sentence, sentence);
  assert.equal(now.said?.code, 'ignored');
});
