import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCbor } from '../src/index.ts';
import * as protocol from '../src/protocol/index.ts';
import type {
  Attachment,
  BuilderAnswer,
  BuilderRequest,
  BuildMethod,
  FreezeReason,
  FreezeScope,
  GateRefusal,
  GateResult,
  Intent,
  JournalAnswer,
  JournalRefusal,
  JournalRequest,
  LeafPayload,
  StreamEvent,
  StreamTarget,
} from '../src/protocol/index.ts';
import { differences, type Neutral, toNeutral } from './_neutral.ts';
import { codecOf, vectorSets } from './_protocol-sets.ts';
import { failures } from './_protocol-vectors.ts';

for (const set of vectorSets) {
  const { name, root, vectors } = set;
  const codec = codecOf(protocol, set);

  test(`${name}: good vectors say what they say in the only way, bad ones are refused by field`, () => {
    assert.deepEqual([...failures(codec, root, vectors)], []);
  });

  test(`${name}: a change of any one field of a vector is caught by that field's name`, () => {
    for (const { name: title, bytes, value } of vectors.good) {
      const seen = toNeutral(codec.decode(decodeCbor(bytes), root));
      if (typeof value !== 'object' || value === null) {
        assert.deepEqual(differences(seen, changed(value), 'whole'), ['whole'], title);
        continue;
      }
      for (const [field, is] of Object.entries(value as Readonly<Record<string, Neutral>>)) {
        const planted: Neutral = { ...(value as Readonly<Record<string, Neutral>>), [field]: changed(is) };
        assert.deepEqual(differences(seen, planted), [field], `${title}: ${field}`);
      }
    }
  });
}

function changed(value: Neutral): Neutral {
  if (typeof value === 'number') return value === 0 ? 1 : value - 1;
  if (typeof value === 'string') return value === '' ? 'planted' : value.slice(1);
  return Array.isArray(value) ? [...(value as readonly Neutral[]), 'ff'] : 'planted';
}

/** Every value that stands anywhere in the good vectors of a set under a field of this name. */
function valuesOf(setName: string, field: string): ReadonlySet<Neutral> {
  const found = new Set<Neutral>();
  const walk = (value: Neutral): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value as Readonly<Record<string, Neutral>>)) {
      if (name === field) found.add(inner);
      walk(inner);
    }
  };
  for (const { name, vectors } of vectorSets)
    if (name === setName) vectors.good.forEach((v) => walk(v.value));
  return found;
}

// Written out by type, so that a kind without a vector does not compile or does not pass.
const yes = true;
const journalRequests: Readonly<Record<JournalRequest['kind'], true>> = {
  append: yes,
  head: yes,
  read: yes,
  prove: yes,
  witnessed: yes,
};
const journalAnswers: Readonly<Record<JournalAnswer['kind'], true>> = {
  receipt: yes,
  head: yes,
  proof: yes,
  entries: yes,
  refused: yes,
};
const intents: Readonly<Record<Intent['kind'], true>> = {
  orderCreate: yes,
  orderCancel: yes,
  orderGet: yes,
  keyGenerate: yes,
  keyCheck: yes,
  keySeal: yes,
  keyRotate: yes,
  keyDestroy: yes,
  attest: yes,
  enrolBegin: yes,
  useGet: yes,
  head: yes,
  orderCancelAll: yes,
  balances: yes,
  ordersOpen: yes,
  ordersHistory: yes,
  tradesHistory: yes,
  streamOpen: yes,
  streamClose: yes,
  ownerAdd: yes,
  ownerRemove: yes,
  mandatePropose: yes,
  mandateApprove: yes,
  freeze: yes,
  thaw: yes,
  challenge: yes,
  securityState: yes,
};
const gateResults: Readonly<Record<GateResult['kind'] | StreamEvent['kind'], true>> = {
  streamEvent: yes,
  opened: yes,
  lost: yes,
  order: yes,
  fill: yes,
  balances: yes,
  orders: yes,
  trades: yes,
  use: yes,
  key: yes,
  permissions: yes,
  head: yes,
  refused: yes,
  enrolment: yes,
  attestation: yes,
  challenge: yes,
  mandate: yes,
  security: yes,
  done: yes,
};
/** Kinds of what a freeze covers: a union inside intents and results. */
const scopes: Readonly<Record<FreezeScope['kind'], true>> = { connection: yes, user: yes, everything: yes };
const reasons: Readonly<Record<FreezeReason, true>> = {
  asked: yes,
  'wire-check': yes,
  'mandate-refusals': yes,
  'permission-change': yes,
  'clock-jump': yes,
  'log-mismatch': yes,
  'store-rollback': yes,
  restored: yes,
};
const builderRequests: Readonly<Record<BuilderRequest['kind'] | BuildMethod['kind'], true>> = {
  build: yes,
  orderCreate: yes,
  orderCancel: yes,
  orderGet: yes,
  permissions: yes,
  orderCancelAll: yes,
  balances: yes,
  ordersOpen: yes,
  ordersHistory: yes,
  tradesHistory: yes,
  orderGetClosed: yes,
};
const builderAnswers: Readonly<Record<BuilderAnswer['kind'], true>> = {
  built: yes,
  failed: yes,
};
const targets: Readonly<Record<StreamTarget['kind'], true>> = {
  journal: yes,
  builder: yes,
  venue: yes,
  worker: yes,
};
const leafKinds: Readonly<Record<LeafPayload['kind'], true>> = {
  seal: yes,
  sign: yes,
  result: yes,
  readOpen: yes,
  readClose: yes,
  heartbeat: yes,
  mandate: yes,
  freeze: yes,
  thaw: yes,
  destroy: yes,
  rotate: yes,
};
const attachments: Readonly<Record<Attachment, true>> = { journal: yes, builder: yes, worker: yes };
const journalCodes: Readonly<Record<JournalRefusal, true>> = {
  stopped: yes,
  diskLow: yes,
  overloaded: yes,
  beyondTree: yes,
  badForm: yes,
  unwitnessed: yes,
};
const gateCodes: Readonly<Record<GateRefusal, true>> = {
  'unknown-connection': yes,
  'unknown-venue': yes,
  'key-not-bound': yes,
  'key-bound-otherwise': yes,
  'key-can-withdraw': yes,
  'key-permission-missing': yes,
  'key-of-another': yes,
  'permissions-changed': yes,
  'key-type': yes,
  'view-key-unclaimed': yes,
  'enrolment-unknown': yes,
  'enrolment-limit': yes,
  'seal-refused': yes,
  'stale-fence': yes,
  'sequence-too-far': yes,
  'id-reused': yes,
  'unknown-intent': yes,
  mandate: yes,
  frozen: yes,
  'not-approved': yes,
  'last-owner': yes,
  'amount-too-long': yes,
  'not-at-venue': yes,
  'price-unknown': yes,
  overloaded: yes,
  unwitnessed: yes,
  'builder-unavailable': yes,
  'wire-check': yes,
  'venue-busy': yes,
  'venue-refused': yes,
  'venue-silent': yes,
};

test('the vectors cover every kind of message and every refusal', () => {
  const covered: readonly (readonly [set: string, field: string, Readonly<Record<string, true>>])[] = [
    ['leaf payloads', 'kind', leafKinds],
    ['journal requests', 'kind', journalRequests],
    ['journal answers', 'kind', journalAnswers],
    ['journal answers', 'code', journalCodes],
    ['gate requests', 'kind', { ...intents, ...scopes }],
    ['gate answers', 'kind', { ...gateResults, ...scopes }],
    ['gate answers', 'reason', reasons],
    ['gate answers', 'code', gateCodes],
    ['builder requests', 'kind', builderRequests],
    ['builder answers', 'kind', builderAnswers],
    ['stream targets', 'kind', targets],
  ];
  for (const [set, field, expected] of covered)
    assert.deepEqual(valuesOf(set, field), new Set(Object.keys(expected)), `${set}: ${field}`);
  const attached = vectorSets.find(({ name }) => name === 'attachments')?.vectors.good;
  assert.deepEqual(new Set(attached?.map(({ value }) => value)), new Set(Object.keys(attachments)));
});

test('a field that may be absent is absent in one vector and present in another', () => {
  const nullable: readonly (readonly [set: string, ...fields: string[]])[] = [
    ['leaf payloads', 'publicKeyHash', 'side', 'type', 'amount', 'price', 'venueOrderId', 'answerHash'],
    ['leaf payloads', 'filled', 'filledAmount', 'stands'],
    ['mandates', 'markets', 'bandBps', 'shareBps', 'validUntilMs'],
    ['gate requests', 'price', 'timeInForce', 'stopPrice', 'trailBps', 'symbol', 'fromId'],
    ['gate requests', 'viewRecipient', 'apiKeyId'],
    ['gate answers', 'publicKeyPem', 'viewKeySealed'],
    ['gate requests', 'price', 'timeInForce', 'assertion'],
    ['gate answers', 'dueMs', 'pending'],
    ['gate answers', 'report', 'venueCode', 'venueSentence', 'receipt', 'viewKey', 'venueOrderId', 'atMs'],
    ['gate answers', 'clientOrderId', 'feeAsset', 'filledQuantity', 'filledAmount'],
    ['builder requests', 'price', 'timeInForce', 'stopPrice', 'trailBps', 'symbol', 'fromId'],
  ];
  for (const [set, ...fields] of nullable) {
    for (const field of fields) {
      const values = valuesOf(set, field);
      assert.ok(values.has(null) && values.size > 1, `${set}: ${field}`);
    }
  }
});
