/** Private streams through a real gate, on a paper exchange that loses, repeats and reorders what it tells. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { botId, parseDecimal, venueSymbol } from '@counterfoil/vocabulary';
import type { AccountFill, GateResult, StreamEvent } from '@counterfoil/vocabulary/protocol';
import { type PaperKey, startPaperKey } from './_paper-key.ts';
import { marketBuy } from './_order.ts';

const symbol = venueSymbol.parse('BTCUSDT');
const bot = botId.parse('demo');

/** What a worker believes of its account: fills by their id, orders by the most that was heard of them. */
class Belief {
  readonly fills = new Map<string, AccountFill>();
  readonly states = new Map<string, string>();
  opened = 0;
  lost = 0;

  take(event: StreamEvent): void {
    if (event.kind === 'opened') this.opened++;
    if (event.kind === 'lost') this.lost++;
    if (event.kind === 'fill') this.fills.set(event.fill.tradeId, event.fill);
    if (event.kind === 'order' && event.order.clientOrderId !== null)
      this.states.set(event.order.clientOrderId, event.order.report.state);
  }

  fillIds(): readonly string[] {
    return [...this.fills.keys()].toSorted((a, b) => Number(a) - Number(b));
  }
}

interface Streaming extends PaperKey {
  readonly belief: Belief;
  readonly post: (path: string, body: unknown) => Promise<void>;
  readonly place: (seq: number, amount?: string) => Promise<string>;
  /** Asks by REST for what the stream may have missed. */
  readonly repair: (seqs: readonly number[]) => Promise<void>;
  readonly until: (condition: () => boolean) => Promise<void>;
}

async function startStreaming(t: TestContext): Promise<Streaming> {
  const key = await startPaperKey(t, {});
  const { connection } = key;
  assert.equal((await key.check()).kind, 'permissions');
  const belief = new Belief();
  key.listen({ kind: 'streamOpen', connection }, (result) => {
    assert.ok(result.kind === 'streamEvent', result.kind);
    belief.take(result.event);
  });
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await sleep(20);
  };
  await until(() => belief.opened === 1);
  return {
    ...key,
    belief,
    until,
    post: async (path, body) => {
      const answer = await fetch(`${key.paper.adminUrl}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      assert.ok(answer.ok, await answer.text());
    },
    place: async (seq, amount = '0.001') => {
      const result = await key.ask(marketBuy(connection, seq, { amount: parseDecimal(amount) }));
      assert.ok(result.kind === 'use' && result.use.state === 'accepted');
      return result.use.clientOrderId;
    },
    repair: async (seqs) => {
      const trades = await key.ask({ kind: 'tradesHistory', connection, symbol, fromId: null });
      assert.ok(trades.kind === 'trades');
      for (const fill of trades.trades) belief.take({ kind: 'fill', fill });
      for (const seq of seqs) {
        const found = await key.ask({ kind: 'orderGet', connection, of: { bot, seq } });
        assert.ok(found.kind === 'use' && found.use.report !== null);
        belief.states.set(found.use.clientOrderId, found.use.report.state);
      }
    },
  };
}

/** What the exchange itself has, asked without any stream. */
async function truth({ ask, connection }: PaperKey): Promise<readonly string[]> {
  const trades = await ask({ kind: 'tradesHistory', connection, symbol, fromId: null });
  assert.ok(trades.kind === 'trades');
  return trades.trades.map(({ tradeId }) => String(tradeId)).toSorted((a, b) => Number(a) - Number(b));
}

test('a stream tells of orders, fills and balances as the lists of the account have them', async (t) => {
  const { belief, place, until, ask, connection } = await startStreaming(t);
  const id = await place(1);
  await until(() => belief.states.get(id) === 'filled');
  const trades = await ask({ kind: 'tradesHistory', connection, symbol, fromId: null });
  assert.ok(trades.kind === 'trades');
  // The list of trades does not say the client order id; the stream does.
  const told = [...belief.fills.values()].map((fill) => ({ ...fill, clientOrderId: null }));
  assert.deepEqual(told, trades.trades);
  assert.deepEqual(
    [...belief.fills.values()].map(({ clientOrderId }) => clientOrderId),
    told.map(() => id),
  );
});

test('lost, repeated and reordered frames and broken lines end in the same orders and fills, once they are asked for', async (t) => {
  const streaming = await startStreaming(t);
  const { belief, place, post, until, repair } = streaming;
  const faults = ['lose', 'duplicate', 'reorder', 'lose'] as const;
  const seqs = Array.from({ length: 24 }, (_, i) => i);
  for (const seq of seqs) {
    const kind = faults[seq % faults.length];
    await post('/event-faults', { times: 2, fault: { kind } });
    if (seq % 8 === 5) {
      const before = belief.opened;
      await post('/disconnect', {});
      // One is placed while nobody listens.
      await place(seq);
      await until(() => belief.opened > before);
    } else await place(seq);
  }
  assert.ok(belief.lost >= 3);
  const missed = (await truth(streaming)).filter((id) => !belief.fills.has(id));
  assert.ok(missed.length > 0, 'the faults cost events: without the repair there are fewer fills');
  await repair(seqs);
  assert.deepEqual(belief.fillIds(), await truth(streaming));
  assert.deepEqual([...new Set(belief.states.values())], ['filled']);
  assert.equal(belief.states.size, seqs.length);
});

test('two workers hear the same stream, and one that closes its own leaves the other’s open', async (t) => {
  const { belief, second, place, until, ask, connection } = await startStreaming(t);
  const other = new Belief();
  const { ask: askSecond, listen } = await second();
  listen({ kind: 'streamOpen', connection }, (result: GateResult) => {
    if (result.kind === 'streamEvent') other.take(result.event);
  });
  await until(() => other.opened === 1);
  const first = await place(1);
  await until(() => belief.states.get(first) === 'filled' && other.states.get(first) === 'filled');
  const closed = await askSecond({ kind: 'streamClose', connection });
  assert.deepEqual(closed, { kind: 'streamEvent', event: { kind: 'lost' } });
  const next = await place(2);
  await until(() => belief.states.get(next) === 'filled');
  assert.equal(other.states.has(next), false);
  assert.equal((await ask({ kind: 'head' })).kind, 'head');
});

test('the gate takes from the stream what became of an order whose answer was lost', async (t) => {
  const { post, ask, connection, belief, until } = await startStreaming(t);
  await post('/faults', {
    method: 'POST',
    path: '/api/v3/order',
    times: 1,
    fault: { kind: 'lost-answer' },
  });
  const sent = ask(marketBuy(connection, 1));
  await until(() => [...belief.states.values()].includes('filled'));
  await sent;
  const known = await ask({ kind: 'useGet', connection, of: { bot, seq: 1 }, epoch: 1 });
  assert.ok(known.kind === 'use');
  assert.equal(known.use.state, 'accepted');
  assert.equal(known.use.report?.state, 'filled');
});
