import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { newViewRecipient, sealSecret } from '@counterfoil/seal';
import { userId, venueId } from '@counterfoil/vocabulary';
import type { Intent, Mandate } from '@counterfoil/vocabulary/protocol';
import { buildProgram } from '../build/build.ts';
import { demoMandate } from '../src/gate/demo-mandate.ts';
import { type Change, type Name, places, said, start } from './_at-venue.ts';
import { Authority } from './_authority.ts';
import { Passkey } from './_passkey.ts';
import { plant } from './_planted-build.ts';
import { folderFor, gateFile } from './_programs.ts';
import { startVault } from './_vault.ts';

const limits: Mandate = { ...demoMandate, label: 'mine', ordersPerMinute: 2 };

test('a live key does nothing before its owner signed limits, and trades within them after', async (t) => {
  const { ask, connect, check, order, venue, dialled } = await start(t, 'binance');
  const sent = (): number => venue.seen.filter(({ method }) => method === 'POST').length;
  const connection = await connect('alice', 'A'.repeat(64));
  assert.equal(await check(connection), 'permissions');
  assert.equal(await order(connection, 1), 'mandate');
  const passkey = new Passkey();
  const { credentialId, publicKey } = passkey;
  const owner = { user: userId.parse('alice'), credentialId, publicKey, label: '', assertion: null };
  assert.equal((await ask({ kind: 'ownerAdd', ...owner })).kind, 'done');
  const approve = async (mandate: Mandate, isSigned: boolean): Promise<string> => {
    const intent = { kind: 'mandateApprove', connection, mandate, assertion: null } as const;
    const challenge = await ask({ kind: 'challenge' });
    assert.ok(challenge.kind === 'challenge');
    const assertion = isSigned ? passkey.approve(challenge, intent) : null;
    const result = await ask({ ...intent, assertion });
    return result.kind === 'mandate' ? result.state : said(result);
  };
  assert.equal(await approve(limits, false), 'not-approved');
  assert.equal(await order(connection, 2), 'mandate');
  assert.equal(sent(), 0);
  assert.equal(await approve(limits, true), 'inForce');
  assert.equal(await order(connection, 3), 'accepted');
  assert.equal(await order(connection, 4), 'accepted');
  assert.equal(await order(connection, 5), 'mandate');
  assert.equal(await approve({ ...limits, ordersPerMinute: 3 }, true), 'waits');
  assert.equal(await order(connection, 6), 'mandate');
  assert.equal(sent(), 2);
  assert.deepEqual([...dialled], ['api.binance.com:443']);
});

test('a gate that begins live keys under the demo mandate sends what nobody signed', async (t) => {
  const { connect, check, order, venue } = await start(t, 'binance', [
    { from: 'isPaper ? demoMandate : noMandate', to: 'demoMandate' },
  ]);
  const connection = await connect('alice', 'A'.repeat(64));
  await check(connection);
  assert.equal(await order(connection, 1), 'accepted');
  assert.ok(venue.seen.some(({ path }) => path === '/api/v3/order'));
});

/** How a venue's keys come, change and go for a user with a passkey: without it, and with it. */
async function keysOf(t: TestContext, name: Name, more: readonly Change[] = []) {
  const { ask, connect } = await start(t, name, more);
  const first = await connect('alice', 'A'.repeat(64));
  const passkey = new Passkey();
  const user = userId.parse('alice');
  const { credentialId, publicKey } = passkey;
  assert.equal(
    said(await ask({ kind: 'ownerAdd', user, credentialId, publicKey, label: '', assertion: null })),
    'done',
  );
  const recipient = (await newViewRecipient()).publicKey;
  const about = { user, venue: venueId.parse(name), label: '' };
  const sealed = async (): Promise<Intent> => {
    const enrolment = await ask({ kind: 'enrolBegin', ...about });
    assert.ok(enrolment.kind === 'enrolment');
    const secret = Buffer.from('c2VjcmV0'.repeat(8));
    const parts = {
      type: 'hmac',
      secret,
      apiKeyId: Buffer.from('B'.repeat(64)),
      viewRecipient: recipient,
    } as const;
    return { kind: 'keySeal', blob: await sealSecret(enrolment, about, parts), assertion: null };
  };
  const intents: (() => Intent | Promise<Intent>)[] = [
    () => ({ kind: 'keyGenerate', ...about, type: 'ed25519', viewRecipient: recipient, assertion: null }),
    sealed,
    () => ({ kind: 'keyRotate', connection: first, type: 'ed25519', assertion: null }),
    () => ({ kind: 'keyDestroy', connection: first, assertion: null }),
  ];
  const answers: { readonly without: string[]; readonly by: string[] } = { without: [], by: [] };
  for (const make of intents) answers.without.push(said(await ask(await make())));
  if (answers.without.every((answer) => answer !== 'not-approved')) return answers;
  for (const make of intents) {
    const challenge = await ask({ kind: 'challenge' });
    assert.ok(challenge.kind === 'challenge');
    const intent = await make();
    const assertion = passkey.approve(challenge, intent);
    answers.by.push(said(await ask({ ...intent, assertion } as Intent)));
  }
  return answers;
}

test('keys of a live venue come, change and go by the passkey of a user that has one, and by nothing else', async (t) => {
  assert.deepEqual(await keysOf(t, 'binance'), {
    without: ['not-approved', 'not-approved', 'not-approved', 'not-approved'],
    by: ['key', 'key', 'key', 'done'],
  });
});

test('keys of the paper exchange come and go freely, and so do live ones at a gate that does not ask', async (t) => {
  const free = { without: ['key', 'key', 'key', 'done'], by: [] };
  assert.deepEqual(await keysOf(t, 'paper'), free);
  const careless = { from: /!isPaper && this\.#owners\.of\(\w+\)\.length > 0/u, to: 'false' };
  assert.deepEqual(await keysOf(t, 'binance', [careless]), free);
});

/** A live key whose gate finds its wall clock set forward by so much after the key was checked. */
async function afterJump(
  t: TestContext,
  ms: number,
  more: readonly Change[] = [],
): Promise<readonly string[]> {
  // The gate reads its wall clock here alone, besides at start; two seconds in, it jumps.
  const jump = {
    from: 'Math.abs(Date.now() - nowMs())',
    to: `Math.abs(Date.now() + (setAt !== 0 && performance.now() > setAt ? ${ms} : 0) - nowMs())`,
  };
  const arm = {
    from: 'connection2.wasGood = true;',
    to: 'connection2.wasGood = true; setAt = performance.now() + 1;',
  };
  const declared = { from: 'function driftMs() {', to: 'var setAt = 0;\nfunction driftMs() {' };
  const scene = await start(t, 'binance', [jump, declared, arm, ...more]);
  const connection = await scene.connect('alice', 'A'.repeat(64));
  const checked = await scene.check(connection);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const asked = said(await scene.ask({ kind: 'ordersOpen', connection, symbol: null }));
  const state = await scene.ask({ kind: 'securityState', user: userId.parse('alice') });
  assert.ok(state.kind === 'security');
  return [checked, asked, ...state.freezes.map(({ reason }) => reason)];
}

test('a wall clock that jumps by more than 30 s freezes a live key of a running gate, and one of less does not', async (t) => {
  assert.deepEqual(await afterJump(t, 31_000), ['permissions', 'frozen', 'clock-jump']);
  assert.deepEqual(await afterJump(t, 29_000), ['permissions', 'venue-refused']);
});

test('a gate that does not compare its clocks goes on after a jump', async (t) => {
  const blind = { from: /Math\.max\(driftMs\(\), venue\.driftMs \?\? 0\)/u, to: '0' };
  assert.deepEqual(await afterJump(t, 3_600_000, [blind]), ['permissions', 'venue-refused']);
});

test('a live venue is believed under the roots that Node brings along, and under no other', async (t) => {
  const { connect, check, venue } = await start(t, 'binance', [], false);
  assert.equal(await check(await connect('alice', 'A'.repeat(64))), 'venue-silent');
  assert.deepEqual(venue.seen, []);
});

interface Misplaced {
  readonly what: string;
  readonly host?: string;
  readonly port?: number;
  readonly caPem?: string;
  readonly weakened: Change;
}

const misplaced: readonly Misplaced[] = [
  {
    what: 'at another host',
    host: 'api.binance.com.evil.example',
    weakened: { from: / && \w+ === manifest\.host/u, to: '' },
  },
  { what: 'at another port', port: 444, weakened: { from: / && \w+ === HTTPS/u, to: '' } },
  {
    what: 'under an authority of the message',
    caPem: new Authority().certificate,
    weakened: { from: / && caPem === ""(?=;)/u, to: '' },
  },
];

for (const { what, weakened, ...about } of misplaced) {
  test(`a message that opens a live venue ${what} ends the gate`, async (t) => {
    const setup = { venue: venueId.parse('binance'), ...places.binance, caPem: '', ...about };
    await assert.rejects(startVault(t, { venues: [setup], builder: false }), /ended with 10/u);
    const open = plant(folderFor(t), await gateFile(), weakened);
    const vault = await startVault(t, { venues: [setup], builder: false, gateFile: open });
    assert.equal(vault.gate.exitCode, null);
  });
}

test('a build that stops at its points opens no live venue', async (t) => {
  const setup = { venue: venueId.parse('binance'), ...places.binance, caPem: '' };
  const { path } = await buildProgram('gate', 'test');
  const about = { venues: [setup], builder: false } as const;
  await assert.rejects(startVault(t, { ...about, gateFile: path }), /ended with 10/u);
  const open = plant(folderFor(t), path, { from: '!stopsAtPoints && ', to: '' });
  const vault = await startVault(t, { ...about, gateFile: open });
  assert.equal(vault.gate.exitCode, null);
});
