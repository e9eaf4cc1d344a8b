/**
 * What owners decide: passkeys, mandates, freezes. Everything is durable in the store before it counts, and announced
 * in the log by public leaves that also state how much the store holds, so that a store that forgot something, or a
 * loosening that nobody announced, is found at the next start.
 */
import type { ConnectionId } from '@counterfoil/vocabulary';
import type {
  FreezeReason,
  FreezeScope,
  GateResult,
  IntentOf,
  Mandate,
} from '@counterfoil/vocabulary/protocol';
import { passkeyOf } from './assertion.ts';
import { driftMs, nowMs } from './clock.ts';
import type { Connection } from './connection.ts';
import { Decisions } from './decisions.ts';
import { demoMandate, noMandate } from './demo-mandate.ts';
import { covers, isSame, rank } from './freeze-scope.ts';
import type { Logbook } from './logbook.ts';
import { MandateChanges } from './mandate-changes.ts';
import { mandateHash } from './mandate.ts';
import { type Approved, LOOSENING_MS, Owners } from './owners.ts';
import { Refusal } from './refusal.ts';
import type { SecurityRecord } from './security-record.ts';
import type { Depth } from './standing.ts';
import type { Store } from './store.ts';
import { Window } from './window.ts';

/** Clocks further apart than this are not both right; venues refuse requests at a sixth of it. */
const DRIFT_MS_MAX = 30_000;
/** A program that runs against its limits this often in a minute does not know what it is doing. */
const REFUSALS_PER_MINUTE = 5;
/** What the venue says of a key, and did not say when it was connected. */
const PERMISSION_CHANGES: ReadonlySet<Refusal['code']> = new Set([
  'key-can-withdraw',
  'key-permission-missing',
  'permissions-changed',
]);
const ONE = { units: 1n, scale: 0 };

type Frozen = Extract<SecurityRecord, { kind: 'frozen' }>;

/** What a connection runs under before its owner set limits: paper has a demo, everything else may do nothing. */
export function firstMandate(isPaper: boolean): Mandate {
  return isPaper ? demoMandate : noMandate;
}

export class Security {
  readonly #store: Store;
  readonly #decisions: Decisions;
  readonly #logbook: Pick<Logbook, 'append' | 'witnessed'>;
  readonly #connections: ReadonlyMap<ConnectionId, Connection>;
  readonly #owners: Owners;
  #freezes: Frozen[] = [];
  /** Freezes of which the thaw is decided and not yet in force. */
  readonly #leaving = new WeakSet<Frozen>();
  readonly #mandates: MandateChanges;
  readonly #refusals = new Map<ConnectionId, Window>();

  constructor(about: {
    readonly store: Store;
    readonly logbook: Pick<Logbook, 'append' | 'witnessed'>;
    readonly connections: ReadonlyMap<ConnectionId, Connection>;
    readonly vaultId: string;
    readonly origin: string;
  }) {
    this.#store = about.store;
    this.#decisions = new Decisions(about.store, about.logbook);
    this.#logbook = about.logbook;
    this.#connections = about.connections;
    this.#owners = new Owners(about.vaultId, about.origin);
    this.#mandates = new MandateChanges(this.#decisions, this.#owners, about.logbook);
    for (const record of this.#decisions.all()) this.#apply(record);
  }

  #apply(record: SecurityRecord): void {
    if (record.kind === 'owner') this.#owners.add(record);
    if (record.kind === 'ownerGone') this.#owners.remove(record.credentialId);
    if (record.kind === 'frozen') this.#freezes.push(record);
    if (record.kind === 'thawed')
      this.#freezes = this.#freezes.filter(({ scope }) => !isSame(scope, record.scope));
  }

  #decide(record: SecurityRecord): Promise<number> | null {
    const announced = this.#decisions.take(record);
    this.#apply(record);
    return announced;
  }

  /** Takes a public leaf of the log. */
  recover(entry: Uint8Array, index: number): void {
    this.#decisions.recover(entry, index);
  }

  /** After the log was read: what store and log say differently is frozen. */
  start(): void {
    if (!this.#decisions.start()) void this.#hold({ kind: 'everything' }, 'everything', 'store-rollback');
    for (const connection of this.#connections.values()) {
      const scope = { kind: 'connection', connection: connection.key.connection } as const;
      if (!this.#startOne(connection)) void this.#hold(scope, 'everything', 'store-rollback');
    }
    this.sync();
  }

  /** After `start`: a store that was put back from a copy is frozen, once for every time that it was. */
  putBack(id: Uint8Array): void {
    if (this.#store.records.some((record) => record.kind === 'restored' && sameBytes(record.id, id))) return;
    void this.freeze({ kind: 'everything' }, 'everything', 'restored');
    this.#store.append({ kind: 'restored', id });
  }

  /** The mandate that the chain says is in force, and the one that waits; false where the store does not know it. */
  #startOne(connection: Connection): boolean {
    const { key, limits, standing, chain } = connection;
    const own = this.#decisions
      .all()
      .flatMap((record, i) =>
        record.kind === 'mandate' && record.connection === key.connection
          ? [{ ...record, announced: this.#decisions.announced(i + 1) }]
          : [],
      );
    const isInForce = ({ mandate }: { readonly mandate: Mandate }): boolean =>
      chain.sealed && sameBytes(mandateHash(mandate), standing.leafMandate ?? new Uint8Array());
    const current = own.findLastIndex(isInForce);
    const isKnown = current >= 0 || !chain.sealed || isInForce(limits);
    limits.set(own[current]?.mandate ?? (isKnown ? limits.mandate : noMandate));
    standing.pending = own.slice(current + 1).at(-1) ?? null;
    standing.signed = own.slice(0, current + 1).some(({ approvals }) => approvals > 0);
    return isKnown && rank(standing.leafDepth) <= rank(this.#depthOf(connection));
  }

  /** In force when it returns; announced when the answer resolves. */
  freeze(scope: FreezeScope, depth: Depth, reason: FreezeReason): Promise<unknown> {
    const announced = this.#hold(scope, depth, reason);
    this.sync();
    return announced;
  }

  async #hold(scope: FreezeScope, depth: Depth, reason: FreezeReason): Promise<void> {
    const isKnown = this.#freezes.some(
      (known) => !this.#leaving.has(known) && isSame(known.scope, scope) && rank(known.depth) >= rank(depth),
    );
    if (!isKnown) await this.#decide({ kind: 'frozen', scope, depth, reason, atMs: nowMs() });
  }

  /** Of a log that lies: it is told nothing, and whatever comes after must thaw it first. */
  freezeUnannounced(reason: FreezeReason): void {
    const scope = { kind: 'everything' } as const;
    this.#decisions.takeUnannounced({ kind: 'frozen', scope, depth: 'everything', reason, atMs: nowMs() });
  }

  #depthOf({ key }: Connection): Depth | null {
    const covering = this.#freezes.filter(({ scope }) => covers(scope, key));
    return covering.reduce<Depth | null>(
      (deepest, { depth }) => (rank(depth) > rank(deepest) ? depth : deepest),
      null,
    );
  }

  /** Brings every connection, and its chain once there is one, to the freezes that there are. */
  sync(): void {
    for (const connection of this.#connections.values()) {
      const { standing, chain } = connection;
      standing.depth = this.#depthOf(connection);
      if (!chain.sealed || standing.depth === standing.leafDepth) continue;
      const body =
        standing.depth === null
          ? ({ kind: 'thaw' } as const)
          : ({ kind: 'freeze', depth: standing.depth } as const);
      standing.take(chain.write(this.#logbook, body).payload);
    }
  }

  async #thaw(intent: IntentOf<'thaw'>): Promise<void> {
    const covered = [...this.#connections.values()].filter(({ key }) => covers(intent.scope, key));
    const users = new Set(covered.map(({ key }) => key.user));
    if (intent.scope.kind === 'user') users.add(intent.scope.user);
    const isLive = covered.some(({ venue }) => !venue.manifest.paper);
    const isOwned = [...users].some((user) => this.#owners.of(user).length > 0);
    // Simulated money of nobody in particular: the demo may be thawed by whoever runs it.
    if (isLive || isOwned) this.#owners.approved([...users], intent);
    const before = this.#freezes;
    const announced = this.#decide({ kind: 'thawed', scope: intent.scope });
    const leaving = before.filter((freeze) => !this.#freezes.includes(freeze));
    // Frozen until the witnesses have seen the thaw.
    this.#freezes = before;
    leaving.forEach((freeze) => this.#leaving.add(freeze));
    if (announced !== null) await this.#logbook.witnessed(await announced);
    this.#freezes = this.#freezes.filter((freeze) => !leaving.includes(freeze));
    this.sync();
  }

  /** Takes note of a refusal; some say that something is wrong. */
  afterRefusal({ key, checked, wasGood }: Connection, code: Refusal['code']): void {
    const scope = { kind: 'connection', connection: key.connection } as const;
    if (code === 'wire-check') void this.freeze(scope, 'everything', 'wire-check');
    // A successor that is refused leaves the key in use as it was.
    if (PERMISSION_CHANGES.has(code) && wasGood && !checked)
      void this.freeze(scope, 'everything', 'permission-change');
    if (code !== 'mandate') return;
    const refusals = this.#refusals.get(key.connection) ?? new Window(60_000, 1_000);
    this.#refusals.set(key.connection, refusals);
    refusals.add(nowMs(), ONE);
    if (refusals.total(nowMs()).units >= REFUSALS_PER_MINUTE)
      void this.freeze(scope, 'noNewPositions', 'mandate-refusals');
  }

  /** Freezes a live connection whose clocks disagree. Paper's time is nobody's loss. */
  watchClock({ key, venue }: Connection): void {
    const isWrong = Math.max(driftMs(), venue.driftMs ?? 0) > DRIFT_MS_MAX;
    if (isWrong && !venue.manifest.paper)
      void this.freeze({ kind: 'connection', connection: key.connection }, 'everything', 'clock-jump');
  }

  settle(connection: Connection): Promise<void> {
    return this.#mandates.settle(connection);
  }

  /** Keys of live venues come and go by a passkey, once their user has one: a server could bring its own account. */
  approveKey(user: string, isPaper: boolean, intent: Approved): void {
    if (!isPaper && this.#owners.of(user).length > 0) this.#owners.approved([user], intent);
  }

  async carryOut(
    intent: IntentOf<
      | 'ownerAdd'
      | 'ownerRemove'
      | 'mandatePropose'
      | 'mandateApprove'
      | 'freeze'
      | 'thaw'
      | 'challenge'
      | 'securityState'
    >,
  ): Promise<GateResult> {
    switch (intent.kind) {
      case 'ownerAdd':
        await this.#addOwner(intent);
        return { kind: 'done' };
      case 'ownerRemove':
        await this.#removeOwner(intent);
        return { kind: 'done' };
      case 'mandatePropose':
        return this.#mandates.propose(this.#connection(intent.connection), intent);
      case 'mandateApprove':
        return this.#mandates.approve(this.#connection(intent.connection), intent);
      case 'freeze':
        if (intent.scope.kind === 'connection') this.#connection(intent.scope.connection);
        if (intent.scope.kind === 'user') this.#checkUser(intent.scope.user);
        await this.freeze(intent.scope, intent.depth, 'asked');
        return { kind: 'done' };
      case 'thaw':
        await this.#thaw(intent);
        return { kind: 'done' };
      case 'challenge':
        return { kind: 'challenge', ...this.#owners.challenge() };
      case 'securityState':
        return this.#state(intent.user);
      default:
        return intent satisfies never;
    }
  }

  #connection(id: ConnectionId): Connection {
    const connection = this.#connections.get(id);
    if (connection === undefined)
      throw new Refusal('unknown-connection', 'No such connection in this vault.');
    return connection;
  }

  /** A freeze of somebody who is not here would only fill the store. */
  #checkUser(user: string): void {
    const isKnown = [...this.#connections.values()].some(({ key }) => key.user === user);
    if (!isKnown && this.#owners.of(user).length === 0)
      throw new Refusal('unknown-connection', 'This user has no connection in this vault.');
  }

  async #addOwner(intent: IntentOf<'ownerAdd'>): Promise<void> {
    const { user, credentialId, publicKey, label } = intent;
    try {
      passkeyOf(publicKey);
    } catch {
      throw new Refusal('not-approved', 'This is no ES256, EdDSA or RS256 key of a passkey.');
    }
    if (this.#owners.find(credentialId) !== undefined)
      throw new Refusal('not-approved', 'This passkey is an owner’s already.');
    const isFirst = this.#owners.of(user).length === 0;
    // Whoever rolls a store back to before its first owner must not become it.
    if (isFirst && this.#freezes.some(({ reason }) => reason === 'store-rollback'))
      throw new Refusal('not-approved', 'The store forgot something: restore the newest one first.');
    if (!isFirst) this.#owners.approved([user], intent);
    const isLive = [...this.#connections.values()].some(
      ({ key, venue }) => key.user === user && !venue.manifest.paper,
    );
    const sinceMs = nowMs() + (isLive && !isFirst ? LOOSENING_MS : 0);
    const announced = this.#decide({ kind: 'owner', user, credentialId, publicKey, label, sinceMs });
    if (announced !== null) await this.#logbook.witnessed(await announced);
  }

  async #removeOwner(intent: IntentOf<'ownerRemove'>): Promise<void> {
    const { user, credentialId } = intent;
    this.#owners.approved([user], intent);
    const owners = this.#owners.of(user);
    const isOwner = owners.some((owner) => sameBytes(owner.credentialId, credentialId));
    if (!isOwner) throw new Refusal('not-approved', 'This passkey is not an owner’s.');
    // Without any, the next passkey to come would be trusted on first use.
    const others = owners.filter(
      (owner) => !sameBytes(owner.credentialId, credentialId) && owner.sinceMs <= nowMs(),
    );
    if (others.length === 0)
      throw new Refusal('last-owner', 'This is the last passkey. Add another one first.');
    await this.#decide({ kind: 'ownerGone', user, credentialId });
  }

  #state(user: string): Extract<GateResult, { kind: 'security' }> {
    const own = [...this.#connections.values()].filter(({ key }) => key.user === user);
    return {
      kind: 'security',
      owners: this.#owners
        .of(user)
        .map(({ credentialId, label, sinceMs }) => ({ credentialId, label, sinceMs })),
      connections: own.map(({ key, limits, standing: { signed, pending } }) => ({
        connection: key.connection,
        mandate: limits.mandate,
        hash: limits.hash,
        unsigned: !signed,
        pending: pending === null ? null : { mandate: pending.mandate, dueMs: pending.dueMs },
      })),
      freezes: this.#freezes
        .filter(
          ({ scope }) =>
            own.some(({ key }) => covers(scope, key)) || (scope.kind === 'user' && scope.user === user),
        )
        .map(({ scope, depth, reason, atMs }) => ({ scope, depth, reason, atMs })),
    };
  }
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
