/** How one mandate takes the place of another: tightening at once, loosening with passkeys, notice and delay. */
import type { ConnectionId } from '@counterfoil/vocabulary';
import { loosenings } from '@counterfoil/vocabulary/mandate-change';
import type { GateResult, IntentOf, Mandate } from '@counterfoil/vocabulary/protocol';
import { nowMs } from './clock.ts';
import type { Connection } from './connection.ts';
import type { Decisions } from './decisions.ts';
import { noMandate } from './demo-mandate.ts';
import type { Logbook } from './logbook.ts';
import { mandateHash } from './mandate.ts';
import { LOOSENING_MS, type Owners } from './owners.ts';

type MandateResult = Extract<GateResult, { kind: 'mandate' }>;

export class MandateChanges {
  readonly #decisions: Decisions;
  readonly #owners: Owners;
  readonly #logbook: Pick<Logbook, 'append' | 'witnessed'>;
  /** Who has approved which mandate of a connection so far. */
  readonly #approvals = new Map<ConnectionId, { readonly hash: string; readonly by: Set<string> }>();

  constructor(decisions: Decisions, owners: Owners, logbook: Pick<Logbook, 'append' | 'witnessed'>) {
    this.#decisions = decisions;
    this.#owners = owners;
    this.#logbook = logbook;
  }

  /** Puts what waits into force where its time has come and the witnesses have seen it announced. */
  async settle(connection: Connection): Promise<void> {
    const { standing, limits, chain, venue } = connection;
    const { pending } = standing;
    if (pending === null || nowMs() < pending.dueMs) return;
    // A delay is over when the venue agrees that it is: our own clock alone could have been moved across a restart.
    if (pending.announced !== null && !venue.manifest.paper && venue.driftMs === null) return;
    if (standing.depth !== null && pending.announced !== null) return;
    if (pending.announced !== null) await this.#logbook.witnessed(await pending.announced);
    if (standing.pending !== pending) return;
    limits.set(pending.mandate);
    standing.pending = null;
    standing.signed ||= pending.announced !== null;
    if (chain.sealed)
      standing.take(chain.write(this.#logbook, { kind: 'mandate', mandateHash: limits.hash }).payload);
  }

  async propose(connection: Connection, { mandate }: IntentOf<'mandatePropose'>): Promise<MandateResult> {
    const loosens = loosenings(connection.limits.mandate, mandate);
    if (loosens.length > 0) return this.#described(connection, mandate, loosens, this.#needed(connection));
    const isKnown =
      sameBytes(mandateHash(mandate), connection.limits.hash) && connection.standing.pending === null;
    if (!isKnown) await this.#set(connection, mandate, 0, 0);
    return this.#described(connection, mandate, [], 0);
  }

  async approve(connection: Connection, intent: IntentOf<'mandateApprove'>): Promise<MandateResult> {
    const { key, limits, standing, venue } = connection;
    const by = this.#owners.approved([key.user], intent);
    const loosens = loosenings(limits.mandate, intent.mandate);
    // An approval counts for this mandate in place of the one that is in force now, and for no other.
    const hash = [mandateHash(intent.mandate), limits.hash]
      .map((part) => Buffer.from(part).toString('hex'))
      .join();
    const known = this.#approvals.get(key.connection);
    const approvals = known?.hash === hash ? known : { hash, by: new Set<string>() };
    this.#approvals.set(key.connection, approvals);
    approvals.by.add(by);
    const missing = this.#needed(connection) - approvals.by.size;
    if (missing > 0) return this.#described(connection, intent.mandate, loosens, missing);
    this.#approvals.delete(key.connection);
    const isFirst = !standing.signed && sameBytes(limits.hash, mandateHash(noMandate));
    const waits = loosens.length > 0 && !venue.manifest.paper && !isFirst;
    await this.#set(connection, intent.mandate, nowMs() + (waits ? LOOSENING_MS : 0), approvals.by.size);
    return this.#described(connection, intent.mandate, loosens, 0);
  }

  /** Owners that must approve: as many as the mandate in force says, and never more than there are. */
  #needed({ key, limits }: Connection): number {
    return Math.max(1, Math.min(limits.mandate.approvals, this.#owners.of(key.user).length));
  }

  async #set(connection: Connection, mandate: Mandate, dueMs: number, approvals: number): Promise<void> {
    const record = {
      kind: 'mandate',
      connection: connection.key.connection,
      mandate,
      dueMs,
      approvals,
    } as const;
    const announced = this.#decisions.take(record);
    connection.standing.pending = { mandate, dueMs, announced };
    await announced;
    await this.settle(connection);
  }

  #described(
    { limits, standing }: Connection,
    mandate: Mandate,
    loosens: readonly string[],
    approvals: number,
  ): MandateResult {
    const hash = mandateHash(mandate);
    const waiting = standing.pending;
    const state = sameBytes(hash, limits.hash) ? 'inForce' : approvals > 0 ? 'needsApproval' : 'waits';
    return {
      kind: 'mandate',
      state,
      hash,
      loosens: loosens.slice(0, 128),
      approvals,
      dueMs: state === 'waits' ? (waiting?.dueMs ?? null) : null,
    };
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
