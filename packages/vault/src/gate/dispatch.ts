/** The gate's table of intents: what each one does. There is no other way in. */
import type { ConnectionId } from '@counterfoil/vocabulary';
import type { GateResult, Intent, IntentOf, StreamEvent, UseRecord } from '@counterfoil/vocabulary/protocol';
import type { Connection } from './connection.ts';
import { type Enrolling, beginEnrolment, generateKey, takeSealed } from './enrol.ts';
import { checkKey } from './keys.ts';
import { readAccount } from './reads.ts';
import { Refusal } from './refusal.ts';
import { type Vault, act, askOrder, known, recordOf } from './use.ts';

export interface Gate extends Vault {
  readonly connections: ReadonlyMap<ConnectionId, Connection>;
  readonly enrolling: Enrolling;
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
    return { kind: 'refused', code: error.code, sentence: error.message };
  }
}

async function carryOut(gate: Gate, intent: Intent, line: Line): Promise<GateResult> {
  switch (intent.kind) {
    case 'orderCreate':
    case 'orderCancel':
    case 'orderCancelAll':
      return use(await act(gate, ready(gate, intent.connection), intent));
    case 'orderGet':
      return use(await askOrder(gate, ready(gate, intent.connection), intent.of));
    case 'balances':
    case 'ordersOpen':
    case 'ordersHistory':
    case 'tradesHistory':
      return readAccount(gate, ready(gate, intent.connection), intent);
    case 'streamOpen':
      return openStream(ready(gate, intent.connection), line);
    case 'streamClose':
      return closeStream(connectionOf(gate, intent.connection), line);
    case 'useGet':
      return use(await lookUp(gate, connectionOf(gate, intent.connection), intent));
    case 'keyGenerate':
      return generateKey(gate.enrolling, intent);
    case 'keyCheck':
      return checkKey(gate, gate.enrolling.keyring, connectionOf(gate, intent.connection), intent);
    case 'enrolBegin':
      return beginEnrolment(gate.enrolling, intent);
    case 'keySeal':
      return takeSealed(gate.enrolling, intent);
    case 'head':
      return gate.head();
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

/** A connection whose key may be used. */
function ready(gate: Gate, id: ConnectionId): Connection {
  const connection = connectionOf(gate, id);
  if (connection.key.apiKeyId === null || !connection.chain.sealed) {
    throw new Refusal(
      'key-not-bound',
      'The key has no id at its venue yet: register its public half and check it.',
    );
  }
  if (!connection.checked) {
    throw new Refusal('key-not-bound', 'The key was not checked since the vault started; check it first.');
  }
  return connection;
}
