import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { Client, admin, limit, openClient } from './_client.ts';
import type { PaperExchange } from '../src/paper/paper-exchange.ts';

const MAIN = join(import.meta.dirname, '../src/paper/main.ts');

interface Program {
  readonly exchange: PaperExchange;
  readonly child: ChildProcess;
}

async function startProgram(folder: string): Promise<Program> {
  const args = [MAIN, '--folder', folder, '--port', '0', '--admin-port', '0', '--flow-ms', '20'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const ready = JSON.parse(line) as { url: string; adminUrl: string; authorityFile: string };
  // The helpers use these three fields alone.
  const exchange = {
    ...ready,
    authority: readFileSync(ready.authorityFile, 'utf8'),
  } as unknown as PaperExchange;
  return { exchange, child };
}

test('a second exchange on the same folder is refused', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'paper-lock-'));
  const { child } = await startProgram(folder);
  context.after(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const second = spawn(process.execPath, [MAIN, '--folder', folder, '--port', '0', '--admin-port', '0']);
  let said = '';
  second.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const [code] = (await once(second, 'exit')) as [number];
  assert.notEqual(code, 0);
  assert.match(said, /is in use by another process/);
});

test('accounts, keys, orders and trades survive kill -9, and no acknowledged order is lost', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'paper-kill-'));
  let program = await startProgram(folder);
  const { client, apiKey, signer } = await openClient(program.exchange);
  const acknowledged: unknown[] = [];
  for (let round = 0; round < 3; round++) {
    const current = new Client(program.exchange, apiKey, signer);
    const place = async (index: number): Promise<void> => {
      const newClientOrderId = `r${round}-${index}`;
      const fields = index % 3 === 0 ? { price: '70000' } : {};
      const reply = await current.signed('POST', '/api/v3/order', {
        ...limit('BUY', '0.001', '50000', { newClientOrderId }),
        ...fields,
      });
      if (reply.status === 200) acknowledged.push(newClientOrderId);
    };
    const placing = Array.from({ length: 40 }, (_, index) => place(index).catch(() => {}));
    await Promise.race(placing.slice(15));
    program.child.kill('SIGKILL');
    await Promise.all([once(program.child, 'exit'), ...placing]);
    current.close();
    program = await startProgram(folder);
  }
  const after = new Client(program.exchange, apiKey, signer);
  const kept = (await after.signed('GET', '/api/v3/allOrders', { symbol: 'BTCUSDT', limit: 1000 })).body;
  const ids = new Set((kept as { clientOrderId: string }[]).map((order) => order.clientOrderId));
  assert(acknowledged.length >= 3, 'some orders were acknowledged before each kill');
  assert.deepEqual(
    acknowledged.filter((id) => !ids.has(String(id))),
    [],
  );
  const totals = (await admin(program.exchange, 'GET', '/totals')).body as Record<string, string>;
  assert.deepEqual(new Set(Object.values(totals)), new Set(['0.00000000']));
  program.child.kill('SIGTERM');
  await once(program.child, 'exit');
  client.close();
  after.close();
  rmSync(folder, { recursive: true, force: true });
});
