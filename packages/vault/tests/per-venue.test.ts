import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Scene, start } from './_at-venue.ts';
import { type Venue, binanceKey, krakenKey } from './_venue.ts';

/** What the venue says from now on of every key. */
function answers(venue: Venue, { canWithdraw = false, isListed = true }): void {
  const { permissions } = krakenKey;
  venue.binance = { ...binanceKey, enableWithdrawals: canWithdraw, ipRestrict: isListed };
  venue.kraken = {
    ...krakenKey,
    permissions: canWithdraw ? [...permissions, 'withdraw-funds'] : permissions,
    ip_allowlist: isListed ? krakenKey.ip_allowlist : [],
  };
}

/** What a gate says of keys that can withdraw, that another user has, and that were changed. */
async function afterChanges(scene: Scene): Promise<Readonly<Record<string, string>>> {
  const { venue, connect, check } = scene;
  answers(venue, { canWithdraw: true });
  const alices = await connect('alice', 'A'.repeat(56));
  const fresh = await check(alices);
  answers(venue, {});
  const mended = await check(alices);
  const second = await connect('bob', 'A'.repeat(56)).then(
    () => 'taken',
    (error: Error) => error.message,
  );
  answers(venue, { canWithdraw: true });
  const changed = await check(alices);
  answers(venue, {});
  const frozen = await check(alices);
  const other = await connect('carol', 'C'.repeat(56));
  await check(other);
  answers(venue, { isListed: false });
  return { fresh, mended, second, changed, frozen, unlisted: await check(other) };
}

for (const name of ['paper', 'binance', 'kraken'] as const) {
  test(`${name}: a key that can withdraw, one that another user has and one that was changed are refused`, async (t) => {
    assert.deepEqual(await afterChanges(await start(t, name)), {
      fresh: 'key-can-withdraw',
      mended: 'permissions',
      second: 'key-of-another',
      changed: 'key-can-withdraw',
      frozen: 'frozen',
      unlisted: 'permissions-changed',
    });
  });

  test(`${name}: a gate that looks at none of it takes every one of them`, async (t) => {
    const blind = [
      { from: 'if (permissions.withdraw) {', to: 'if (false) {' },
      { from: 'if (owner === null) return;', to: 'return;' },
      { from: /before\d* === true && !ipAllowList/u, to: 'false' },
    ];
    assert.deepEqual(await afterChanges(await start(t, name, blind)), {
      fresh: 'permissions',
      mended: 'permissions',
      second: 'taken',
      changed: 'permissions',
      frozen: 'permissions',
      unlisted: 'permissions',
    });
  });
}
