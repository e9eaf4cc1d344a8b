/**
 * Life of a use: fence → mandate → build → wire check → leaf → verified receipt → sign → send → result leaf → answer.
 * A crash anywhere leaves an unknown, which is resolved by asking for the client order id, never by sending again.
 */
import { hash } from 'node:crypto';
import { type ClientOrderId, type Decimal, encodeCbor, toCbor } from '@counterfoil/vocabulary';
import {
  type AccountOrder,
  type BuildMethod,
  type IntentId,
  type IntentOf,
  type LeafPayload,
  type UseRecord,
  intent as intentCodec,
} from '@counterfoil/vocabulary/protocol';
import { askOnce, buildChecked } from './ask-venue.ts';
import type { BuilderClient } from './builder-client.ts';
import { nowMs } from './clock.ts';
import type { Connection } from './connection.ts';
import { deriveClientOrderId } from './keyring.ts';
import type { Logbook } from './logbook.ts';
import { OverLimit } from './mandate.ts';
import { isReadable } from './pointer.ts';
import { reach } from './points.ts';
import { type Reading, readAnswer, standOf } from './read-answer.ts';
import { Refusal } from './refusal.ts';
import { type Use, botHash } from './uses.ts';
import type { VenueAnswer } from './venue-client.ts';
import type { CheckedRequest } from './wire-check.ts';

/** What a use works with besides its connection. */
export interface Vault {
  readonly builder: BuilderClient;
  readonly logbook: Logbook;
}

type Act = IntentOf<'orderCreate' | 'orderCancel' | 'orderCancelAll'>;
type UseMethod = Extract<BuildMethod, { kind: Act['kind'] }>;
type ResultBody = Extract<LeafPayload, { kind: 'result' }>;

/** Acts on an intent once, however often it is asked. Throws `Refusal` where nothing was sent. */
export async function act(vault: Vault, connection: Connection, intent: Act): Promise<UseRecord> {
  const { uses } = connection;
  const intentHash = hashOf(intent);
  const known = uses.find(intent.id);
  if (known !== undefined) {
    if (known.intentHash !== intentHash) throw reused();
    return recordOf(vault, known);
  }
  const pending = uses.pending(intent.id);
  if (pending !== undefined) {
    if (pending.intentHash !== intentHash) throw reused();
    return pending.record;
  }
  checkFence(connection, intent);
  const { venue, key } = connection;
  const record = venue.inTurn(key, () => perform(vault, connection, intent, intentHash));
  uses.setPending(intent.id, { intentHash, record });
  try {
    return await record;
  } finally {
    uses.clearPending(intent.id);
  }
}

async function perform(
  vault: Vault,
  connection: Connection,
  intent: Act,
  intentHash: string,
): Promise<UseRecord> {
  await checkEarly(connection, intent);
  const { method, clientOrderId } = methodOf(connection, intent);
  const checked = await buildChecked(vault.builder, connection, method);
  if (vault.logbook.overloaded)
    throw new Refusal('overloaded', 'The log cannot keep up; nothing was sent. Try again.');

  await reach('before-leaf');
  // In the same turn as the leaf: others may have been signed since the first check.
  const price = checkLimits(connection, intent);
  const { use, receipt } = beginUse(vault, connection, intent, intentHash, { method, clientOrderId, price });
  const { index, file } = await receipt;
  use.leafIndex = index;
  await reach('after-leaf');

  const answer = await send(connection, checked);
  const reading = answer === null ? null : readAnswer(connection.venue.manifest, checked.plan, answer);
  settle(use, reading);
  if (reading?.kind === 'orders') for (const order of reading.orders) learn(vault, connection, order);
  writeResult(vault, connection, use, answer);
  await reach('before-answer');
  return describe(use, file);
}

/** The venue's answer, or null: then the request may have arrived, may still arrive, or may not. */
async function send(connection: Connection, checked: CheckedRequest): Promise<VenueAnswer | null> {
  await reach('before-send');
  const answering = connection.venue.send(checked, connection.key).catch(() => null);
  await reach('after-send');
  return answering;
}

function reused(): Refusal {
  return new Refusal('id-reused', 'This intent id was used for something else; nothing was sent.');
}

/** The epoch is not part of an intent's identity: a fail-over repeats the intent under a higher one. */
function hashOf(intent: Act): string {
  const body = encodeCbor(toCbor(intentCodec, { ...intent, epoch: 0 }));
  return hash('sha256', body).slice(0, 32);
}

function checkFence(connection: Connection, intent: Act): void {
  const refusal = connection.uses.fenceRefusal(intent.id, intent.epoch);
  if (refusal === 'stale-fence') {
    throw new Refusal(
      refusal,
      `Epoch ${intent.epoch} is over: another worker has the bot. Nothing was sent.`,
    );
  }
  if (refusal !== null) {
    throw new Refusal(refusal, `Sequence ${intent.id.seq} is too far from the bot's last; nothing was sent.`);
  }
}

/** Refuses what the mandate forbids before anything is built, and reads the market where that must be known. */
async function checkEarly(connection: Connection, intent: Act): Promise<void> {
  if (intent.kind === 'orderCreate') {
    const { amount, price, stopPrice } = intent;
    if (![amount, price, stopPrice].every((value) => value === null || isReadable(value)))
      throw new Refusal('amount-too-long', 'At most 19 digits, 18 of them decimals; nothing was sent.');
    const { limits, references } = connection;
    orRefuse(() => limits.checkKind(intent, nowMs()));
    if (limits.needsReference(intent)) await references.fresh(intent.symbol);
  }
  checkLimits(connection, intent);
}

/** Throws `Refusal`; returns the price that the order's leaf states. */
function checkLimits({ limits, references, standing }: Connection, intent: Act): Decimal | null {
  return orRefuse(() => {
    if (intent.kind === 'orderCreate' && standing.refuses(intent))
      throw new Refusal(
        'frozen',
        'This key is frozen: it opens nothing until it is thawed. Nothing was sent.',
      );
    if (intent.kind === 'orderCreate') return limits.check(intent, references.known(intent.symbol), nowMs());
    limits.checkCancel(nowMs());
    return null;
  });
}

function orRefuse<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof OverLimit)) throw error;
    // A venue that is silent is not a server that tries what it may not: it does not count towards a freeze.
    if (error.limit === 'reference')
      throw new Refusal(
        'price-unknown',
        'The vault knows no price of the last 5 s for this: the venue is silent, or its book too thin. Nothing was sent.',
      );
    throw new Refusal('mandate', `${error.message}. Nothing was sent.`);
  }
}

/** What is built, and the id under which the use is known: the venue's for orders, only ours for the rest. */
function methodOf(connection: Connection, intent: Act): { method: UseMethod; clientOrderId: ClientOrderId } {
  if (intent.kind === 'orderCancel') {
    const { symbol, clientOrderId } = known(connection, intent.of);
    return { method: { kind: 'orderCancel', symbol, clientOrderId }, clientOrderId };
  }
  const clientOrderId = deriveClientOrderId(
    connection.key,
    intent.id,
    connection.venue.manifest.clientOrderId,
  );
  if (intent.kind === 'orderCancelAll')
    return { method: { kind: 'orderCancelAll', symbol: intent.symbol }, clientOrderId };
  const { kind, symbol, side, type, amount, sizedBy, price, timeInForce, stopPrice, trailBps } = intent;
  const order = { kind, symbol, side, type, amount, sizedBy, price, timeInForce, stopPrice, trailBps };
  return { method: { ...order, clientOrderId }, clientOrderId };
}

/** The use of an earlier intent. Throws `Refusal`. */
export function known(connection: Connection, id: IntentId): Use {
  const use = connection.uses.find(id);
  if (use === undefined && connection.uses.isForgettable(id)) {
    throw new Refusal('sequence-too-far', 'This intent is too old to ask for; the log still has its leaves.');
  }
  if (use === undefined) {
    throw new Refusal(
      'unknown-intent',
      'No key was used for this intent: it was never sent, or is too old to ask for.',
    );
  }
  return use;
}

/** Sign leaf and memory in one turn, so that whoever sees one sees the other. */
function beginUse(
  vault: Vault,
  connection: Connection,
  intent: Act,
  intentHash: string,
  {
    method,
    clientOrderId,
    price,
  }: {
    readonly method: UseMethod;
    readonly clientOrderId: ClientOrderId;
    readonly price: Decimal | null;
  },
) {
  const { validMs } = connection.venue.manifest;
  const { bot, seq: botSeq } = intent.id;
  const create = method.kind === 'orderCreate' ? method : null;
  const { seq, payload, receipt } = connection.chain.write(vault.logbook, {
    kind: 'sign',
    method: method.kind,
    intentHash: Buffer.from(intentHash, 'hex'),
    clientOrderId,
    symbol: method.symbol,
    side: create?.side ?? null,
    type: create?.type ?? null,
    amount: create?.amount ?? null,
    price,
    mandateHash: connection.limits.hash,
    validMs,
    bot: botHash(bot),
    botSeq,
    epoch: intent.epoch,
  });
  const use: Use = {
    method: method.kind,
    intentHash,
    clientOrderId,
    symbol: method.symbol,
    leafSeq: seq,
    leafIndex: null,
    expiresAtMs: nowMs() + validMs,
    state: 'unknown',
    report: null,
    venueCode: null,
    venueSentence: null,
  };
  connection.limits.take(payload);
  connection.uses.begin(botHash(bot), botSeq, intent.epoch, use);
  return { use, receipt };
}

/** What an answer to the request itself means for the use. */
function settle(use: Use, reading: Reading | null): void {
  if (reading === null) return;
  if (reading.kind !== 'error') {
    use.state = 'accepted';
    if (reading.kind === 'taken') use.report = reading.report;
    return;
  }
  use.venueCode = reading.code;
  use.venueSentence = reading.sentence;
  // A duplicate means that this very id is open at the venue: only asking for it can tell how it stands.
  const refused = reading.verdict !== 'unknown' && reading.verdict !== 'duplicate';
  if (refused) use.state = 'rejected';
}

/** The result leaf is queued and not waited for: a sign leaf without one counts fully against the limits. */
function writeResult(vault: Vault, connection: Connection, use: Use, answer: VenueAnswer | null): void {
  const body: Omit<ResultBody, 'seq' | 'prev' | 'atMs' | 'boot'> = {
    kind: 'result',
    of: use.leafSeq,
    outcome: use.state,
    status: answer?.status ?? 0,
    venueOrderId: use.report?.venueOrderId ?? null,
    answerHash: answer === null ? null : hash('sha256', answer.body, 'buffer').subarray(0, 16),
    ...standOf(use.report),
  };
  connection.limits.take(connection.chain.write(vault.logbook, body).payload);
}

/**
 * Asks the venue what became of an order, and settles an unknown by the answer. "No such order" settles it only when
 * the venue's own clock says that the request can no longer be taken.
 */
export async function askOrder(vault: Vault, connection: Connection, id: IntentId): Promise<UseRecord> {
  await connection.uses.pending(id)?.record.catch(() => undefined);
  const use = known(connection, id);
  if (use.method !== 'orderCreate') {
    throw new Refusal('unknown-intent', 'This intent cancels orders: ask for the order itself.');
  }
  await connection.reads.enter('orderGet', use.clientOrderId);
  let { answer, reading } = await findOrder(vault, connection, use, 'orderGet');
  // An order goes from the open ones to the closed ones and never back, so it cannot slip between the two questions.
  const isMissing = reading?.kind === 'error' && reading.verdict === 'unknownOrder';
  if (isMissing && connection.venue.manifest.methods.orderGetClosed !== undefined)
    ({ answer, reading } = await findOrder(vault, connection, use, 'orderGetClosed'));
  const before = use.state;
  if (reading?.kind === 'taken' && reading.report !== null) {
    use.state = 'accepted';
    use.report = reading.report;
  } else if (reading?.kind === 'error' && reading.verdict === 'unknownOrder' && before === 'unknown') {
    // The header is cut to the second, so a further second makes sure.
    const expired = answer.dateMs !== null && answer.dateMs > use.expiresAtMs + 1_000;
    if (expired) use.state = 'notPlaced';
  } else {
    throw new Refusal('venue-refused', 'The venue did not say how the order stands; it stands as it stood.');
  }
  const { filled, stands } = standOf(use.report);
  if (use.state !== before || connection.limits.isNews(use.leafSeq, filled, stands))
    writeResult(vault, connection, use, answer);
  return recordOf(vault, use);
}

async function findOrder(
  vault: Vault,
  connection: Connection,
  { symbol, clientOrderId }: Use,
  kind: 'orderGet' | 'orderGetClosed',
): Promise<{ answer: VenueAnswer; reading: Reading | null }> {
  const { answer, reading } = await askOnce(vault.builder, connection, { kind, symbol, clientOrderId });
  if (answer === null)
    throw new Refusal('venue-silent', 'The venue did not answer; the order stands as it stood.');
  return { answer, reading };
}

/** Takes what the venue says of an order without being asked for it: in its stream, or when all are cancelled. */
export function learn(vault: Vault, connection: Connection, { clientOrderId, report }: AccountOrder): void {
  const use = clientOrderId === null ? undefined : connection.uses.order(clientOrderId);
  if (use === undefined) return;
  const { filled, stands } = standOf(report);
  const isNews = connection.limits.isNews(use.leafSeq, filled, stands);
  // What is known already may be newer: events and answers overtake each other.
  if (use.state === 'accepted' && use.report !== null && !isNews) return;
  const before = use.state;
  use.state = 'accepted';
  use.report = report;
  if (isNews || before !== 'accepted') writeResult(vault, connection, use, null);
}

/** What is known of a use, with its receipt under the newest checkpoint. */
export async function recordOf(vault: Vault, use: Use): Promise<UseRecord> {
  const receipt = use.leafIndex === null ? null : await vault.logbook.prove(use.leafIndex);
  return describe(use, receipt);
}

function describe(use: Use, receipt: string | null): UseRecord {
  const { state, clientOrderId, report, venueCode, venueSentence } = use;
  return { state, clientOrderId, report, venueCode, venueSentence, receipt };
}
