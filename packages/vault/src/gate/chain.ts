/** One connection's chain of leaves: numbered, each naming the one before, tags that nobody else can compute. */
import {
  type ChainKeys,
  TreeHasher,
  chainTag,
  deriveChainKeys,
  hexOf,
  openLeaf,
  parseLeaf,
  sealLeaf,
  sealTag,
} from '@counterfoil/log';
import { nodePrimitives } from '@counterfoil/log/node';
import { type LeafPayload, decodeLeafPayload, encodeLeafPayload } from '@counterfoil/vocabulary/protocol';
import { nowMs } from './clock.ts';
import type { Key } from './keyring.ts';
import type { LeafReceipt, Logbook } from './logbook.ts';
import { Refusal } from './refusal.ts';

/** A payload without what the chain adds. */
type OmitChain<P> = P extends unknown ? Omit<P, 'seq' | 'prev' | 'atMs' | 'boot'> : never;
export type LeafBody = OmitChain<LeafPayload>;

const hasher = new TreeHasher(nodePrimitives.sha256Into);

export class Chain {
  readonly #key: Key;
  readonly #keys: ChainKeys;
  readonly #boot: Uint8Array;
  #length = 0;
  #sealIndex: Promise<number> | null = null;
  #asked = false;
  #ended = false;
  #lastAtMs = 0;
  #last: Uint8Array = new Uint8Array(32);

  constructor(key: Key, boot: Uint8Array) {
    this.#key = key;
    this.#keys = deriveChainKeys(nodePrimitives, key.viewKey);
    this.#boot = boot;
  }

  /** Whether the seal leaf is in the log. */
  get sealed(): boolean {
    return this.#length > 0;
  }

  /** Index of the seal leaf in the log, once that is proven; null before it is written. */
  get sealIndex(): Promise<number> | null {
    return this.#sealIndex;
  }

  /** Whether the venue was ever asked with this key: that waits for the seal leaf to be witnessed. */
  get asked(): boolean {
    return this.#asked;
  }

  /** Whether its last leaf says that the key is gone. */
  get ended(): boolean {
    return this.#ended;
  }

  /** How long this chain has said nothing. Before its seal, and after its end, it owes no word. */
  silentMs(atMs: number): number {
    return this.#length === 0 || this.#ended ? 0 : atMs - this.#lastAtMs;
  }

  /** Hex tag of the leaf that comes next; null before the venue's id of the key is known. */
  nextTag(): string | null {
    const tag = this.#nextTag();
    return tag === null ? null : hexOf(tag);
  }

  #nextTag(): Uint8Array | null {
    if (this.#length > 0) return chainTag(nodePrimitives, this.#keys, this.#length);
    const { firstApiKeyId } = this.#key;
    if (firstApiKeyId === null) return null;
    return sealTag(nodePrimitives.sha256Into, {
      venue: this.#key.venue,
      apiKeyId: firstApiKeyId.toString('latin1'),
      epoch: 0,
    });
  }

  /** Takes the next leaf from the log at start. Throws where it is not this chain's. */
  recover(entry: Uint8Array, index: number): LeafPayload {
    const payload = decodeLeafPayload(openLeaf(nodePrimitives, this.#keys, parseLeaf(entry), this.#length));
    if (payload.seq !== this.#length || hexOf(payload.prev) !== hexOf(this.#last)) {
      throw new Error('a leaf that does not continue its chain');
    }
    if (this.#length === 0) this.#sealIndex = Promise.resolve(index);
    this.#advance(entry, payload);
    return payload;
  }

  /** Makes the next leaf and takes it to the log, in the order of the calls. */
  write(
    logbook: Pick<Logbook, 'append'>,
    body: LeafBody,
  ): { readonly seq: number; readonly payload: LeafPayload; readonly receipt: Promise<LeafReceipt> } {
    if (this.#ended) throw new Refusal('unknown-connection', 'This key was destroyed; nothing was sent.');
    const tag = this.#nextTag();
    if (tag === null) throw new Error('a chain cannot begin before its key is bound');
    const seq = this.#length;
    const payload = { ...body, seq, prev: this.#last, atMs: nowMs(), boot: this.#boot } as LeafPayload;
    const leaf = sealLeaf(nodePrimitives, this.#keys, tag, seq, encodeLeafPayload(payload));
    this.#advance(leaf, payload);
    // Nothing waits for a result: a sign leaf without one counts fully.
    const receipt = logbook.append(leaf, payload.kind === 'result');
    if (seq === 0) this.#sealIndex = receipt.then(({ index }) => index);
    return { seq, payload, receipt };
  }

  #advance(leaf: Uint8Array, { kind, atMs }: LeafPayload): void {
    this.#last = hasher.leafHash(leaf);
    this.#length += 1;
    this.#lastAtMs = atMs;
    // Nothing is used before a check read its permissions; a freeze may be written earlier.
    this.#asked ||= kind === 'readOpen';
    this.#ended ||= kind === 'destroy';
  }
}
