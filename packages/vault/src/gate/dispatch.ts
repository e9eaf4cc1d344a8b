/** The gate's table of intents: what each one does. There is no other way in. */
import type { ConnectionId } from '@counterfoil/vocabulary';
import type { GateResult, Intent, IntentOf, StreamEvent, UseRecord } from '@counterfoil/vocabulary/protocol';
import type { Attester } from './attest.ts';
import type { Connection } from './connection.ts';
import { type Enrolling, beginEnrolment, generateKey, rotateKey, takeSealed } from './enrol.ts';
import { checkKey, destroyKey } from './keys.ts';
import { readAccount } from './reads.ts';
import { Refusal } from './refusal.ts';
import type { Security } from './security.ts';
import { type Vault, act, askOrder, known, recordOf } from './use.ts';

export interface Gate extends Vault {
  readonly security: Security;
  readonly connections: Map<ConnectionId, Connection>;
  readonly enrolling: Enrolling;
  readonly attest: Attester;
  readonly head: () => Extract<GateResult, { kind: 'head' }>;
}

/** The worker that asks: where the events of its streams go. */
export interface Line {
  readonly tell: (event: StreamEvent) => void;
  /** Ends of the streams that it listens to. */
  readonly streams: Map<ConnectionId, () => void>;
}

/** Carries out an intent, or says why not. */
export async function dispatch(gate: Gate, intent: Intent, line: Line): Promise<GateResult> {
  try {
    return await carryOut(gate, intent, line);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const connection = 'connection' in intent ? gate.connections.get(intent.connection) : undefined;
    if (connection !== undefined) gate.security.afterRefusal(connection, error.code);
    return { kind: 'refused', code: error.code, sentence: error.message };
  }
}

async function carryOut(gate: Gate, intent: Intent, line: Line): Promise<GateResult> {
  switch (intent.kind) {
    case 'orderCreate':
    case 'orderCancel':
    case 'orderCancelAll':
      return use(await act(gate, await ready(gate, intent), intent));
    case 'orderGet':
      return use(await askOrder(gate, await ready(gate, intent), intent.of));
    case 'balances':
    case 'ordersOpen':
    case 'ordersHistory':
    case 'tradesHistory':
      return readAccount(gate, await ready(gate, intent), intent);
    case 'streamOpen':
      return openStream(await ready(gate, intent), line);
    case 'streamClose':
      return closeStream(connectionOf(gate, intent.connection), line);
    case 'useGet':
      return use(await lookUp(gate, connectionOf(gate, intent.connection), intent));
    case 'keyGenerate':
      return generateKey(gate.enrolling, intent);
    case 'keyCheck':
      return check(gate, connectionOf(gate, intent.connection), intent);
    case 'enrolBegin':
      return beginEnrolment(gate.enrolling, intent);
    case 'keySeal':
      return takeSealed(gate.enrolling, intent);
    case 'keyRotate':
      return rotateKey(gate.enrolling, connectionOf(gate, intent.connection), intent);
    case 'keyDestroy':
      return destroy(gate, connectionOf(gate, intent.connection), intent);
    case 'attest':
      return gate.attest(intent.nonce);
    case 'head':
      return gate.head();
    case 'ownerAdd':
    case 'ownerRemove':
    case 'mandatePropose':
    case 'mandateApprove':
    case 'freeze':
    case 'thaw':
    case 'challenge':
    case 'securityState':
      return gate.security.carryOut(intent);
    default:
      return intent satisfies never;
  }
}

/** The first answer is how the stream stands; what happens after it follows under the same id. */
function openStream({ key, stream, venue }: Connection, line: Line): GateResult {
  if (stream === null)
    throw new Refusal('not-at-venue', `${venue.manifest.venue} has no stream here; ask it instead.`);
  line.streams.get(key.connection)?.();
  line.streams.set(key.connection, stream.listen(line.tell));
  return { kind: 'streamEvent', event: { kind: stream.state } };
}

function closeStream({ key }: Connection, line: Line): GateResult {
  line.streams.get(key.connection)?.();
  line.streams.delete(key.connection);
  return { kind: 'streamEvent', event: { kind: 'lost' } };
}

/** The fence rises before the look, so that what is not there now cannot come later from an earlier worker. */
async function lookUp(gate: Gate, connection: Connection, intent: IntentOf<'useGet'>): Promise<UseRecord> {
  connection.uses.raiseFence(intent.of.bot, intent.epoch);
  await connection.uses.pending(intent.of)?.record.catch(() => undefined);
  return recordOf(gate, known(connection, intent.of));
}

function use(record: UseRecord): GateResult {
  return { kind: 'use', use: record };
}

function connectionOf(gate: Gate, id: ConnectionId): Connection {
  const connection = gate.connections.get(id);
  if (connection === undefined) throw new Refusal('unknown-connection', 'No such connection in this vault.');
  return connection;
}

/** Cancels only ever take risk away. An order is refused in its own place, where one that was sent before is known. */
const PASS_FREEZE: ReadonlySet<Intent['kind']> = new Set(['orderCancel', 'orderCancelAll', 'orderCreate']);

function checkFrozen({ standing }: Connection, kind: Intent['kind']): void {
  if (standing.depth === 'everything' && !PASS_FREEZE.has(kind))
    throw new Refusal(
      'frozen',
      'This key is frozen: it cancels orders and does nothing else until it is thawed.',
    );
}

/** A connection whose key may be used for `intent`. */
async function ready(
  gate: Gate,
  intent: Extract<Intent, { readonly connection: ConnectionId }>,
): Promise<Connection> {
  const connection = connectionOf(gate, intent.connection);
  if (connection.key.apiKeyId === null || !connection.chain.sealed) {
    throw new Refusal(
      'key-not-bound',
      'The key has no id at its venue yet: register its public half and check it.',
    );
  }
  gate.security.watchClock(connection);
  checkFrozen(connection, intent.kind);
  // A frozen key cannot be checked, and must still cancel.
  if (!connection.checked && connection.standing.depth !== 'everything') {
    throw new Refusal('key-not-bound', 'The key was not checked since the vault started; check it first.');
  }
  if (connection.standing.pending !== null) await gate.security.settle(connection).catch(() => undefined);
  return connection;
}

function destroy(gate: Gate, connection: Connection, intent: IntentOf<'keyDestroy'>): Promise<GateResult> {
  gate.enrolling.approve(connection.key, intent);
  return destroyKey(gate, gate.enrolling.keyring, gate.connections, connection);
}

async function check(gate: Gate, connection: Connection, intent: IntentOf<'keyCheck'>): Promise<GateResult> {
  checkFrozen(connection, intent.kind);
  const result = await checkKey(gate, gate.enrolling.keyring, connection, intent);
  // The chain has begun: from here on it says itself what is frozen.
  gate.security.sync();
  return result;
}
