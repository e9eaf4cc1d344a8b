/** A venue that has been asked too much: what a real gate still asks it. */
import assert from 'node:assert/strict';
import { Agent, get } from 'node:https';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { botId } from '@counterfoil/vocabulary';
import { type PaperKey, startPaperKey } from './_paper-key.ts';
import { plant } from './_planted-build.ts';
import { folderFor, gateFile, type Paper } from './_programs.ts';

/** The paper exchange's weights: of recent trades, and of all that an address may ask in a minute. */
const TRADES_WEIGHT = 25;
const MINUTE_WEIGHT = 6_000;
const MINUTE_MS = 60_000;
/** What these tests take, on a machine that is ten times slower. */
const NEEDED_MS = 25_000;

/** Somebody else at this address asks for so much. */
async function spend(paper: Paper, weight: number): Promise<void> {
  const agent = new Agent({ ca: paper.authority, keepAlive: true, maxSockets: 8 });
  const url = `https://localhost:${paper.port}/api/v3/trades?symbol=BTCUSDT&limit=1`;
  const ask = (): Promise<void> =>
    new Promise((resolve, reject) => {
      get(url, { agent }, (response) => response.resume().on('end', resolve)).on('error', reject);
    });
  await Promise.all(Array.from({ length: Math.ceil(weight / TRADES_WEIGHT) }, ask));
  agent.destroy();
}

/** A key with a resting order, early in a minute of the venue's. */
async function start(t: TestContext, gate?: string): Promise<PaperKey> {
  const key = await startPaperKey(t, gate === undefined ? {} : { gateFile: gate });
  assert.equal((await key.check()).kind, 'permissions');
  assert.equal(await outcome(key.order(1)), 'accepted');
  const left = MINUTE_MS - (Date.now() % MINUTE_MS);
  if (left < NEEDED_MS) await sleep(left);
  return key;
}

/** A refusal's code; otherwise what became of it. */
async function outcome(asking: ReturnType<PaperKey['order']>): Promise<string> {
  const result = await asking;
  return result.kind === 'refused' ? result.code : result.kind === 'use' ? result.use.state : result.kind;
}

/** Asks for the end of the resting order; a cancel needs no price, and so no other request. */
function cancel(key: PaperKey, seq: number): Promise<string> {
  const bot = botId.parse('demo');
  return outcome(
    key.ask({
      kind: 'orderCancel',
      connection: key.connection,
      id: { bot, seq },
      epoch: 1,
      of: { bot, seq: 1 },
    }),
  );
}

/** Of a cancel that the venue refuses because the minute is used up, and of the one after it. */
async function pausedCancels(t: TestContext, gate?: string): Promise<readonly string[]> {
  const key = await start(t, gate);
  await spend(key.paper, MINUTE_WEIGHT);
  return [await cancel(key, 2), await cancel(key, 3)];
}

test('reads wait for the next minute while a cancel still goes', async (t) => {
  const key = await start(t);
  const balances = (): Promise<string> => outcome(key.ask({ kind: 'balances', connection: key.connection }));
  await spend(key.paper, 4_600);
  assert.equal(await balances(), 'balances', 'the gate learns how much is used from its own answers');
  assert.equal(await balances(), 'venue-busy');
  assert.equal(await cancel(key, 2), 'accepted');
});

test('after a venue has demanded a pause nothing is sent before it is over', async (t) => {
  assert.deepEqual(await pausedCancels(t), ['rejected', 'venue-busy']);
});

test('a gate that hears no pause goes on asking, and is found out', async (t) => {
  const deaf = plant(folderFor(t), await gateFile(), {
    from: 'return nowMs() < this.#pausedUntilMs',
    to: 'return false',
  });
  assert.deepEqual(await pausedCancels(t, deaf), ['rejected', 'rejected']);
});
