import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { parseDecimal } from '@counterfoil/vocabulary';
import type { GateResult, Intent, Mandate } from '@counterfoil/vocabulary/protocol';
import { demoMandate } from '../src/gate/demo-mandate.ts';
import { bornKey, codeOf, start } from './_enrolling.ts';
import { plant } from './_planted-build.ts';
import { folderFor, gateFile, register } from './_programs.ts';
import { limitBuy } from './_order.ts';

/** An order here is worth 60 at most: two fit within an hour, three do not. */
const limits: Mandate = {
  ...demoMandate,
  budgets: demoMandate.budgets.map((budget) => ({ ...budget, perHour: parseDecimal('150') })),
};

/** What a gate says to a third order: of another worker, and after the gate was killed and came back. */
async function thirdOrders(t: TestContext, gate?: string): Promise<readonly string[]> {
  const { paper, vault } = await start(t, gate);
  const worker = async (): Promise<(intent: Intent) => Promise<GateResult>> => {
    const caller = await vault.caller();
    return async (intent) => (await caller.call((id) => ({ id, intent }))).result;
  };
  const first = await worker();
  const { connection, publicKeyPem } = await bornKey(first);
  const apiKeyId = await register(paper, publicKeyPem);
  const check = { kind: 'keyCheck', connection, apiKeyId } as const;
  assert.equal(codeOf(await first(check)), 'permissions');
  assert.equal(codeOf(await first({ kind: 'mandatePropose', connection, mandate: limits })), 'mandate');
  const order = async (ask: typeof first, seq: number, epoch: number): Promise<string> => {
    const placed = await ask(limitBuy(connection, seq, { epoch }));
    return placed.kind === 'use' ? placed.use.state : codeOf(placed);
  };
  assert.equal(await order(first, 1, 1), 'accepted');
  assert.equal(await order(first, 2, 1), 'accepted');
  const failedOver = await order(await worker(), 3, 2);
  await vault.restart();
  const again = await worker();
  assert.equal(codeOf(await again(check)), 'permissions');
  return [failedOver, await order(again, 4, 3)];
}

test('what a gate has counted against the limits outlives its worker and a kill of the gate', async (t) => {
  assert.deepEqual(await thirdOrders(t), ['mandate', 'mandate']);
});

test('a gate that does not count what its log says begins anew after a kill', async (t) => {
  const planted = plant(folderFor(t), await gateFile(), {
    from: /connection\d*\.limits\.take\(payload\);(?=\s*connection\d*\.standing\.take)/u,
    to: '',
  });
  assert.deepEqual(await thirdOrders(t, planted), ['mandate', 'accepted']);
});
