import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  type ViewRecipient,
  newViewRecipient,
  openViewKey,
  readSecret,
  sameVault,
  sealSecret,
} from '@counterfoil/seal';
import { decodeBlob, encodeBlob, venueId } from '@counterfoil/vocabulary';
import type { GateResult } from '@counterfoil/vocabulary/protocol';
import { type Bench, alice, bob, codeOf, start } from './_enrolling.ts';
import { plant } from './_planted-build.ts';
import { type Paper, admin, folderFor, gateFile, openAccount, register } from './_programs.ts';

interface Pasted {
  readonly pem: Buffer;
  readonly apiKeyId: Buffer;
  readonly recipient: ViewRecipient;
}

/** A key as a person has it: made elsewhere, registered at the venue. */
async function pasted(paper: Paper): Promise<Pasted> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const apiKeyId = await register(paper, publicKey.export({ type: 'spki', format: 'pem' }).toString());
  return {
    pem: Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    apiKeyId: Buffer.from(apiKeyId),
    recipient: await newViewRecipient(),
  };
}

/** Sealed as a browser does it. */
function sealed(
  enrolment: Extract<GateResult, { kind: 'enrolment' }>,
  about: typeof alice,
  key: Pasted,
): Promise<Uint8Array> {
  const { type, secret } = readSecret(Buffer.from(key.pem));
  return sealSecret(enrolment, about, {
    type,
    secret,
    apiKeyId: key.apiKeyId,
    viewRecipient: key.recipient.publicKey,
  });
}

test('a key that was sealed outside trades, and its view key opens for its recipient alone', async (t) => {
  const { ask, begin, order, paper, vault } = await start(t);
  const key = await pasted(paper);
  const enrolment = await begin();
  const made = await ask({ kind: 'keySeal', assertion: null, blob: await sealed(enrolment, alice, key) });
  assert.ok(made.kind === 'key' && made.viewKeySealed !== null && made.viewKey === null);
  const { connection } = made;
  const viewKey = await openViewKey(
    key.recipient,
    { vaultId: enrolment.vaultId, connection },
    made.viewKeySealed,
  );
  assert.equal(viewKey.length, 32);
  await assert.rejects(
    openViewKey(await newViewRecipient(), { vaultId: enrolment.vaultId, connection }, made.viewKeySealed),
  );
  // The blob brought the key's id: nobody needs to say it again.
  assert.equal((await ask({ kind: 'keyCheck', connection, apiKeyId: null })).kind, 'permissions');
  assert.equal(await order(connection, 1), 'accepted');
  const seed = readSecret(key.pem).secret.subarray(-32);
  assert.ok(!readFileSync(vault.storeFile).includes(seed), 'the secret lies open in the store');
});

for (const kind of ['hmac', 'rsa'] as const) {
  test(`a pasted ${kind} key trades, graded as pasted`, async (t) => {
    const { ask, begin, order, paper } = await start(t);
    const account = await openAccount(paper);
    const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const registered = await admin(paper, 'POST', '/keys', {
      account,
      kind,
      allowedIps: ['127.0.0.1'],
      ...(kind === 'rsa' ? { publicKey } : {}),
    });
    const pastedText =
      kind === 'rsa'
        ? pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
        : ` ${String(registered['secret'])}\n`;
    const { type, secret } = readSecret(Buffer.from(pastedText));
    assert.equal(type, kind);
    const recipient = await newViewRecipient();
    const apiKeyId = Buffer.from(String(registered['apiKey']));
    const blob = await sealSecret(await begin(), alice, {
      type,
      secret,
      apiKeyId,
      viewRecipient: recipient.publicKey,
    });
    const made = await ask({ kind: 'keySeal', assertion: null, blob });
    assert.ok(made.kind === 'key');
    assert.equal(made.publicKeyPem, kind === 'rsa' ? publicKey : null);
    const checked = await ask({ kind: 'keyCheck', connection: made.connection, apiKeyId: null });
    assert.ok(checked.kind === 'permissions', JSON.stringify(checked));
    assert.deepEqual([checked.grade, checked.best], ['pasted-locked', 'born-locked']);
    assert.equal(await order(made.connection, 1), 'accepted');
  });
}

test('the hash that the vault states is over the three keys that it hands out', async (t) => {
  const { ask, begin } = await start(t);
  const enrolment = await begin();
  const head = await ask({ kind: 'head' });
  const known = head.kind === 'head' ? Buffer.from(head.vaultKeyHash).toString('hex') : '';
  assert.ok(await sameVault(enrolment, known));
  for (const part of ['identity', 'x25519', 'p256'] as const) {
    const other = { ...enrolment, [part]: randomBytes(enrolment[part].length) };
    assert.ok(!(await sameVault(other, known)), part);
  }
});

/** What becomes of a blob that was sealed rightly once and is handed in for something else. */
async function misuse({
  ask,
  begin,
  paper,
}: Bench): Promise<Readonly<Record<keyof typeof refusedMisuse, string>>> {
  const handIn = async (blob: Uint8Array): Promise<string> =>
    codeOf(await ask({ kind: 'keySeal', assertion: null, blob }));
  const first = await begin();
  const blob = await sealed(first, alice, await pasted(paper));
  const into = async (about: typeof alice): Promise<string> => {
    const { nonce } = await begin(about);
    return handIn(encodeBlob({ ...decodeBlob(blob), nonce }));
  };
  const otherVault = await sealed(
    { ...(await begin()), vaultId: 'ffffffffffffffff' },
    alice,
    await pasted(paper),
  );
  const otherUser = await sealed(await begin(bob), alice, await pasted(paper));
  const otherVenue = await sealed(
    await begin(),
    { ...alice, venue: venueId.parse('binance') },
    await pasted(paper),
  );
  const otherLabel = await sealed(await begin(), { ...alice, label: 'spare' }, await pasted(paper));
  return {
    otherNonce: await into(alice),
    otherUser: await into(bob),
    sealedForOtherVault: await handIn(otherVault),
    sealedForOtherUser: await handIn(otherUser),
    sealedForOtherVenue: await handIn(otherVenue),
    sealedForOtherLabel: await handIn(otherLabel),
    right: await handIn(blob),
    again: await handIn(blob),
  };
}

const refusedMisuse = {
  otherNonce: 'seal-refused',
  otherUser: 'seal-refused',
  sealedForOtherVault: 'seal-refused',
  sealedForOtherUser: 'seal-refused',
  sealedForOtherVenue: 'seal-refused',
  sealedForOtherLabel: 'seal-refused',
  right: 'key',
  again: 'enrolment-unknown',
};

test('a blob for another user, venue, label, vault or enrolment is refused, and the right one works once', async (t) => {
  assert.deepEqual(await misuse(await start(t)), refusedMisuse);
});

test('a gate that does not look at the tag, or keeps an enrolment open, takes what it must not', async (t) => {
  const folder = folderFor(t);
  const file = await gateFile();
  const blind = plant(folder, file, { from: /timingSafeEqual\d*\(again, \w+\)/u, to: 'true' });
  const { sealedForOtherUser, sealedForOtherLabel } = await misuse(await start(t, blind));
  assert.deepEqual(
    { sealedForOtherUser, sealedForOtherLabel },
    { sealedForOtherUser: 'key', sealedForOtherLabel: 'key' },
  );
  const open = plant(folder, file, {
    from: /(?<=#open\.get\(name\);\s+)this\.#open\.delete\(name\);/u,
    to: '',
  });
  assert.equal((await misuse(await start(t, open))).again, 'key-bound-otherwise');
});

test('one key is connected once, by one user, even after another tries', async (t) => {
  const { ask, begin, paper } = await start(t);
  const key = await pasted(paper);
  const seal = async (about: typeof alice): Promise<string> =>
    codeOf(
      await ask({ kind: 'keySeal', assertion: null, blob: await sealed(await begin(about), about, key) }),
    );
  assert.equal(await seal(alice), 'key');
  assert.equal(await seal(bob), 'key-of-another');
  assert.equal(await seal(alice), 'key-bound-otherwise');
  const born = await ask({
    kind: 'keyGenerate',
    assertion: null,
    ...bob,
    type: 'ed25519',
    viewRecipient: null,
  });
  assert.ok(born.kind === 'key');
  const apiKeyId = key.apiKeyId.toString();
  assert.equal(
    codeOf(await ask({ kind: 'keyCheck', connection: born.connection, apiKeyId })),
    'key-of-another',
    'the id of another user’s key under a key of one’s own',
  );
});

test('what is no key of its stated type is refused', async (t) => {
  const { ask, begin } = await start(t);
  const recipient = await newViewRecipient();
  const short = generateKeyPairSync('rsa', { modulusLength: 1_024 });
  const secrets = {
    'an RSA key of 1024 bits': {
      type: 'rsa',
      secret: short.privateKey.export({ type: 'pkcs8', format: 'der' }),
    },
    'an RSA key as Ed25519': {
      type: 'ed25519',
      secret: short.privateKey.export({ type: 'pkcs8', format: 'der' }),
    },
    'bytes as Ed25519': { type: 'ed25519', secret: randomBytes(48) },
  } as const;
  for (const [name, { type, secret }] of Object.entries(secrets)) {
    const parts = {
      type,
      secret,
      apiKeyId: randomBytes(16).toString('hex'),
      viewRecipient: recipient.publicKey,
    };
    const blob = await sealSecret(await begin(), alice, { ...parts, apiKeyId: Buffer.from(parts.apiKeyId) });
    assert.equal(codeOf(await ask({ kind: 'keySeal', assertion: null, blob })), 'seal-refused', name);
  }
});

test('random and broken blobs are refused, and the gate lives on', async (t) => {
  const { ask, begin, paper, vault } = await start(t);
  const whole = await sealed(await begin(), alice, await pasted(paper));
  for (let round = 0; round < 400; round++) {
    const blob = Buffer.from(round % 2 === 0 ? randomBytes(1 + (round % 200)) : whole.slice(0, round + 1));
    if (round % 2 === 1) blob[round % blob.length] = (blob[round % blob.length] ?? 0) ^ 0x40;
    assert.match(
      codeOf(await ask({ kind: 'keySeal', assertion: null, blob })),
      /^(?:seal-refused|enrolment-unknown)$/,
    );
  }
  assert.equal(vault.gate.exitCode, null);
});

test('a user begins eight enrolments at once and no more, and leaves room for others', async (t) => {
  const { ask, begin } = await start(t);
  for (let i = 0; i < 8; i++) await begin();
  assert.equal(codeOf(await ask({ kind: 'enrolBegin', ...alice })), 'enrolment-limit');
  await begin(bob);
});

test('an RSA key is made in the vault while other requests are answered', async (t) => {
  const { ask } = await start(t);
  let answered = 0;
  const making = ask({ kind: 'keyGenerate', assertion: null, ...alice, type: 'rsa', viewRecipient: null });
  const ended = making.then(() => true);
  while (!(await Promise.race([ended, ask({ kind: 'head' }).then(() => false)]))) answered += 1;
  const made = await making;
  assert.ok(made.kind === 'key');
  const publicKey = createPublicKey(made.publicKeyPem ?? '');
  assert.equal(publicKey.asymmetricKeyDetails?.modulusLength, 2_048);
  assert.ok(answered > 0, 'the gate stood still');
});
