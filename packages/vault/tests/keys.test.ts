import assert from 'node:assert/strict';
import { createHash, randomBytes, verify, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectionId, encodeCbor, toCbor } from '@counterfoil/vocabulary';
import { ATTEST_LABEL, type GateResult, attestStatement } from '@counterfoil/vocabulary/protocol';
import { type Bench, bob, bornKey, codeOf, start } from './_enrolling.ts';
import { limitBuy } from './_order.ts';
import { plant } from './_planted-build.ts';
import { admin, folderFor, gateFile, openAccount, register } from './_programs.ts';

interface Born {
  readonly connection: ConnectionId;
  readonly apiKeyId: string;
  readonly account: number;
  check(): Promise<GateResult>;
}

/** A key that was made in the vault and registered at the exchange. */
async function born({ ask, paper }: Bench, allowedIps: readonly string[] = []): Promise<Born> {
  const { connection, publicKeyPem } = await bornKey(ask);
  const account = await openAccount(paper);
  const apiKeyId = await register(paper, publicKeyPem, { account, allowedIps });
  return { connection, apiKeyId, account, check: () => ask({ kind: 'keyCheck', connection, apiKeyId }) };
}

function change({ paper }: Bench, { apiKeyId }: Born, what: unknown): Promise<unknown> {
  return admin(paper, 'PATCH', `/keys/${apiKeyId}`, what);
}

test('a key made in the vault is graded by where it was made and whether its addresses are listed', async (t) => {
  const bench = await start(t);
  const open = await (await born(bench)).check();
  const locked = await (await born(bench, ['127.0.0.1'])).check();
  assert.ok(open.kind === 'permissions' && locked.kind === 'permissions');
  assert.deepEqual([open.grade, locked.grade, locked.best], ['born', 'born-locked', 'born-locked']);
});

/** What a gate says to keys whose permissions were changed at the exchange. */
async function afterChanges(bench: Bench): Promise<Readonly<Record<string, string>>> {
  const canWithdraw = await born(bench);
  await change(bench, canWithdraw, { permissions: { withdrawals: true } });
  const fresh = codeOf(await canWithdraw.check());
  await change(bench, canWithdraw, { permissions: { withdrawals: false } });
  const mended = codeOf(await canWithdraw.check());
  const later = await born(bench);
  await later.check();
  await change(bench, later, { permissions: { withdrawals: true } });
  const onceGood = codeOf(await later.check());
  const order = await bench.order(later.connection, 1);
  const noTrade = await born(bench);
  await noTrade.check();
  await change(bench, noTrade, { permissions: { spotTrading: false } });
  const listed = await born(bench, ['127.0.0.1']);
  await listed.check();
  await change(bench, listed, { allowedIps: [] });
  const unlisted = codeOf(await listed.check());
  const unlistedOrder = await bench.order(listed.connection, 1);
  await change(bench, listed, { allowedIps: ['127.0.0.1'] });
  const restored = codeOf(await listed.check());
  const scope = { kind: 'connection', connection: listed.connection } as const;
  await bench.ask({ kind: 'thaw', scope, assertion: null });
  const thawed = codeOf(await listed.check());
  return {
    fresh,
    mended,
    onceGood,
    order,
    noTrade: codeOf(await noTrade.check()),
    unlisted,
    unlistedOrder,
    restored,
    thawed,
  };
}

test('a key that can withdraw, cannot trade any more, or lost its address list is refused and frozen', async (t) => {
  assert.deepEqual(await afterChanges(await start(t)), {
    fresh: 'key-can-withdraw',
    // It was never used, so there is nothing to thaw.
    mended: 'permissions',
    onceGood: 'key-can-withdraw',
    order: 'frozen',
    noTrade: 'key-permission-missing',
    unlisted: 'permissions-changed',
    unlistedOrder: 'frozen',
    restored: 'frozen',
    thawed: 'permissions',
  });
});

test('a gate that takes every first check for a change asks for a thaw of a key that was never used', async (t) => {
  const planted = plant(folderFor(t), await gateFile(), {
    from: 'wasGood && !checked',
    to: '!checked',
  });
  const said = await afterChanges(await start(t, planted));
  assert.deepEqual([said['fresh'], said['mended']], ['key-can-withdraw', 'frozen']);
});

test('a gate that does not look at permissions takes every one of those keys', async (t) => {
  const planted = plant(folderFor(t), await gateFile(), {
    from: 'const { permissions } = await readFrom(vault.builder, connection2, { kind: "permissions" }, "permissions");',
    to: 'const permissions = { withdraw: false, trade: true, ipAllowList: true };',
  });
  const said = await afterChanges(await start(t, planted));
  assert.deepEqual(
    [said['fresh'], said['onceGood'], said['order'], said['unlisted']],
    ['permissions', 'permissions', 'accepted', 'permissions'],
  );
});

test('the vault asks again by itself, and freezes a key whose permissions were changed', async (t) => {
  const folder = folderFor(t);
  const daily = plant(folder, await gateFile(), { from: 'RECHECK_MS = 24 * 36e5', to: 'RECHECK_MS = 200' });
  const hasty = plant(folder, daily, { from: 'RECHECK_LOOK_MS = 6e4', to: 'RECHECK_LOOK_MS = 50' });
  const bench = await start(t, hasty);
  const key = await born(bench);
  await key.check();
  assert.equal(await bench.order(key.connection, 1), 'accepted');
  await change(bench, key, { permissions: { withdrawals: true } });
  let seq = 2;
  while ((await bench.order(key.connection, seq)) === 'accepted') {
    seq += 1;
    await sleep(50);
  }
  assert.equal(await bench.order(key.connection, seq), 'frozen');
});

test('a key is replaced while orders go on: none is lost, and the old one is not used after', async (t) => {
  const bench = await start(t);
  const { ask, order, paper, vault } = bench;
  const key = await born(bench);
  await key.check();
  const made = await ask({ kind: 'keyRotate', assertion: null, connection: key.connection, type: 'ed25519' });
  assert.ok(made.kind === 'key' && made.publicKeyPem !== null && made.connection === key.connection);
  const states: string[] = [];
  let rotated = false;
  const trading = (async () => {
    for (let seq = 1; seq <= 10 || !rotated || states.length < 20; seq++)
      states.push(await order(key.connection, seq));
  })();
  const successor = await register(paper, made.publicKeyPem, { account: key.account });
  const switched = await ask({ kind: 'keyCheck', connection: key.connection, apiKeyId: successor });
  assert.equal(switched.kind, 'permissions');
  // From here the old key may go at the exchange.
  await change(bench, key, { isRevoked: true });
  rotated = true;
  await trading;
  assert.deepEqual(new Set(states), new Set(['accepted']));
  assert.equal(codeOf(await key.check()), 'key-bound-otherwise', 'back to the old key');
  assert.equal(vault.gate.exitCode, null);
});

test('a successor that can withdraw or that another user has is not switched to', async (t) => {
  const bench = await start(t);
  const { ask, order, paper } = bench;
  const key = await born(bench);
  await key.check();
  const made = await ask({ kind: 'keyRotate', assertion: null, connection: key.connection, type: 'rsa' });
  assert.ok(made.kind === 'key' && made.publicKeyPem !== null);
  const successor = await register(paper, made.publicKeyPem, { account: key.account, kind: 'rsa' });
  const check = async (apiKeyId: string): Promise<string> =>
    codeOf(await ask({ kind: 'keyCheck', connection: key.connection, apiKeyId }));
  await admin(paper, 'PATCH', `/keys/${successor}`, { permissions: { withdrawals: true } });
  assert.equal(await check(successor), 'key-can-withdraw');
  assert.equal(await order(key.connection, 1), 'accepted', 'the old key goes on');
  const other = await ask({
    kind: 'keyGenerate',
    assertion: null,
    ...bob,
    type: 'ed25519',
    viewRecipient: null,
  });
  assert.ok(other.kind === 'key' && other.publicKeyPem !== null);
  const bobs = await register(paper, other.publicKeyPem);
  await ask({ kind: 'keyCheck', connection: other.connection, apiKeyId: bobs });
  assert.equal(await check(bobs), 'key-of-another');
  await admin(paper, 'PATCH', `/keys/${successor}`, { permissions: { withdrawals: false } });
  assert.equal(await check(successor), 'permissions');
  assert.equal(await order(key.connection, 2), 'accepted');
});

/** What a killed gate still knows, once it is back, of orders before and after a key was replaced. */
async function afterRotation(bench: Bench): Promise<readonly string[]> {
  const { ask, order, paper, vault } = bench;
  const key = await born(bench);
  const { connection } = key;
  await key.check();
  assert.equal(await order(connection, 1), 'accepted');
  const made = await ask({ kind: 'keyRotate', assertion: null, connection, type: 'ed25519' });
  assert.ok(made.kind === 'key' && made.publicKeyPem !== null);
  const successor = await register(paper, made.publicKeyPem, { account: key.account });
  assert.equal(codeOf(await ask({ kind: 'keyCheck', connection, apiKeyId: successor })), 'permissions');
  assert.equal(await order(connection, 2), 'accepted');
  await vault.restart();
  const caller = await vault.caller();
  return Promise.all(
    [1, 2].map(async (seq) => {
      const intent = { kind: 'useGet', connection, of: limitBuy(connection, seq).id, epoch: 2 } as const;
      return codeOf((await caller.call((id) => ({ id, intent }))).result);
    }),
  );
}

test('a replaced key goes on with its chain after the gate was killed: its orders stay known', async (t) => {
  assert.deepEqual(await afterRotation(await start(t)), ['use', 'use']);
});

test('a gate that looks for the chain under the newest id of the key has forgotten its orders', async (t) => {
  const planted = plant(folderFor(t), await gateFile(), {
    from: 'const { firstApiKeyId } = this.#key;',
    to: 'const firstApiKeyId = this.#key.apiKeyId;',
  });
  assert.deepEqual(await afterRotation(await start(t, planted)), ['unknown-intent', 'unknown-intent']);
});

test('a destroyed key signs nothing, and its fingerprint refuses it for ever', async (t) => {
  const bench = await start(t);
  const { ask, order } = bench;
  const key = await born(bench);
  await key.check();
  assert.equal((await ask({ kind: 'keyDestroy', assertion: null, connection: key.connection })).kind, 'done');
  assert.equal(await order(key.connection, 1), 'unknown-connection');
  const next = await ask({
    kind: 'keyGenerate',
    assertion: null,
    ...bob,
    type: 'ed25519',
    viewRecipient: null,
  });
  assert.ok(next.kind === 'key');
  const taken = await ask({ kind: 'keyCheck', connection: next.connection, apiKeyId: key.apiKeyId });
  assert.equal(codeOf(taken), 'key-of-another');
});

test('an attestation is signed for the nonce of whoever asks, by the vault whose hash is known, over the file that runs', async (t) => {
  const { ask } = await start(t);
  const nonce = randomBytes(32);
  const said = await ask({ kind: 'attest', nonce });
  assert.ok(said.kind === 'attestation');
  const { statement, signature } = said;
  const holds = (about: typeof statement): boolean => {
    const key = createPublicKey({ key: Buffer.from(statement.identity), format: 'der', type: 'spki' });
    const body = encodeCbor(toCbor(attestStatement, about));
    return verify(null, Buffer.concat([Buffer.from(ATTEST_LABEL), body]), key, signature);
  };
  assert.ok(holds(statement));
  assert.deepEqual(Buffer.from(statement.nonce), nonce);
  const file = createHash('sha256')
    .update(readFileSync(await gateFile()))
    .digest();
  assert.deepEqual(Buffer.from(statement.gateHash), file);
  assert.equal(statement.testBuild, false);
  assert.ok(!holds({ ...statement, testBuild: true }) && !holds({ ...statement, nonce: randomBytes(32) }));
});
