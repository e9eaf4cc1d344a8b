import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { apply } from '../src/paper/core/exchange.ts';
import type { Command } from '../src/paper/core/commands.ts';
import { takeSnapshot } from '../src/paper/core/snapshot.ts';
import { openJournal } from '../src/paper/store/journal.ts';
import { STILL_MARKET } from './_client.ts';

/** Writes `count` deposits one by one and returns the journal file and the state after them. */
async function fill(folder: string, count: number): Promise<{ file: string; balances: unknown[] }> {
  const { state, journal } = await openJournal(folder);
  const balances: unknown[] = [];
  const run = async (command: Command): Promise<void> => {
    assert(apply(state, command).ok);
    journal.append(command);
    await journal.durable();
  };
  await run({ kind: 'open-market', at: 1, spec: STILL_MARKET, seed: 1 });
  await run({ kind: 'open-account', at: 1, name: 'one' });
  for (let index = 0; index < count; index++) {
    await run({ kind: 'deposit', at: 2 + index, account: 2, asset: 'USDT', units: 1n });
    balances.push(
      takeSnapshot(state)
        .accounts.find(({ id }) => id === 2)
        ?.balances.get('USDT')?.free,
    );
  }
  await journal.close();
  const file = readdirSync(folder).find((name) => name.startsWith('journal-')) ?? '';
  return { file: join(folder, file), balances };
}

function folderFor(context: { after(run: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('a journal cut at any byte opens with a prefix of what was accepted', async (context) => {
  const folder = folderFor(context);
  const { file } = await fill(folder, 12);
  const whole = readFileSync(file);
  const snapshot = readFileSync(file.replace('journal-', 'snapshot-'));
  let longest = 0n;
  for (let cut = 0; cut <= whole.length; cut += 13) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    writeFileSync(file.replace('journal-', 'snapshot-'), snapshot);
    writeFileSync(file, whole);
    truncateSync(file, cut);
    const { state, journal } = await openJournal(folder);
    const free = state.accounts.get(2)?.balances.get('USDT')?.free ?? 0n;
    assert(free >= longest, 'a longer file never holds less');
    longest = free;
    await journal.close();
  }
  assert(longest >= 11n);
});

test('a journal damaged in the middle stops the start instead of forgetting orders', async (context) => {
  const folder = folderFor(context);
  const { file } = await fill(folder, 12);
  const damaged = readFileSync(file);
  const middle = damaged.length >> 1;
  damaged.writeUInt8(damaged.readUInt8(middle) ^ 0xff, middle);
  writeFileSync(file, damaged);
  await assert.rejects(openJournal(folder), /damaged in the middle/);
});
