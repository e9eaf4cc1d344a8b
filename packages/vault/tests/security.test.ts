import assert from 'node:assert/strict';
import { copyFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { controlField, decodeControlLeaf } from '@counterfoil/log';
import { connectionId, parseDecimal, userId } from '@counterfoil/vocabulary';
import type { GateResult, Intent, IntentOf, Mandate } from '@counterfoil/vocabulary/protocol';
import { noEarlierThan, nowMs } from '../src/gate/clock.ts';
import { demoMandate } from '../src/gate/demo-mandate.ts';
import type { Refusal } from '../src/gate/refusal.ts';
import { type Answer, Passkey } from './_passkey.ts';
import { folderFor } from './_programs.ts';
import { Log, type Options, type Running, demo, startSecurity } from './_security.ts';

const HOUR = 3_600_000;
const everything = { kind: 'everything' } as const;
const scopeOf = (name: string) => ({ kind: 'connection', connection: connectionId.parse(name) }) as const;

const tighter: Mandate = { ...demoMandate, label: 'tighter', ordersPerMinute: 10, bandBps: 100 };
const looser: Mandate = { ...tighter, label: 'looser', ordersPerMinute: 11 };

/** What came of it, in one word. */
function word(result: GateResult): string {
  if (result.kind === 'refused') return result.code;
  return result.kind === 'mandate' ? result.state : result.kind;
}

interface Scene extends Running {
  readonly log: Log;
  readonly folder: string;
  say(intent: Intent): Promise<string>;
  /** The same with an owner's word. */
  approved(intent: Intent & { assertion: unknown }, passkey: Passkey, answer?: Answer): Promise<string>;
  restart(options?: Partial<Options>): Scene;
}

function scene(t: TestContext, options: Partial<Options> = {}): Scene {
  const folder = options.folder ?? folderFor(t);
  const log = options.log ?? new Log();
  const running = startSecurity({ folder, log, ...options });
  t.after(() => running.stop());
  const say = async (intent: Intent): Promise<string> => word(await running.ask(intent));
  return {
    ...running,
    log,
    folder,
    say,
    approved: async (intent, passkey, answer) => {
      const challenge = await running.ask({ kind: 'challenge' });
      assert.ok(challenge.kind === 'challenge');
      return say({ ...intent, assertion: passkey.approve(challenge, intent, answer) } as Intent);
    },
    restart: (again = {}) => scene(t, { ...options, folder, log, ...again }),
  };
}

const add = (passkey: Passkey, user = demo): IntentOf<'ownerAdd'> => ({
  kind: 'ownerAdd',
  user,
  credentialId: passkey.credentialId,
  publicKey: passkey.publicKey,
  label: 'key',
  assertion: null,
});
const propose = (mandate: Mandate, name = 'paper1'): Intent => ({
  kind: 'mandatePropose',
  connection: connectionId.parse(name),
  mandate,
});
const approve = (mandate: Mandate, name = 'paper1'): IntentOf<'mandateApprove'> => ({
  kind: 'mandateApprove',
  connection: connectionId.parse(name),
  mandate,
  assertion: null,
});
const thaw = (scope: IntentOf<'thaw'>['scope']): IntentOf<'thaw'> => ({
  kind: 'thaw',
  scope,
  assertion: null,
});
const freeze = (
  scope: IntentOf<'freeze'>['scope'],
  depth: IntentOf<'freeze'>['depth'] = 'everything',
): Intent => ({
  kind: 'freeze',
  scope,
  depth,
});
const announced = ({ log }: Scene): string[] => log.entries.map((entry) => decodeControlLeaf(entry).kind);

test('the first passkey is trusted, a further one needs an owner, and the last one stays', async (t) => {
  const it = scene(t);
  const [first, second] = [new Passkey(), new Passkey('EdDSA')];
  const gone = (passkey: Passkey) =>
    ({ kind: 'ownerRemove', user: demo, credentialId: passkey.credentialId, assertion: null }) as const;
  assert.equal(await it.say(add(first)), 'done');
  assert.equal(await it.say(add(second)), 'not-approved');
  assert.equal(await it.approved(add(second), second), 'not-approved', 'nobody lets himself in');
  assert.equal(await it.approved(gone(first), first), 'last-owner');
  assert.equal(await it.approved(add(second), first), 'done');
  assert.equal(await it.say(gone(first)), 'not-approved');
  assert.equal(await it.approved(gone(first), second), 'done');
  assert.equal(await it.approved(add(new Passkey()), first), 'not-approved', 'a removed one counts no more');
  assert.deepEqual(announced(it), ['owner', 'owner', 'owner']);
});

test('where a key is live a further passkey approves nothing for a day, and the one before can take it back', async (t) => {
  const it = scene(t, { names: ['live1'] });
  const [first, second, third] = [new Passkey(), new Passkey(), new Passkey()];
  await it.say(add(first));
  assert.equal(await it.approved(add(second), first), 'done');
  const leaf = decodeControlLeaf(it.log.entries.at(-1) ?? new Uint8Array());
  const sinceMs = Date.parse(controlField(leaf, 'since') ?? '');
  assert.ok(sinceMs > nowMs() + 23 * HOUR, 'the notice says from when on');
  const gone = (passkey: Passkey) =>
    ({ kind: 'ownerRemove', user: demo, credentialId: passkey.credentialId, assertion: null }) as const;
  assert.equal(await it.approved(add(third), second), 'not-approved');
  assert.equal(await it.approved(gone(first), first), 'last-owner', 'one that waits is not another yet');
  noEarlierThan(sinceMs - 1_000);
  assert.equal(await it.restart().approved(add(third), second), 'not-approved', 'nor after a start');
  noEarlierThan(sinceMs);
  assert.equal(await it.approved(gone(first), second), 'done', 'the lost one goes');
  assert.equal(await it.approved(add(third), second), 'done');
  assert.equal(await it.approved(gone(third), second), 'done', 'what waits is taken back');
  assert.equal(await it.approved(approve(tighter, 'live1'), second), 'inForce');
});

test('tightening is immediate and needs nobody; loosening needs the passkey and is announced first', async (t) => {
  const it = scene(t);
  const { limits, standing } = it.of('paper1');
  const passkey = new Passkey('RS256');
  await it.say(add(passkey));
  assert.equal(await it.say(propose(tighter)), 'inForce');
  assert.deepEqual(limits.mandate, tighter);
  assert.equal(standing.signed, false);
  assert.equal(await it.say(propose(looser)), 'needsApproval');
  assert.equal(await it.say(approve(looser)), 'not-approved');
  assert.deepEqual(limits.mandate, tighter, 'without passkey nothing is looser');
  assert.equal(await it.approved(approve(looser), passkey), 'inForce');
  assert.deepEqual(limits.mandate, looser);
  assert.equal(standing.signed, true);
  assert.deepEqual(announced(it), ['owner', 'loosening']);
  assert.deepEqual(
    it.log.chains.get('paper1')?.map(({ kind }) => kind),
    ['seal', 'mandate', 'mandate'],
  );
  const again = it.restart();
  assert.deepEqual(again.of('paper1').limits.mandate, looser, 'the same after a start');
  assert.equal(again.of('paper1').standing.signed, true);
});

// Everything here is signed by the owner's own key: each differs from a good approval in one thing.
const refusedAnswers: readonly (readonly [what: string, answer: Answer])[] = [
  ['from another origin', { origin: 'http://localhost:7332' }],
  ['for another rp id', { rpId: 'evil.example' }],
  ['over another challenge', { client: { challenge: Buffer.alloc(32).toString('base64url') } }],
  ['without user verification', { flags: 0x01 }],
];

for (const [what, answer] of refusedAnswers) {
  test(`an approval ${what} loosens nothing, and the same without that difference does`, async (t) => {
    const it = scene(t);
    const passkey = new Passkey();
    await it.say(add(passkey));
    await it.say(propose(tighter));
    assert.equal(await it.approved(approve(looser), passkey, answer), 'not-approved');
    assert.deepEqual(it.of('paper1').limits.mandate, tighter);
    assert.equal(await it.approved(approve(looser), passkey), 'inForce');
  });
}

test('an approval counts once, for what it was given for, by a passkey of that user', async (t) => {
  const it = scene(t);
  const [passkey, stranger] = [new Passkey(), new Passkey()];
  await it.say(add(passkey));
  await it.say(add(stranger, userId.parse('stranger')));
  await it.say(propose(tighter));
  const challenge = await it.ask({ kind: 'challenge' });
  assert.ok(challenge.kind === 'challenge');
  const assertion = passkey.approve(challenge, approve(looser));
  const loosest = { ...looser, ordersPerMinute: 99 };
  assert.equal(await it.say({ ...approve(loosest), assertion }), 'not-approved', 'not another mandate');
  assert.equal(await it.say({ ...approve(looser), assertion }), 'not-approved', 'the number is used up');
  assert.equal(await it.approved(approve(looser), stranger), 'not-approved');
  const invented = { vaultId: challenge.vaultId, nonce: new Uint8Array(32).fill(9) };
  const own = passkey.approve(invented, approve(looser));
  assert.equal(await it.say({ ...approve(looser), assertion: own }), 'not-approved', 'a number of its own');
  assert.deepEqual(it.of('paper1').limits.mandate, tighter);
  // The weakened twin of all of these: the right key, number and mandate.
  assert.equal(await it.approved(approve(looser), passkey), 'inForce');
  assert.equal(await it.say(propose(tighter)), 'inForce');
  assert.equal(await it.approved(approve(looser), passkey, { counter: 5 }), 'inForce');
  assert.equal(await it.say(propose(tighter)), 'inForce');
  assert.equal(await it.approved(approve(looser), passkey, { counter: 5 }), 'not-approved', 'a copied key');
});

test('as many owners as the mandate says must approve the same one', async (t) => {
  const it = scene(t);
  const [first, second] = [new Passkey(), new Passkey()];
  await it.say(add(first));
  await it.approved(add(second), first);
  await it.say(propose({ ...tighter, approvals: 2 }));
  assert.equal(await it.approved(approve(looser), first), 'needsApproval');
  assert.equal(await it.approved(approve(looser), first), 'needsApproval', 'the same one twice is one');
  const other = { ...looser, ordersPerMinute: 12 };
  assert.equal(await it.approved(approve(other), second), 'needsApproval', 'one each for two is none');
  assert.equal(await it.approved(approve(other), first), 'inForce');
});

test('on a live connection a first mandate holds at once and a looser one a day later, not before', async (t) => {
  const it = scene(t, { names: ['live1'] });
  const { limits, standing } = it.of('live1');
  const passkey = new Passkey();
  await it.say(add(passkey));
  assert.equal(await it.say(propose(tighter, 'live1')), 'needsApproval', 'nothing is allowed before');
  assert.equal(await it.approved(approve(tighter, 'live1'), passkey), 'inForce');
  assert.equal(await it.approved(approve(looser, 'live1'), passkey), 'waits');
  const due = standing.pending?.dueMs ?? 0;
  assert.ok(due > nowMs() + 23 * HOUR);
  const leaf = decodeControlLeaf(it.log.entries.at(-1) ?? new Uint8Array());
  assert.equal(controlField(leaf, 'due'), new Date(due).toISOString(), 'the notice says from when on');

  noEarlierThan(due - 1_000);
  const later = it.restart();
  const connection = later.of('live1');
  await later.security.settle(connection);
  assert.deepEqual(connection.limits.mandate, tighter, 'not a second too early, nor by a restart');
  noEarlierThan(due);
  later.log.isWitnessed = false;
  await assert.rejects(later.security.settle(connection), { code: 'unwitnessed' });
  assert.deepEqual(connection.limits.mandate, tighter, 'not before the witnesses saw it');
  later.log.isWitnessed = true;
  const timeless = later.restart({ venueDriftMs: null });
  await timeless.security.settle(timeless.of('live1'));
  assert.deepEqual(timeless.of('live1').limits.mandate, tighter, 'not by our own clock alone');
  await later.say(freeze(everything));
  await later.security.settle(connection);
  assert.deepEqual(connection.limits.mandate, tighter, 'not while frozen');
  assert.equal(await later.approved(thaw(everything), passkey), 'done');
  await later.security.settle(connection);
  assert.deepEqual(connection.limits.mandate, looser);
  assert.deepEqual(limits.mandate, tighter);
});

test('a tightening drops what waits', async (t) => {
  const it = scene(t, { names: ['live1'] });
  const passkey = new Passkey();
  await it.say(add(passkey));
  await it.approved(approve(tighter, 'live1'), passkey);
  await it.approved(approve(looser, 'live1'), passkey);
  const tightest = { ...tighter, ordersPerMinute: 1 };
  assert.equal(await it.say(propose(tightest, 'live1')), 'inForce');
  noEarlierThan(nowMs() + 25 * HOUR);
  const again = it.restart();
  await again.security.settle(again.of('live1'));
  assert.deepEqual(again.of('live1').limits.mandate, tightest);
});

test('freezes have three sizes and two depths, survive a start, and the deepest holds', async (t) => {
  const it = scene(t, { names: ['paper1', 'paper2'] });
  const depths = (at: Scene) => ['paper1', 'paper2'].map((name) => at.of(name).standing.depth);
  await it.say(freeze(scopeOf('paper1'), 'noNewPositions'));
  assert.deepEqual(depths(it), ['noNewPositions', null]);
  assert.equal(it.of('paper1').standing.refuses({ side: 'buy' }), true);
  assert.equal(it.of('paper1').standing.refuses({ side: 'sell' }), false);
  await it.say(freeze({ kind: 'user', user: demo }));
  assert.deepEqual(depths(it), ['everything', 'everything']);
  assert.equal(it.of('paper1').standing.refuses({ side: 'sell' }), true);
  const again = it.restart();
  assert.deepEqual(depths(again), ['everything', 'everything']);
  await again.say(freeze(everything, 'noNewPositions'));
  assert.equal(await again.say(thaw({ kind: 'user', user: demo })), 'done');
  assert.deepEqual(depths(again), ['noNewPositions', 'noNewPositions']);
  await again.say(thaw(everything));
  assert.deepEqual(depths(again), ['noNewPositions', null], 'each freeze is thawed by itself');
  assert.deepEqual(
    again.log.chains.get('paper2')?.map((leaf) => (leaf.kind === 'freeze' ? leaf.depth : leaf.kind)),
    ['seal', 'everything', 'noNewPositions', 'thaw'],
  );
  assert.equal(await again.say(freeze(scopeOf('nobody'))), 'unknown-connection');
  assert.equal(await again.say(freeze({ kind: 'user', user: userId.parse('nobody') })), 'unknown-connection');
});

test('a thaw needs an owner where there is one, and always on a live connection', async (t) => {
  const paper = scene(t);
  const [passkey, stranger] = [new Passkey(), new Passkey()];
  await paper.say(freeze(everything));
  assert.equal(await paper.say(thaw(everything)), 'done', 'simulated money of nobody in particular');
  await paper.say(add(passkey));
  await paper.say(freeze(everything));
  assert.equal(await paper.say(thaw(everything)), 'not-approved');
  assert.equal(await paper.approved(thaw(everything), stranger), 'not-approved');
  paper.log.isWitnessed = false;
  assert.equal(await paper.approved(thaw(everything), passkey), 'unwitnessed');
  assert.equal(paper.of('paper1').standing.depth, 'everything', 'frozen until the witnesses have seen it');
  paper.log.isWitnessed = true;
  assert.equal(await paper.approved(thaw(everything), passkey), 'done');
  assert.equal(paper.of('paper1').standing.depth, null);
  const live = scene(t, { names: ['live1'] });
  await live.say(freeze(scopeOf('live1')));
  assert.equal(await live.say(thaw(scopeOf('live1'))), 'not-approved');
});

const signs: readonly (readonly [code: Refusal['code'], times: number, depth: string | null])[] = [
  ['wire-check', 1, 'everything'],
  ['key-can-withdraw', 1, 'everything'],
  ['key-permission-missing', 1, 'everything'],
  ['mandate', 4, null],
  ['mandate', 5, 'noNewPositions'],
  ['venue-silent', 9, null],
];

for (const [code, times, depth] of signs) {
  test(`${code} ${times} times: ${depth ?? 'nothing'} is frozen`, (t) => {
    const it = scene(t, { names: ['paper1', 'paper2'] });
    for (let i = 0; i < times; i++) it.security.afterRefusal(it.of('paper1'), code);
    assert.equal(it.of('paper1').standing.depth, depth);
    assert.equal(it.of('paper2').standing.depth, null, 'the other key goes on');
  });
}

test('a live key is frozen where its venue’s clock is more than 30 s away, and paper is not', (t) => {
  for (const [name, venueDriftMs, depth] of [
    ['live1', 30_001, 'everything'],
    ['paper1', 30_001, null],
  ] as const) {
    const it = scene(t, { names: [name], venueDriftMs });
    it.security.watchClock(it.of(name));
    assert.equal(it.of(name).standing.depth, depth);
  }
});

test('a store that was rolled back starts frozen and takes no first owner; unnoticed it would where the log forgot too', async (t) => {
  const it = scene(t, { names: ['live1'] });
  const old = folderFor(t);
  copyFileSync(join(it.folder, 'store'), join(old, 'store'));
  const forgetful = new Log();
  const passkey = new Passkey();
  await it.say(add(passkey));
  await it.approved(approve(tighter, 'live1'), passkey);
  const back = it.restart({ folder: old });
  assert.equal(back.of('live1').standing.depth, 'everything');
  assert.equal(await back.say(add(new Passkey())), 'not-approved');
  assert.equal(await back.say(thaw(everything)), 'not-approved');
  const state = await back.ask({ kind: 'securityState', user: demo });
  assert.deepEqual(state.kind === 'security' && [...new Set(state.freezes.map(({ reason }) => reason))], [
    'store-rollback',
  ]);
  // The weakened twin: what finds it is the log, so a log that was rolled back along with the store finds nothing.
  const older = folderFor(t);
  const fresh = scene(t, { folder: older, log: forgetful, names: ['live1'] });
  assert.equal(fresh.of('live1').standing.depth, null);
  assert.equal(await fresh.say(add(new Passkey())), 'done');
});

test('a store that was put back starts frozen once; nothing else would tell an identical copy', async (t) => {
  const it = scene(t, { names: ['live1'] });
  const passkey = new Passkey();
  await it.say(add(passkey));
  // The weakened twin: a start that is not told takes the copy for the store.
  const untold = it.restart();
  assert.equal(untold.of('live1').standing.depth, null);
  const restored = new Uint8Array(16).fill(1);
  const back = it.restart({ restored });
  assert.equal(back.of('live1').standing.depth, 'everything');
  const state = await back.ask({ kind: 'securityState', user: demo });
  assert.deepEqual(state.kind === 'security' && state.freezes.map(({ reason }) => reason), ['restored']);
  assert.equal(await back.say(thaw(everything)), 'not-approved');
  assert.equal(await back.approved(thaw(everything), passkey), 'done');
  assert.equal(it.restart({ restored }).of('live1').standing.depth, null, 'it was thawed for good');
  const twice = it.restart({ restored: new Uint8Array(16).fill(2) });
  assert.equal(twice.of('live1').standing.depth, 'everything', 'and is frozen when it is put back again');
});

test('an older store that was put back says both: what it forgot stays the reason', async (t) => {
  const it = scene(t, { names: ['live1'] });
  const old = folderFor(t);
  copyFileSync(join(it.folder, 'store'), join(old, 'store'));
  await it.say(add(new Passkey()));
  const back = it.restart({ folder: old, restored: new Uint8Array(16).fill(1) });
  assert.equal(await back.say(add(new Passkey())), 'not-approved', 'nobody becomes the first owner again');
  const state = await back.ask({ kind: 'securityState', user: demo });
  assert.ok(state.kind === 'security');
  assert.equal(state.freezes[0]?.reason, 'store-rollback');
});

test('a mandate or a freeze of the chain that the store does not know freezes the connection', async (t) => {
  const it = scene(t);
  const old = folderFor(t);
  cpSync(join(it.folder, 'store'), join(old, 'store'));
  // A tightening has no public leaf: the chain alone remembers it.
  await it.say(propose(tighter));
  const back = it.restart({ folder: old });
  assert.equal(back.of('paper1').standing.depth, 'everything');
  assert.deepEqual(back.of('paper1').limits.mandate.markets, [], 'and nothing is allowed');
});

test('a decision that the log does not know yet is announced at the next start', async (t) => {
  const it = scene(t);
  it.security.freezeUnannounced('log-mismatch');
  assert.deepEqual(announced(it), []);
  const again = it.restart();
  assert.deepEqual(announced(again), ['freeze']);
  assert.equal(again.of('paper1').standing.depth, 'everything');
  assert.deepEqual(announced(again.restart()), ['freeze'], 'once');
});

test('the security state says what is in force, what waits, who owns, and what is frozen why', async (t) => {
  const it = scene(t, { names: ['live1'] });
  const passkey = new Passkey();
  await it.say(add(passkey));
  await it.approved(approve(tighter, 'live1'), passkey);
  await it.approved(approve(looser, 'live1'), passkey);
  await it.say(freeze(scopeOf('live1'), 'noNewPositions'));
  const state = await it.ask({ kind: 'securityState', user: demo });
  assert.ok(state.kind === 'security');
  assert.deepEqual(
    state.owners.map(({ label }) => label),
    ['key'],
  );
  const [connection] = state.connections;
  assert.deepEqual(
    [connection?.mandate, connection?.unsigned, connection?.pending?.mandate],
    [tighter, false, looser],
  );
  assert.deepEqual(
    state.freezes.map(({ scope, depth, reason }) => [scope, depth, reason]),
    [[scopeOf('live1'), 'noNewPositions', 'asked']],
  );
  const nobody = await it.ask({ kind: 'securityState', user: userId.parse('nobody') });
  assert.deepEqual(nobody, { kind: 'security', owners: [], connections: [], freezes: [] });
});

test('amounts of a mandate are compared as numbers, whatever their scale', async (t) => {
  const it = scene(t);
  const [budget] = demoMandate.budgets;
  assert.ok(budget !== undefined);
  const withLimit = (perOrder: string): Mandate => ({
    ...demoMandate,
    budgets: [{ ...budget, perOrder: parseDecimal(perOrder) }],
  });
  assert.equal(await it.say(propose(withLimit('100.00'))), 'inForce');
  assert.equal(await it.say(propose(withLimit('100'))), 'inForce');
  assert.equal(await it.say(propose(withLimit('100.00000001'))), 'needsApproval');
});
