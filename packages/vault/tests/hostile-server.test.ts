import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { connectionId } from '@counterfoil/vocabulary';
import type { Assertion, Intent, Mandate } from '@counterfoil/vocabulary/protocol';
import { demoMandate } from '../src/gate/demo-mandate.ts';
import { Owners } from '../src/gate/owners.ts';
import { type Attack, attack } from './_hostile-server.ts';
import { Passkey } from './_passkey.ts';
import { folderFor } from './_programs.ts';
import { isLong } from './_sample.ts';
import { Log, demo, startSecurity } from './_security.ts';

/** As many as SECURITY.md speaks of in the long version; the short one is a glance. */
const FRAMES = isLong ? 100_000 : 3_000;

const connection = connectionId.parse('paper1');
const mandate: Mandate = { ...demoMandate, label: 'owned', ordersPerMinute: 50, approvals: 1 };

/** A vault with an owner, an approved mandate and a freeze; the server kept every approval it has passed on. */
async function scene(t: TestContext): Promise<Attack> {
  const running = startSecurity({ folder: folderFor(t), log: new Log(), names: ['paper1', 'live1'] });
  t.after(() => running.stop());
  const passkey = new Passkey();
  const kept: Assertion[] = [];
  const approved = async (intent: Intent): Promise<void> => {
    const challenge = await running.ask({ kind: 'challenge' });
    assert.ok(challenge.kind === 'challenge');
    const assertion = passkey.approve(challenge, intent);
    kept.push(assertion);
    await running.ask({ ...intent, assertion } as Intent);
  };
  const { credentialId, publicKey } = passkey;
  const add = { kind: 'ownerAdd', user: demo, credentialId, publicKey, label: '', assertion: null } as const;
  const live = connectionId.parse('live1');
  const thaw = { kind: 'thaw', scope: { kind: 'everything' }, assertion: null } as const;
  const freeze = { kind: 'freeze', scope: { kind: 'everything' }, depth: 'everything' } as const;
  const approve = { kind: 'mandateApprove', connection, mandate, assertion: null } as const;
  await running.ask(add);
  await approved(approve);
  await approved({ ...approve, connection: live });
  await running.ask(freeze);
  await approved(thaw);
  await running.ask(freeze);
  const own = new Passkey();
  const intents: readonly Intent[] = [
    add,
    { ...add, credentialId: own.credentialId, publicKey: own.publicKey },
    { kind: 'ownerRemove', user: demo, credentialId, assertion: null },
    { kind: 'mandatePropose', connection, mandate },
    { kind: 'mandatePropose', connection: live, mandate },
    approve,
    { ...approve, connection: live },
    freeze,
    thaw,
    { ...thaw, scope: { kind: 'user', user: demo } },
    { ...thaw, scope: { kind: 'connection', connection } },
    { kind: 'challenge' },
    { kind: 'securityState', user: demo },
  ];
  const guarded = (): readonly Mandate[] =>
    ['paper1', 'live1'].map((name) => running.of(name).limits.mandate);
  return { running, intents, assertions: kept, guarded };
}

test(`${FRAMES} frames of a hostile server loosen nothing, thaw nothing and let nobody in`, async (t) => {
  const about = await scene(t);
  const { taken, refused, loosened } = await attack(about, FRAMES, 1);
  assert.deepEqual(loosened, []);
  assert.ok(taken > FRAMES / 4 && refused > FRAMES / 10, `${taken} taken, ${refused} refused`);
  const state = await about.running.ask({ kind: 'securityState', user: demo });
  assert.equal(state.kind === 'security' && state.owners.length, 1);
});

test('the same frames loosen a mandate and thaw where approvals are not verified', async (t) => {
  const about = await scene(t);
  // The weakened twin: whoever sends some assertion is believed.
  t.mock.method(Owners.prototype, 'approved', () => 'somebody');
  const { loosened } = await attack(about, 1_000, 1);
  assert.ok(loosened.includes('thaw') && loosened.includes('ordersPerMinute'), loosened.join());
});
