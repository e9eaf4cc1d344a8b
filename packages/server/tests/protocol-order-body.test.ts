import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { formatDecimal } from '@counterfoil/vocabulary';
import type { OrderBody } from '../src/worker/order-body.ts';
import { embeddedServer } from './_database.ts';
import { startHttp } from './_http.ts';

interface Order {
  readonly symbol: string;
  readonly side: string;
  readonly type: string;
  readonly amount: string;
  readonly sizedBy: string;
  readonly price: string | null;
  readonly timeInForce: string | null;
}

// A committed file of ours.
const { good, bad } = JSON.parse(
  readFileSync(new URL('../../../vectors/protocol/order-body.json', import.meta.url), 'utf8'),
) as {
  readonly good: readonly { readonly name: string; readonly body: string; readonly value: Order }[];
  readonly bad: readonly { readonly name: string; readonly body: string; readonly field: string | null }[];
};

const token = 'f'.repeat(64);

/** The server's HTTP side, with what it was asked to place. */
async function startServer(t: TestContext) {
  const placed: OrderBody[] = [];
  const { kysely } = await embeddedServer.database(t);
  const { port } = await startHttp(t, kysely, {
    token,
    paperOrders: {
      find: () => Promise.resolve(null),
      place: (order) => {
        placed.push(order);
        const { length: seq } = placed;
        return Promise.resolve({
          bot: 'manual',
          seq,
          state: 'accepted',
          clientOrderId: null,
          outcome: null,
          receipt: null,
        });
      },
    },
  });
  const post = async (body: string): Promise<{ readonly status: number; readonly said: Said }> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/paper/orders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
    });
    return { status: answer.status, said: (await answer.json()) as Said };
  };
  return { placed, port, post };
}

interface Said {
  readonly code?: string;
  readonly detail?: string;
}

function textOf(order: OrderBody | undefined): Order | undefined {
  if (order === undefined) return undefined;
  const { amount, price } = order;
  return { ...order, amount: formatDecimal(amount), price: price === null ? null : formatDecimal(price) };
}

test('the server places what every good body says, and nothing of a bad one, whose field it names', async (t) => {
  const { placed, post } = await startServer(t);
  for (const { name, body, value } of good) {
    assert.equal((await post(body)).status, 201, name);
    assert.deepEqual(textOf(placed.at(-1)), value, name);
  }
  for (const { name, body, field } of bad) {
    const { status, said } = await post(body);
    assert.deepEqual([status, said.code], [400, 'bad-form'], name);
    const expected = field === null ? 'The body is not JSON' : `${field}: expected`;
    assert.ok(said.detail?.startsWith(expected) === true, `${name}: ${said.detail}`);
  }
  assert.equal(placed.length, good.length);
});

test('a sender that names one field otherwise is refused by that name, and nothing is placed', async (t) => {
  const { placed, post } = await startServer(t);
  for (const { name, body, value } of good) {
    for (const field of Object.keys(value)) {
      const { status, said } = await post(body.replace(`"${field}"`, `"${field}s"`));
      assert.deepEqual([status, said.detail?.split(':')[0]], [400, `order.${field}s`], `${name}: ${field}`);
    }
  }
  assert.equal(placed.length, 0);
});

/** What a person types to place the order of a vector. */
function typed({ side, amount, symbol, sizedBy, price, timeInForce }: Order): readonly string[] {
  return [
    'order',
    side,
    amount,
    symbol,
    ...(sizedBy === 'quote' ? ['--quote'] : []),
    ...(price === null ? [] : ['--limit', price]),
    ...(timeInForce === null ? [] : ['--time-in-force', timeInForce]),
  ];
}

test('the command sends what every good body says', async (t) => {
  const { placed, port } = await startServer(t);
  const home = mkdtempSync(join(tmpdir(), 'cf-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(join(home, 'run'));
  writeFileSync(join(home, 'run', 'ready.json'), JSON.stringify({ port, pid: process.pid }));
  writeFileSync(join(home, 'run', 'token'), token);
  // The command is a program and has no entry point to import.
  const command = join(import.meta.dirname, '../../cli/src/main.ts');
  for (const { name, value } of good) {
    const code = await new Promise<unknown>((resolve) => {
      execFile(process.execPath, [command, ...typed(value), '--home', home], (error) =>
        resolve(error?.code ?? 0),
      );
    });
    assert.equal(code, 0, name);
    assert.deepEqual(textOf(placed.at(-1)), value, name);
  }
});
