/**
 * The gate: the only process that ever holds a secret. Two descriptors: 3 is its door (everything it hears and says),
 * 4 its store. Standard input brings the unlock message once and is closed; standard output says its public key and
 * when it is ready. It opens no file and no socket.
 */
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readSync, closeSync } from 'node:fs';
import { Socket } from 'node:net';
import {
  type KnownTree,
  type Policy,
  type VerifierKey,
  isControlLeaf,
  parsePolicy,
  parseVerifierKey,
} from '@counterfoil/log';
import { nodePrimitives } from '@counterfoil/log/node';
import { type ConnectionId, decodeCbor, encodeCbor, toCbor } from '@counterfoil/vocabulary';
import {
  type GateResult,
  type StreamEvent,
  type StreamTarget,
  type Unlock,
  gateAnswer,
  gateRequest,
  streamTarget,
  unlock,
} from '@counterfoil/vocabulary/protocol';
import {
  type Identity,
  Mux,
  type MuxStream,
  identityOf,
  readMessages,
  secureClient,
  secureServer,
  writeMessage,
} from '@counterfoil/wire';
import { AccountStream } from './account-stream.ts';
import { attester, ownHash } from './attest.ts';
import { BuilderClient } from './builder-client.ts';
import { Chain } from './chain.ts';
import { noEarlierThan } from './clock.ts';
import type { Connection } from './connection.ts';
import { type Gate, dispatch } from './dispatch.ts';
import { Enrolments } from './enrolments.ts';
import { refuseEnvironment, refuseOpenStore, refuseWatchers } from './environment.ts';
import { exit, onExit } from './exit.ts';
import { keepBeating } from './heartbeats.ts';
import { keepChecking } from './key-checks.ts';
import { type Key, Keyring } from './keyring.ts';
import { Logbook } from './logbook.ts';
import { Limits } from './mandate.ts';
import { openVenue } from './open-venue.ts';
import { reach, stopsAtPoints } from './points.ts';
import { ReadWindow } from './read-window.ts';
import { References } from './reference.ts';
import { seal, unseal } from './seal.ts';
import { Security, firstMandate } from './security.ts';
import { Standing } from './standing.ts';
import { sealSelf } from './self-seal.ts';
import { Store } from './store.ts';
import { learn } from './use.ts';
import { Uses } from './uses.ts';
import { type VaultKeys, deriveVaultKeys } from './vault-keys.ts';
import type { VenueClient } from './venue-client.ts';

const DOOR = 3;
const STORE = 4;
/** Above the largest unlock message: sixteen venues with a certificate of 8 kB each, 32 kB of witnesses. */
const UNLOCK_BYTES_MAX = 256 * 1024;
/** Intents of one worker that may be under way: as many as one batch of leaves. A worker that sends more is broken. */
const UNDER_WAY_MAX = 1_024;
/** A minute of a busy account's events; the largest answer is under it. */
const UNREAD_BYTES_MAX = 8 * 1024 * 1024;
/** Where owners' browsers stand, unless the unlock message says otherwise. */
const ORIGIN = 'http://localhost:7331';
/** A tree that was verified is remembered in the store this often, in leaves: a bound on what a rollback could hide. */
const SEEN_EVERY = 256;

process.on('uncaughtException', () => exit('fault'));
process.on('unhandledRejection', () => exit('fault'));
refuseEnvironment();
refuseOpenStore(STORE);
const gateHash = ownHash();
// Sealed first: whoever could attach until then is seen now.
const isolation = sealSelf(refuseWatchers);

function readUnlock(): Unlock {
  const buffer = Buffer.alloc(UNLOCK_BYTES_MAX);
  let length = 0;
  for (;;) {
    const count = readSync(0, buffer, length, buffer.length - length, null);
    if (count === 0) break;
    length += count;
    if (length === buffer.length) exit('unlock-form');
  }
  closeSync(0);
  try {
    return unlock.decode(decodeCbor(buffer.subarray(0, length)), 'unlock');
  } catch {
    exit('unlock-form');
  } finally {
    buffer.fill(0);
  }
}

/** Read before anything is made: genesis pins the text, and the right key would be refused ever after. */
function readLogKey(text: string): VerifierKey {
  try {
    return parseVerifierKey(nodePrimitives.sha256Into, text);
  } catch {
    exit('unlock-form');
  }
}

/** Whose cosignatures this vault waits for: of this log, and of no other that the text may name. */
function readPolicy(settings: Unlock): Policy {
  try {
    const text = `log ${settings.logKey}\n${settings.witnesses ?? 'quorum none\n'}`;
    const policy = parsePolicy(nodePrimitives.sha256Into, text);
    return policy.logs.length === 1 ? policy : exit('unlock-form');
  } catch {
    exit('unlock-form');
  }
}

interface OwnKeys {
  readonly identity: Identity;
  readonly vaultKeys: VaultKeys;
}

/** The vault's own keys: made at genesis, kept sealed, the same ever after. */
function openIdentity(store: Store, settings: Unlock): OwnKeys {
  const genesis = store.records[0];
  if (genesis === undefined) {
    if (!settings.genesis) exit('store-lost');
    const der = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' });
    const own = ownKeys(der);
    const identity = seal(settings.kek, der, 'identity');
    store.append({ kind: 'genesis', vaultId: settings.vaultId, logKey: settings.logKey, identity });
    return own;
  }
  if (genesis.kind !== 'genesis' || genesis.vaultId !== settings.vaultId) exit('store-damaged');
  if (genesis.logKey !== settings.logKey) exit('log-key-changed');
  try {
    const der = unseal(settings.kek, genesis.identity, 'identity');
    const own = ownKeys(der);
    der.fill(0);
    return own;
  } catch {
    exit('store-locked');
  }
}

function ownKeys(der: Buffer): OwnKeys {
  const identity = identityOf(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  return { identity, vaultKeys: deriveVaultKeys(der) };
}

function say(status: Readonly<Record<string, string | boolean>>): void {
  process.stdout.write(`${JSON.stringify(status)}\n`);
}

async function main(): Promise<void> {
  // The launcher hands over what opens the store after it has heard this.
  say({ status: 'sealed', isolation });
  const settings = readUnlock();
  const store = new Store(STORE);
  const logKey = readLogKey(settings.logKey);
  const policy = readPolicy(settings);
  const { identity, vaultKeys } = openIdentity(store, settings);
  const keyring = new Keyring(settings.kek, store, vaultKeys.fingerprint);
  say({ status: 'identity', pin: identity.pin, vault: vaultKeys.hash.toString('hex'), stopsAtPoints });

  const workers = new Set(settings.workerPins);
  let gate: Gate | null = null;
  const mux: Mux = new Mux(new Socket({ fd: DOOR, readable: true, writable: true }), {
    side: 'gate',
    // Nothing is heard before the log is: the switch holds nobody's bytes for long, so early callers come again.
    onStream: (stream) =>
      gate === null ? void stream.destroy() : void serve(stream, identity, workers, gate),
    onClose: () => exit('door-closed'),
  });
  const open = (target: StreamTarget): MuxStream => {
    const stream = mux.open(encodeCbor(toCbor(streamTarget, target)));
    stream.on('error', () => stream.destroy());
    return stream;
  };

  const journal = await secureClient(
    open({ kind: 'journal' }),
    identity,
    new Set([settings.journalPin]),
  ).catch(() => exit('log-lost'));
  const logbook = new Logbook(journal, logKey, policy, rememberIn(store));
  const builder = new BuilderClient(() => open({ kind: 'builder' }));
  const venues = new Map(
    settings.venues.map((setup) => {
      const dial = (host: string, port: number): MuxStream => open({ kind: 'venue', host, port });
      return [setup.venue, openVenue(setup, dial) ?? exit('unlock-form')];
    }),
  );
  const boot = randomBytes(8);
  const connections = new Map<ConnectionId, Connection>();
  const references = new Map<VenueClient, References>();
  const referencesOf = (venue: VenueClient): References => {
    const known = references.get(venue) ?? new References(venue);
    references.set(venue, known);
    return known;
  };
  const connect = (key: Key): Connection => {
    const venue = venues.get(key.venue) ?? exit('unlock-form');
    const chain = new Chain(key, boot);
    const reads = new ReadWindow(chain, logbook);
    const rule = venue.manifest.stream;
    const onEvent = (event: StreamEvent): void => {
      if (event.kind === 'order') learn({ builder, logbook }, connection, event.order);
    };
    const connection: Connection = {
      key,
      chain,
      venue,
      uses: new Uses(),
      limits: new Limits(firstMandate(venue.manifest.paper)),
      standing: new Standing(),
      references: referencesOf(venue),
      reads,
      stream: rule === null ? null : new AccountStream(rule, { key, venue, reads, onEvent }),
      checked: false,
      wasGood: keyring.wasLocked(key) !== undefined,
    };
    connections.set(key.connection, connection);
    return connection;
  };
  keyring.all().forEach(connect);
  const security = new Security({
    store,
    logbook,
    connections,
    vaultId: settings.vaultId,
    origin: settings.origin ?? ORIGIN,
  });
  onExit((reason) => {
    if (reason === 'log-forged') security.freezeUnannounced('log-mismatch');
  });
  await recover(store, logbook, connections, security);
  for (const { key } of [...connections.values()].filter((connection) => connection.chain.ended)) {
    keyring.destroy(key);
    connections.delete(key.connection);
  }
  security.start();
  if (settings.restored !== null) security.putBack(settings.restored);
  keepBeating(connections, logbook);
  keepChecking(connections, { builder, logbook }, keyring, (connection, code) =>
    security.afterRefusal(connection, code),
  );
  gate = {
    builder,
    logbook,
    security,
    connections,
    enrolling: {
      vaultId: settings.vaultId,
      vaultKeys,
      keyring,
      enrolments: new Enrolments(),
      manifestOf: (venue) => venues.get(venue)?.manifest,
      connect: (key) => {
        const connection = connect(key);
        security.sync();
        return connection;
      },
      approve: ({ user, venue }, intent) =>
        security.approveKey(user, venues.get(venue)?.manifest.paper === true, intent),
    },
    attest: attester({
      vaultId: settings.vaultId,
      identity,
      vaultKeys,
      venues: [...venues.keys()],
      gateHash,
      isolation,
    }),
    head: () => ({
      kind: 'head',
      checkpoint: logbook.checkpoint,
      logKey: settings.logKey,
      vaultKeyHash: vaultKeys.hash,
      connections: [...connections.keys()],
    }),
  };
  say({ status: 'ready' });
}

/** Rebuilds chains, uses and limits from the log: the leaves are the gate's write-ahead log. */
async function recover(
  store: Store,
  logbook: Logbook,
  connections: ReadonlyMap<ConnectionId, Connection>,
  security: Security,
): Promise<void> {
  const seen = store.records.filter((record) => record.kind === 'seen') as readonly KnownTree[];
  const awaited = new Map<string, Connection>();
  const wait = (connection: Connection): void => {
    const tag = connection.chain.nextTag();
    if (tag !== null) awaited.set(tag, connection);
  };
  connections.forEach(wait);
  await logbook.replay(seen, (entry, index) => {
    if (isControlLeaf(entry)) return security.recover(entry, index);
    // Private leaves carry their tag in bytes 4 to 36; nobody else's tag is awaited here.
    const tag = Buffer.from(entry.subarray(4, 36)).toString('hex');
    const connection = awaited.get(tag);
    if (connection === undefined) return;
    awaited.delete(tag);
    const payload = connection.chain.recover(entry, index);
    noEarlierThan(payload.atMs);
    connection.uses.recover(payload, index);
    connection.limits.take(payload);
    connection.standing.take(payload);
    wait(connection);
  });
}

function rememberIn(store: Store): (tree: KnownTree) => void {
  let last = 0;
  return ({ size, root }) => {
    if (size === 0 || (last !== 0 && size - last < SEEN_EVERY)) return;
    last = size;
    store.append({ kind: 'seen', size, root });
  };
}

/** One worker: mutual TLS first, then one intent per request, answered in whatever order they end. */
async function serve(
  stream: MuxStream,
  identity: Identity,
  workers: ReadonlySet<string>,
  gate: Gate,
): Promise<void> {
  stream.on('error', () => stream.destroy());
  const socket = await secureServer(stream, identity, workers).catch(() => null);
  if (socket === null) return;
  let underWay = 0;
  const streams = new Map<ConnectionId, () => void>();
  readMessages(socket, gateRequest, {
    onMessage: ({ id, intent }) => {
      if (underWay >= UNDER_WAY_MAX) return void socket.destroy();
      underWay += 1;
      const answer = (result: GateResult): void => {
        // A worker that does not read its events is dropped: it asks again for everything when it is back.
        if (socket.writableLength > UNREAD_BYTES_MAX) socket.destroy();
        if (!socket.destroyed) writeMessage(socket, gateAnswer, { id, result });
      };
      const tell = (event: StreamEvent): void => answer({ kind: 'streamEvent', event });
      void dispatch(gate, intent, { tell, streams }).then(async (result) => {
        underWay -= 1;
        answer(result);
        await reach('after-answer');
      });
    },
    onClose: () => {
      for (const end of streams.values()) end();
      socket.destroy();
    },
  });
}

await main();
