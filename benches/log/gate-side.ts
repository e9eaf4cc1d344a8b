/** What a gate does with its journal: seals leaves, appends them in one batch at a time, verifies every receipt. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  type ChainKeys,
  type KnownTree,
  TreeHasher,
  type VerifierKey,
  chainTag,
  deriveChainKeys,
  parseVerifierKey,
  sealLeaf,
  verifyReceipt,
} from '@counterfoil/log';
import { nodePrimitives, sha256Into } from '@counterfoil/log/node';
import { Caller } from '@counterfoil/wire';
import {
  type JournalAnswer,
  type JournalRequest,
  encodeLeafPayload,
  journalAnswer,
  journalRequest,
} from '@counterfoil/vocabulary/protocol';

const hasher = new TreeHasher(sha256Into);

/** Leaves of one connection, as the gate makes them: payload, commitment, encryption. */
export class LeafMaker {
  readonly #keys: ChainKeys = deriveChainKeys(nodePrimitives, new Uint8Array(32).fill(7));
  #seq = 0;
  #previous: Uint8Array = new Uint8Array(32);

  next(): Uint8Array {
    const seq = ++this.#seq;
    const payload = encodeLeafPayload({
      kind: 'sign',
      seq,
      prev: this.#previous,
      atMs: 1_767_225_600_000 + seq,
      boot: new Uint8Array(8),
      method: 'orderCreate',
      intentHash: new Uint8Array(16),
      clientOrderId: 'v17c3a0f0683d9bd303a597657f7bcff',
      symbol: 'BTCUSDT',
      side: 'buy',
      type: 'limit',
      amount: { units: 12_345n, scale: 5 },
      price: { units: 9_650_012n, scale: 2 },
      mandateHash: new Uint8Array(16),
      validMs: 5_000,
      bot: new Uint8Array(8),
      botSeq: seq,
      epoch: 1,
    });
    const leaf = sealLeaf(
      nodePrimitives,
      this.#keys,
      chainTag(nodePrimitives, this.#keys, seq),
      seq,
      payload,
    );
    this.#previous = hasher.leafHash(leaf);
    return leaf;
  }
}

export interface Latencies {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export function latenciesOf(samples: number[], seconds: number): Latencies {
  const sorted = Float64Array.from(samples).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { perSecond: samples.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** A journal in its own process, reached over its Unix socket. */
export class RemoteJournal {
  readonly #child: ChildProcess;
  readonly #caller: Caller<JournalRequest, JournalAnswer>;
  readonly key: VerifierKey;
  #known: KnownTree = { size: 0, root: hasher.emptyRoot() };

  private constructor(child: ChildProcess, caller: Caller<JournalRequest, JournalAnswer>, key: VerifierKey) {
    this.#child = child;
    this.#caller = caller;
    this.key = key;
  }

  static async start(folder: string, witnesses: string): Promise<RemoteJournal> {
    const program = fileURLToPath(new URL('journal-process.ts', import.meta.url));
    const socketPath = `${folder}.sock`;
    const child = spawn(process.execPath, [program, folder, socketPath, witnesses], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', resolve);
      child.once('exit', () => reject(new Error('the journal process ended')));
    });
    const caller = new Caller(connect(socketPath), journalRequest, journalAnswer);
    return new RemoteJournal(child, caller, parseVerifierKey(sha256Into, line));
  }

  get residentBytes(): number {
    return this.#child.pid === undefined ? 0 : residentBytesOf(this.#child.pid);
  }

  /** One append, verified as the gate verifies it. */
  async append(leaves: readonly Uint8Array[]): Promise<void> {
    const answer = await this.#caller.call((id) => ({
      kind: 'append',
      id,
      leaves,
      knownSize: this.#known.size,
    }));
    if (answer.kind !== 'receipt') throw new Error(`append was answered with ${answer.kind}`);
    this.#known = verifyReceipt(hasher, nodePrimitives, this.key, this.#known, leaves, answer);
  }

  /**
   * Keeps `inFlight` leaves waiting, each asked for again once its receipt is verified. One batch is under way at a
   * time; what becomes ready meanwhile is sealed and forms the next one, as in the gate.
   */
  async run(maker: LeafMaker, inFlight: number, ms: number): Promise<Latencies> {
    const samples: number[] = [];
    const begin = performance.now();
    const make = (count: number) =>
      Array.from({ length: count }, () => ({ from: performance.now(), leaf: maker.next() }));
    let ready = make(Math.ceil(inFlight / 2));
    let free = inFlight - ready.length;
    while (performance.now() - begin < ms) {
      const batch = ready;
      const answered = this.append(batch.map(({ leaf }) => leaf));
      ready = make(free);
      await answered;
      const now = performance.now();
      for (const { from } of batch) samples.push(now - from);
      free = batch.length;
      if (ready.length === 0) {
        ready = make(free);
        free = 0;
      }
    }
    return latenciesOf(samples, (performance.now() - begin) / 1000);
  }

  stop(): Promise<void> {
    this.#caller.close();
    return new Promise((resolve) => this.#child.once('exit', () => resolve()));
  }
}

function residentBytesOf(pid: number): number {
  const status = process.getBuiltinModule('node:fs').readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}
