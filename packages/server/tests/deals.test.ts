import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deal } from '@counterfoil/api';
import { type Note, dcaMachine } from '@counterfoil/engine';
import { parseAmount, parsePrice } from '@counterfoil/vocabulary';
import { planFromText } from '../src/http/trading/plan-text.ts';
import { toExactJson } from '../src/ledger/exact-json.ts';
import { BotService } from '../src/runner/service.ts';
import { DEMO_OWNER } from '../src/worker/demo-connection.ts';
import { embeddedServer } from './_database.ts';
import { startHttp } from './_http.ts';
import { CONNECTION } from './_ledger.ts';
import { plainDcaDraft } from './_plain-dca.ts';
import { market } from './_runner.ts';

test('a deal that ends while it is read is shown as it was or as it is, and as nothing between', async (t) => {
  const { kysely, pool } = await embeddedServer.database(t);
  const { url } = await startHttp(t, kysely);
  const service = new BotService(kysely);
  const plan = planFromText(plainDcaDraft('100', '1'), [market]);
  assert.ok(plan.kind === 'dca');
  const bot = await service.create({ owner: DEMO_OWNER, name: 'test', connection: CONNECTION, plan });
  const price = parsePrice(market, '62000');
  const step = dcaMachine.step.bind(null, plan.options);
  const begun = step(dcaMachine.begin(plan.options), { kind: 'started', market: 0, atMs: 1_000, price });
  const { state } = step(begun.state, {
    kind: 'triggerFired',
    trigger: 'start-0-conditions',
    market: 0,
    atMs: 2_000,
    price,
  });
  const ended: Note = {
    code: 'deal-closed',
    deal: 1,
    market: 0,
    why: 'take-profit',
    startedAtMs: 1_000,
    endedAtMs: 2_000,
    profit: parseAmount(market, '1.5'),
    baseLeft: 0n as never,
    entered: parseAmount(market, '100'),
    averagings: 0,
  };
  await pool.query('update bot set state = $3 where owner = $1 and id = $2', [
    DEMO_OWNER,
    bot,
    toExactJson(state),
  ]);
  await pool.query(`insert into deal values ($1, $2, 1, $3, now(), null, '{}')`, [
    DEMO_OWNER,
    bot,
    market.symbol,
  ]);
  const one = async (): Promise<Deal> => (await (await fetch(`${url}/api/v1/deals/${bot}-1`)).json()) as Deal;
  const listed = async (): Promise<Deal | undefined> =>
    ((await (await fetch(`${url}/api/v1/deals`)).json()) as { readonly items: readonly Deal[] }).items[0];
  const seen = (deal: Deal | undefined): unknown => [deal?.state, deal?.closedBy, deal?.profit?.amount];
  const before = ['opening', null, undefined];
  assert.deepEqual([await one(), await listed()].map(seen), [before, before]);

  // Both have read the deal's row, and wait for the bot's, when the commit that ends the deal changes both.
  const commit = await pool.connect();
  await commit.query('begin; lock table bot in access exclusive mode');
  const asked = Promise.all([one(), listed()]);
  for (let waiting = 0n; waiting < 2n;) {
    const { rows } = await pool.query<{ n: bigint }>('select count(*) as n from pg_locks where not granted');
    waiting = rows[0]?.n ?? 0n;
  }
  await commit.query(`update deal set ended_at = now(), body = $1`, [toExactJson(ended)]);
  await commit.query('update bot set state = $1', [toExactJson({ ...state, deals: [] })]);
  await commit.query('commit');
  commit.release();
  assert.deepEqual((await asked).map(seen), [before, before]);
  const after = ['closed', 'take-profit', '1.5'];
  assert.deepEqual([await one(), await listed()].map(seen), [after, after]);
});
