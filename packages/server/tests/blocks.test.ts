import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { assetCode, connectionId } from '@counterfoil/vocabulary';
import type { GateResult, Mandate } from '@counterfoil/vocabulary/protocol';
import { Gate } from '../src/http/gate.ts';
import { blocksOf } from '../src/http/trading/blocks.ts';
import { Leases } from '../src/ledger/leases.ts';
import { BotService } from '../src/runner/service.ts';
import { embeddedServer } from './_database.ts';
import { CONNECTION } from './_ledger.ts';
import { market, OWNER, plan } from './_runner.ts';

type Security = Extract<GateResult, { kind: 'security' }>;

const mandate: Mandate = {
  label: 'test',
  markets: [market.symbol],
  denied: [],
  sides: ['buy', 'sell'],
  types: ['limit', 'market'],
  budgets: [],
  ordersPerMinute: 60,
  cancelsPerMinute: 60,
  bandBps: null,
  shareBps: null,
  reduceOnly: false,
  validUntilMs: 2_000,
  hours: 0xff_ffff,
  approvals: 1,
};

const fine: Security = {
  kind: 'security',
  owners: [],
  connections: [
    {
      connection: connectionId.parse(CONNECTION),
      mandate,
      hash: new Uint8Array(32),
      unsigned: true,
      pending: null,
    },
  ],
  freezes: [],
};

/** A bot with everything in order, and what is said to stand in its way when `change` has made something worse. */
async function stage(t: TestContext) {
  const { kysely, pool } = await embeddedServer.database(t);
  await kysely
    .insertInto('connection')
    .values({ owner: OWNER, id: CONNECTION, venue: 'paper', label: 'mine', api_key_id: 'k' })
    .execute();
  const service = new BotService(kysely);
  const id = await service.create({ owner: OWNER, name: 'test', connection: CONNECTION, plan });
  await new Leases(pool, 'w1').round();
  const view = await service.bot(OWNER, id);
  assert.ok(view !== null);
  const blocked = async (security: Security | null, markets: (typeof market)[] | null, nowMs = 1_000) => {
    // The gate's place in this test: it says what it is told to say.
    const session = {
      epoch: 1,
      ask: async (): Promise<GateResult> => security ?? assert.fail(),
      closed: new Promise<void>(() => {}),
      listen: () => {},
    };
    const gate = new Gate(async () => (security === null ? null : session));
    const blocks = await blocksOf({ database: kysely, gate }, OWNER, view, markets, nowMs);
    return blocks.filter(({ ok }) => !ok).map(({ what, sentence }) => `${what}: ${sentence}`);
  };
  const order = async (seq: bigint, state: 'refused' | 'rejected' | 'accepted', outcome: object) =>
    kysely
      .insertInto('intent')
      .values({
        owner: OWNER,
        bot: id,
        seq,
        connection: CONNECTION,
        body: '{}',
        state,
        client_order_id: null,
        outcome: JSON.stringify(outcome),
        receipt: null,
      })
      .execute();
  return { kysely, pool, blocked, order };
}

test('nothing stands in the way of a bot with everything in order', async (t) => {
  const { blocked } = await stage(t);
  assert.deepEqual(await blocked(fine, [market]), []);
});

test('a vault that is away, a freeze, limits, a closed market and a missing price are each named', async (t) => {
  const { blocked } = await stage(t);
  const named = async (...about: Parameters<typeof blocked>): Promise<string> =>
    (await blocked(...about)).join(' ');
  assert.match(await named(null, [market]), /^vault: .* does not answer/);
  const freeze = { depth: 'everything', reason: 'asked', atMs: 0 } as const;
  for (const scope of [
    { kind: 'everything' },
    { kind: 'connection', connection: connectionId.parse(CONNECTION) },
  ] as const)
    assert.match(
      await named({ ...fine, freezes: [{ scope, ...freeze }] }, [market]),
      /^frozen: .*nothing is signed/,
    );
  const elsewhere = { kind: 'connection', connection: connectionId.parse('another-1') } as const;
  assert.equal(await named({ ...fine, freezes: [{ scope: elsewhere, ...freeze }] }, [market]), '');
  assert.match(await named(fine, [market], 3_000), /^limits: .*run out/);
  const other = {
    ...market,
    base: assetCode.parse('ETH'),
    symbol: `ETH${market.quote}` as typeof market.symbol,
  };
  assert.match(await named(fine, [other]), /^limits: .*ETHUSDT/);
  assert.match(await named(fine, [{ ...market, status: 'closed' }]), /^venue: .* is closed/);
  assert.match(await named(fine, null), /^venue: .*no price/);
});

test('the last order that was refused or rejected is named until another one is accepted', async (t) => {
  const { blocked, order } = await stage(t);
  await order(1n, 'refused', { code: 'mandate', sentence: 'the budget is used up' });
  assert.deepEqual(await blocked(fine, [market]), [
    'limits: The vault refused the last order: the budget is used up',
  ]);
  await order(2n, 'rejected', { venueCode: '-2010', venueSentence: 'Account has insufficient balance.' });
  assert.match((await blocked(fine, [market])).join(), /^funds: /);
  await order(3n, 'rejected', { venueCode: '-1013', venueSentence: 'Filter failure: LOT_SIZE' });
  assert.match((await blocked(fine, [market])).join(), /^venue: .*LOT_SIZE/);
  await order(4n, 'accepted', {});
  assert.deepEqual(await blocked(fine, [market]), []);
});

test('a key in trouble and a bot that no worker has are named', async (t) => {
  const { kysely, pool, blocked } = await stage(t);
  await kysely.updateTable('connection').set({ trouble: 'the venue does not know it' }).execute();
  await pool.query(`update shard set until = '-infinity'`);
  const found = await blocked(fine, [market]);
  assert.match(found.join(' '), /^key: .*does not work.* lease: No worker/);
});
