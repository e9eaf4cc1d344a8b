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

/** A payload without what the chain adds. */
type OmitChain<P> = P extends unknown ? Omit<P, 'seq' | 'prev' | 'atMs' | 'boot'> : never;
export type LeafBody = OmitChain<LeafPayload>;

const hasher = new TreeHasher(nodePrimitives.sha256Into);

export class Chain {
  readonly #key: Key;
  readonly #keys: ChainKeys;
  readonly #boot: Uint8Array;
  #length = 0;
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

  /** Hex tag of the leaf that comes next; null before the venue's id of the key is known. */
  nextTag(): string | null {
    const tag = this.#nextTag();
    return tag === null ? null : hexOf(tag);
  }

  #nextTag(): Uint8Array | null {
    if (this.#length > 0) return chainTag(nodePrimitives, this.#keys, this.#length);
    if (this.#key.apiKeyId === null) return null;
    return sealTag(nodePrimitives.sha256Into, {
      venue: this.#key.venue,
      apiKeyId: this.#key.apiKeyId.toString('latin1'),
      epoch: 0,
    });
  }

  /** Takes the next leaf from the log at start. Throws where it is not this chain's. */
  recover(entry: Uint8Array): LeafPayload {
    const payload = decodeLeafPayload(openLeaf(nodePrimitives, this.#keys, parseLeaf(entry), this.#length));
    if (payload.seq !== this.#length || hexOf(payload.prev) !== hexOf(this.#last)) {
      throw new Error('a leaf that does not continue its chain');
    }
    this.#advance(entry);
    return payload;
  }

  /** Makes the next leaf and takes it to the log, in the order of the calls. */
  write(logbook: Logbook, body: LeafBody): { readonly seq: number; readonly receipt: Promise<LeafReceipt> } {
    const tag = this.#nextTag();
    if (tag === null) throw new Error('a chain cannot begin before its key is bound');
    const seq = this.#length;
    const payload = { ...body, seq, prev: this.#last, atMs: nowMs(), boot: this.#boot } as LeafPayload;
    const leaf = sealLeaf(nodePrimitives, this.#keys, tag, seq, encodeLeafPayload(payload));
    this.#advance(leaf);
    return { seq, receipt: logbook.append(leaf) };
  }

  #advance(leaf: Uint8Array): void {
    this.#last = hasher.leafHash(leaf);
    this.#length += 1;
  }
}
