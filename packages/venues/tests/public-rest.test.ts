import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { formatPrice } from '@counterfoil/vocabulary';
import {
  MarketStream,
  type PaperExchange,
  PublicDataError,
  PublicRest,
  startPaperExchange,
} from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterfoil-public-'));
let exchange: PaperExchange;
let rest: PublicRest;

before(async () => {
  exchange = await startPaperExchange({
    folder,
    port: 0,
    adminPort: 0,
    seed: 1,
    flowEveryMs: 20,
    clock: Date.now,
  });
  rest = new PublicRest({ venue: 'paper', url: exchange.url, ca: exchange.authority });
});
after(async () => {
  rest.close();
  await exchange.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a market is read with the limits that the exchange keeps', async () => {
  const [market, ...others] = await rest.markets(['BTCUSDT']);
  assert.equal(others.length, 0);
  assert.ok(market !== undefined);
  const { priceScale, quantityScale, tick, lot, notionalMin, status, base, quote } = market;
  assert.deepEqual(
    { priceScale, quantityScale, tick, lot, notionalMin, status, base, quote },
    {
      priceScale: 2,
      quantityScale: 8,
      tick: 1n,
      lot: 1_000n,
      notionalMin: 500_000_000n,
      status: 'trading',
      base: 'BTC',
      quote: 'USDT',
    },
  );
  assert.equal(formatPrice(market, market.tick), '0.01');
});

test('after the exchange has demanded a pause nothing is asked before it is over', async () => {
  const refusal = { code: -1003, message: 'Too much request weight used.', status: 429 };
  const rule = { method: 'GET', path: '*', times: 1, fault: { kind: 'refuse', refusal } } as const;
  exchange.venue.faults.add(rule);
  await assert.rejects(rest.price('BTCUSDT'), /HTTP 429/);
  exchange.venue.faults.add(rule);
  await assert.rejects(rest.price('BTCUSDT'), /demands a pause/);
  assert.equal(exchange.venue.faults.rules.length, 1, 'the second question did not leave');
  exchange.venue.faults.clear();
  await delay(1_100);
  assert.match(await rest.price('BTCUSDT'), /^[0-9.]+$/);
});

test('a market that does not trade says so', async () => {
  exchange.venue.run('set-market-status', { symbol: 'ETHUSDT', status: 'BREAK' });
  assert.equal((await rest.markets(['ETHUSDT']))[0]?.status, 'closed');
  exchange.venue.run('set-market-status', { symbol: 'ETHUSDT', status: 'HALT' });
  assert.equal((await rest.markets(['ETHUSDT']))[0]?.status, 'halted');
});

test('what the exchange refuses is an error of its own kind, and no market', async () => {
  await assert.rejects(rest.markets(['NOSUCH']), PublicDataError);
  const nobody = new PublicRest({ venue: 'paper', url: 'https://127.0.0.1:1', ca: exchange.authority });
  await assert.rejects(nobody.price('BTCUSDT'), PublicDataError);
  nobody.close();
});

test('trades come again after every connection was cut, of every market asked for', async () => {
  const symbols = new Set<string>();
  let opened = 0;
  let lost = 0;
  const stream = new MarketStream({
    url: exchange.url.replace('https:', 'wss:'),
    ca: exchange.authority,
    onTrade: ({ symbol }) => symbols.add(symbol),
    onOpen: () => (opened += 1),
    onLost: () => (lost += 1),
  });
  try {
    stream.subscribe('BTCUSDT');
    stream.subscribe('SOLUSDT');
    await until(() => symbols.size === 2);
    const headers = { 'content-type': 'application/json' };
    const cut = await fetch(`${exchange.adminUrl}/disconnect`, { method: 'POST', headers, body: '{}' });
    assert.equal(cut.status, 200);
    await until(() => lost === 1 && opened === 2);
    symbols.clear();
    await until(() => symbols.size === 2);
  } finally {
    stream.close();
  }
});

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds()) {
    assert.ok(Date.now() < end, 'what is waited for did not come');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
