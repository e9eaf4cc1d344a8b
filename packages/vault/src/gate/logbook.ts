/**
 * The gate's side of the log: every leaf is proven to be in a signed tree, and every tree to extend the one before,
 * before anything acts on it. One batch is under way at a time; what arrives meanwhile is the next batch.
 */
import type { Duplex } from 'node:stream';
import {
  CompactRange,
  type KnownTree,
  LogError,
  type Policy,
  TreeHasher,
  type VerifierKey,
  equalBytes,
  formatProofFile,
  openCheckpoint,
  openCosigned,
  verifyConsistency,
  verifyInclusion,
  verifyReceipt,
} from '@counterfoil/log';
import { nodePrimitives } from '@counterfoil/log/node';
import { Caller } from '@counterfoil/wire';
import {
  APPEND_LEAVES_MAX,
  type JournalAnswer,
  type JournalRequest,
  READ_ENTRIES_MAX,
  journalAnswer,
  journalRequest,
} from '@counterfoil/vocabulary/protocol';
import { exit } from './exit.ts';
import { Refusal } from './refusal.ts';

/** Leaves that may wait for the next batch; beyond it new uses are refused, because the disk cannot keep up. */
const WAITING_MAX = 4_096;
/**
 * How long a leaf that nothing waits for stays here for company. The next sign leaf mostly takes it along, which saves
 * a batch of its own with a signature to make and to check; a crash meanwhile costs as much as one before the leaf.
 */
const COMPANY_MS = 5;

interface Waiting {
  readonly leaf: Uint8Array;
  readonly resolve: (receipt: LeafReceipt) => void;
}

interface ProofWanted {
  readonly index: number;
  readonly resolve: (file: string) => void;
}

/** Proof that a leaf is in the log. */
export interface LeafReceipt {
  readonly index: number;
  /** A C2SP tlog-proof file with the leaf as its extra data. */
  readonly file: string;
}

export class Logbook {
  readonly #journal: Caller<JournalRequest, JournalAnswer>;
  readonly #logKey: VerifierKey;
  readonly #policy: Policy;
  readonly #hasher = new TreeHasher(nodePrimitives.sha256Into);
  readonly #onSeen: (tree: KnownTree) => void;
  #known: KnownTree;
  /** Leaves below this index lie in a tree that the witnesses have cosigned. */
  #witnessedSize = 0;
  #checkpoint: Uint8Array = new Uint8Array(0);
  #waiting: Waiting[] = [];
  #proofs: ProofWanted[] = [];
  #gathers = false;
  #urgent = false;
  #busy = false;

  /** `policy` names the log with `logKey` alone. */
  constructor(stream: Duplex, logKey: VerifierKey, policy: Policy, onSeen: (tree: KnownTree) => void) {
    this.#journal = new Caller(stream, journalRequest, journalAnswer);
    // Without its log the gate acts on nothing: it ends, and what is under way becomes unknown.
    void this.#journal.closed.then(() => exit('log-lost'));
    this.#logKey = logKey;
    this.#policy = policy;
    this.#onSeen = onSeen;
    this.#known = { size: 0, root: this.#hasher.emptyRoot() };
  }

  get checkpoint(): string {
    return Buffer.from(this.#checkpoint).toString('utf8');
  }

  get overloaded(): boolean {
    return this.#waiting.length >= WAITING_MAX;
  }

  /**
   * Reads the whole log, recomputes its tree, and ends the gate where the signed root, or a tree that this gate has
   * seen before, is another one. `onEntry` gets every entry in order.
   */
  async replay(
    seen: readonly KnownTree[],
    onEntry: (entry: Uint8Array, index: number) => void,
  ): Promise<void> {
    const head = await this.#journal.call((id) => ({ kind: 'head', id, knownSize: 0 }));
    if (head.kind !== 'head') exit('log-lost');
    const signed = this.#open(head.checkpoint);
    if (seen.some((tree) => tree.size > signed.size)) exit('log-behind');
    const range = new CompactRange(this.#hasher);
    const expected = new Map(seen.map((tree) => [tree.size, tree.root]));
    while (range.size < signed.size) {
      const count = Math.min(READ_ENTRIES_MAX, signed.size - range.size);
      const answer = await this.#journal.call((id) => ({ kind: 'read', id, from: range.size, count }));
      if (answer.kind !== 'entries' || answer.entries.length === 0) exit('log-lost');
      for (const entry of answer.entries) {
        range.append(entry);
        const root = expected.get(range.size);
        if (root !== undefined && !equalBytes(root, range.root())) exit('log-forged');
        onEntry(entry, range.size - 1);
      }
    }
    if (range.size !== signed.size || !equalBytes(range.root(), signed.root)) exit('log-forged');
    this.#advance(signed, head.checkpoint);
  }

  /**
   * Resolves once `leaf` is durable and proven. Never rejects: where it cannot be, the gate ends. One that `mayWait`
   * leaves with the next that may not, or a little later.
   */
  append(leaf: Uint8Array, mayWait = false): Promise<LeafReceipt> {
    return new Promise((resolve) => {
      this.#waiting.push({ leaf, resolve });
      if (!mayWait) return this.#now();
      if (this.#gathers) return undefined;
      this.#gathers = true;
      setTimeout(() => {
        this.#gathers = false;
        this.#now();
      }, COMPANY_MS);
    });
  }

  /** The receipt of a leaf that is in the log already, under the newest checkpoint. */
  prove(index: number): Promise<string> {
    return new Promise((resolve) => {
      this.#proofs.push({ index, resolve });
      this.#now();
    });
  }

  #now(): void {
    this.#urgent = true;
    if (!this.#busy) void this.#flush();
  }

  /**
   * Resolves once the quorum of witnesses has cosigned a tree that holds the proven leaf `index` and extends all that
   * this gate knows; at once where no witnesses are configured. What loosens a limit, thaws, rotates or destroys a key,
   * or uses one for the first time, takes effect only after this. Rejects with `Refusal` `unwitnessed`: the leaf
   * stays in the log, and what it announces must not take effect before a later call resolves.
   */
  async witnessed(index: number): Promise<void> {
    if (this.#policy.quorum === undefined || index < this.#witnessedSize) return;
    const known = this.#known;
    if (index >= known.size) throw new Error('only a proven leaf can be witnessed');
    const answer = await this.#journal
      .call((id) => ({ kind: 'witnessed', id, knownSize: known.size }))
      .catch(() => exit('log-lost'));
    if (answer.kind === 'refused' && answer.code === 'unwitnessed') throw unwitnessed();
    if (answer.kind !== 'head') exit('log-lost');
    // The witnesses saw our own tree, not another one in which the leaf lies too.
    const size = this.#forgedUnless(() => {
      const tree = this.#openCosigned(answer.checkpoint);
      verifyConsistency(this.#hasher, known.size, tree.size, answer.consistency, known.root, tree.root);
      return tree.size;
    });
    this.#witnessedSize = Math.max(this.#witnessedSize, size);
  }

  #openCosigned(checkpoint: Uint8Array): KnownTree {
    try {
      return openCosigned(checkpoint, this.#policy, nodePrimitives);
    } catch (error) {
      // A journal that asks other witnesses than this gate trusts is no forger: it has the older settings.
      throw error instanceof LogError && error.code === 'quorum-missing' ? unwitnessed() : error;
    }
  }

  /** One request at a time: each tree is proven from the last, so two answers never race to be it. */
  async #flush(): Promise<void> {
    this.#busy = true;
    while (this.#urgent) {
      const wanted = this.#proofs.shift();
      if (wanted !== undefined) await this.#proveOne(wanted);
      const batch = this.#waiting.splice(0, APPEND_LEAVES_MAX);
      this.#urgent = this.#proofs.length > 0 || this.#waiting.length > 0;
      if (batch.length === 0) continue;
      const known = this.#known;
      const leaves = batch.map(({ leaf }) => leaf);
      const answer = await this.#journal
        .call((id) => ({ kind: 'append', id, leaves, knownSize: known.size }))
        .catch(() => exit('log-lost'));
      // A journal that refuses an append has a hole where our chain continues: start again from what it holds.
      if (answer.kind !== 'receipt') exit('log-lost');
      this.#verify(batch, known, answer);
    }
    this.#busy = false;
  }

  #verify(
    batch: readonly Waiting[],
    known: KnownTree,
    receipt: Extract<JournalAnswer, { kind: 'receipt' }>,
  ): void {
    const leaves = batch.map(({ leaf }) => leaf);
    const tree = this.#forgedUnless(() =>
      verifyReceipt(this.#hasher, nodePrimitives, this.#logKey, known, leaves, receipt),
    );
    this.#advance(tree, receipt.checkpoint);
    batch.forEach(({ leaf, resolve }, i) => {
      const index = receipt.index + i;
      resolve({ index, file: proofFile(index, leaf, receipt.inclusions[i] ?? [], receipt.checkpoint) });
    });
  }

  async #proveOne({ index, resolve }: ProofWanted): Promise<void> {
    const known = this.#known;
    const answer = await this.#journal
      .call((id) => ({ kind: 'prove', id, index, knownSize: known.size }))
      .catch(() => exit('log-lost'));
    if (answer.kind !== 'proof') exit('log-lost');
    const tree = this.#open(answer.checkpoint);
    const leafHash = this.#hasher.leafHash(answer.entry);
    this.#forgedUnless(() => {
      verifyConsistency(this.#hasher, known.size, tree.size, answer.consistency, known.root, tree.root);
      verifyInclusion(this.#hasher, index, tree.size, leafHash, answer.inclusion, tree.root);
    });
    this.#advance(tree, answer.checkpoint);
    resolve(proofFile(index, answer.entry, answer.inclusion, answer.checkpoint));
  }

  #advance(tree: KnownTree, checkpoint: Uint8Array): void {
    this.#known = tree;
    this.#checkpoint = checkpoint;
    this.#onSeen(tree);
  }

  /** A proof that does not hold is a lie of the journal: the gate ends rather than act on it. */
  #forgedUnless<T>(proven: () => T): T {
    try {
      return proven();
    } catch (error) {
      if (error instanceof LogError) exit('log-forged');
      throw error;
    }
  }

  #open(checkpoint: Uint8Array): KnownTree {
    return this.#forgedUnless(() => {
      const { size, root } = openCheckpoint(checkpoint, this.#logKey, nodePrimitives);
      return { size, root };
    });
  }
}

function unwitnessed(): Refusal {
  return new Refusal(
    'unwitnessed',
    'The witnesses of the log did not confirm it in time; nothing changed. Try again when they answer.',
  );
}

function proofFile(
  index: number,
  leaf: Uint8Array,
  inclusion: readonly Uint8Array[],
  checkpoint: Uint8Array,
): string {
  return Buffer.from(formatProofFile({ extra: leaf, index, inclusion, checkpoint })).toString('utf8');
}
