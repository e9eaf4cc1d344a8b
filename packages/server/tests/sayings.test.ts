/** What a database of before has in words alone is shown by its words; what is written now can be told anew. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiClient } from '@counterfoil/api';
import { embeddedServer } from './_database.ts';
import { startHttp } from './_http.ts';

test('deeds, notices and events of before are told in their words, those of now also as sayings', async (t) => {
  const { kysely, pool } = await embeddedServer.database(t);
  const owner = 'demo';
  await pool.query(
    `insert into activity (owner, who_kind, who_name, what, sentence) values ($1, 'person', 'Ada', 'bot-made', $2)`,
    [owner, 'Ada made the bot “x”.'],
  );
  await pool.query(
    `insert into notice (owner, level, security, subject, body) values ($1, 'act', true, 'Trading is frozen', $2)`,
    [owner, 'user: everything, because: asked'],
  );
  const before = { id: '1', at: new Date(0).toISOString(), level: 'act', security: true, readAt: null };
  const event = { type: 'notice', notice: { ...before, subject: 'Trading is frozen', body: 'asked' } };
  await pool.query('insert into outbox_head (owner, last) values ($1, 1)', [owner]);
  await pool.query('insert into outbox_batch (owner, first, last, entries) values ($1, 1, 1, $2)', [
    owner,
    JSON.stringify([{ kind: 'event', bot: null, body: event }]),
  ]);

  const { url } = await startHttp(t, kysely, { webhookAddresses: ['127.0.0.1'] });
  const api = apiClient((path, init) => fetch(url + path, init));
  const channel = { kind: 'webhook', label: 'hook', url: 'http://127.0.0.1:1/', level: 'act' } as const;
  await api.createChannel({ body: channel, idempotencyKey: 'make-channel' });

  const [made, kept] = (await api.listActivity()).items;
  assert.deepEqual([kept?.what, kept?.sentence, kept?.said], ['bot-made', 'Ada made the bot “x”.', null]);
  assert.deepEqual(made?.said, { code: 'channel-made', values: { name: 'hook', who: made?.who.name } });
  assert.equal(made?.what, 'channel-made');
  const [notice] = (await api.listNotices()).items;
  assert.deepEqual(
    [notice?.subject, notice?.subjectSaid, notice?.body, notice?.bodySaid],
    ['Trading is frozen', null, 'user: everything, because: asked', null],
  );

  const stream = await fetch(`${url}/api/v1/events`, { headers: { 'last-event-id': '0' } });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('"notice"')) text += (await reader?.read())?.value ?? assert.fail('the stream ended');
  await reader?.cancel();
  assert.match(text, /"subject":"Trading is frozen","subjectSaid":null/u);
});

test('the remarks of a test of before are told in their words', async (t) => {
  const { kysely, pool } = await embeddedServer.database(t);
  const figures = {
    profitPercent: '1',
    holdPercent: '2',
    drawdownPercent: '3',
    deals: 1,
    wins: 1,
    fees: '0',
  };
  const result = { kind: 'backtest', figures, quote: 'USDT', equity: [], deals: [], fills: [] };
  await pool.query(
    `insert into job (owner, id, kind, title, request, source, state, step, made_at, result)
     values ('demo', 'job-1', 'backtest', 'backtest of dca on x', '{}', '{}', 'done', 'done', now(), $1)`,
    [JSON.stringify({ ...result, assumptions: ['Only closing prices are seen.'], warnings: ['One.'] })],
  );
  const { url } = await startHttp(t, kysely);
  const api = apiClient((path, init) => fetch(url + path, init));
  const kept = await api.getJobResult({ params: { job: 'job-1' } });
  assert.ok(kept.kind === 'backtest');
  assert.deepEqual(kept.assumptions, [{ sentence: 'Only closing prices are seen.', said: null }]);
  assert.deepEqual(kept.warnings, [{ sentence: 'One.', said: null }]);
  const [job] = (await api.listJobs()).items;
  assert.deepEqual([job?.title, job?.titleSaid], ['backtest of dca on x', null]);
});
