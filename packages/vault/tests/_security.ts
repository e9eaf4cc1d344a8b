/** The gate's own decisions on a store in a file and a log in memory, with connections that need no venue. */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { connectionId, userId } from '@counterfoil/vocabulary';
import {
  type GateResult,
  type Intent,
  type LeafPayload,
  encodeLeafPayload,
} from '@counterfoil/vocabulary/protocol';
import type { Connection } from '../src/gate/connection.ts';
import { Limits } from '../src/gate/mandate.ts';
import { Refusal } from '../src/gate/refusal.ts';
import { Security, firstMandate } from '../src/gate/security.ts';
import { Standing } from '../src/gate/standing.ts';
import { Store } from '../src/gate/store.ts';
import { ORIGIN } from './_passkey.ts';

export const VAULT = '0011223344556677';
export const demo = userId.parse('demo');

/** What lives on when a gate ends: its log. The store's file is the caller's. */
export class Log {
  readonly entries: Uint8Array[] = [];
  readonly chains = new Map<string, LeafPayload[]>();
  isWitnessed = true;

  append(leaf: Uint8Array) {
    this.entries.push(leaf);
    return Promise.resolve({ index: this.entries.length - 1, file: '' });
  }

  witnessed(): Promise<void> {
    return this.isWitnessed ? Promise.resolve() : Promise.reject(new Refusal('unwitnessed', 'Not yet.'));
  }
}

export interface Running {
  readonly security: Security;
  readonly connections: ReadonlyMap<string, Connection>;
  /** The result's kind, or the code of the refusal. */
  ask(intent: Intent): Promise<GateResult>;
  of(name: string): Connection;
  stop(): void;
}

export interface Options {
  readonly folder: string;
  readonly log: Log;
  /** Names of connections; those that begin with `live` are at a real venue. */
  readonly names?: readonly string[];
  readonly venueDriftMs?: number | null;
  /** Where owners' browsers stand. */
  readonly origin?: string;
  /** The time that the store was put back. */
  readonly restored?: Uint8Array;
}

/** A start of the gate, as `main.ts` makes it: store, log, what both say. */
export function startSecurity(options: Options): Running {
  const { folder, log, names = ['paper1'], venueDriftMs = 0, origin = ORIGIN, restored } = options;
  const fd = openSync(join(folder, 'store'), constants.O_RDWR | constants.O_CREAT);
  const connections = new Map<Connection['key']['connection'], Connection>();
  for (const name of names) {
    const id = connectionId.parse(name);
    const leaves = log.chains.get(name) ?? [];
    log.chains.set(name, leaves);
    const isPaper = !name.startsWith('live');
    const connection = {
      key: { connection: id, user: demo },
      venue: { manifest: { paper: isPaper }, driftMs: venueDriftMs },
      limits: new Limits(firstMandate(isPaper)),
      standing: new Standing(),
      wasGood: true,
      chain: {
        sealed: true,
        write: (_log: unknown, body: object) => {
          const payload = {
            ...body,
            seq: leaves.length,
            prev: new Uint8Array(32),
            atMs: Date.now(),
            boot: new Uint8Array(8),
          } as LeafPayload;
          encodeLeafPayload(payload);
          leaves.push(payload);
          return { payload };
        },
      },
    } as unknown as Connection;
    if (leaves.length === 0)
      connection.chain.write(log, {
        kind: 'seal',
        venue: 'x',
        viewKeyHash: randomBytes(32),
        publicKeyHash: null,
        mandateHash: connection.limits.hash,
      });
    for (const leaf of leaves) connection.standing.take(leaf);
    connections.set(id, connection);
  }
  const security = new Security({
    store: new Store(fd),
    logbook: log,
    connections,
    vaultId: VAULT,
    origin,
  });
  log.entries.slice().forEach((entry, index) => security.recover(entry, index));
  security.start();
  if (restored !== undefined) security.putBack(restored);
  return {
    security,
    connections,
    ask: async (intent) => {
      try {
        return await security.carryOut(intent as Parameters<Security['carryOut']>[0]);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { kind: 'refused', code: error.code, sentence: error.message };
      }
    },
    of: (name) => {
      const connection = connections.get(connectionId.parse(name));
      if (connection === undefined) throw new Error(`no ${name}`);
      return connection;
    },
    stop: () => closeSync(fd),
  };
}
