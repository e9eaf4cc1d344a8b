/**
 * Finds one connection's leaves in a log by their tags, opens them and follows the chain. Reads the log once, in
 * order; what is missing, doubled, out of order or altered becomes a fault.
 */
import { CborError, CodecError } from '@counterfoil/vocabulary';
import { type LeafPayload, decodeLeafPayload } from '@counterfoil/vocabulary/protocol';
import { ChainRules } from './chain-rules.ts';
import { LogError } from './error.ts';
import {
  type ChainKeys,
  type Leaf,
  type SealedKeyName,
  chainTag,
  deriveChainKeys,
  openLeaf,
  sealTag,
  viewKeyHash,
} from './leaf.ts';
import { type Primitives, equalBytes, hexOf } from './primitives.ts';

/**
 * Tags that are looked for ahead of the last one found. A leaf whose predecessors are missing is seen up to this
 * many later; the gate never has more uses of one key in flight.
 */
const LOOKAHEAD = 1_024;

/** One leaf of the chain, opened. */
export interface ChainLeaf {
  readonly index: number;
  readonly payload: LeafPayload;
}

/** Faults by the check that they fail. */
export interface ChainFaults {
  readonly missing: string[];
  readonly order: string[];
  readonly opening: string[];
  readonly links: string[];
  readonly rules: string[];
  readonly reseal: string[];
}

export class ChainReader {
  readonly leaves: ChainLeaf[] = [];
  readonly faults: ChainFaults = { missing: [], order: [], opening: [], links: [], rules: [], reseal: [] };
  readonly #primitives: Primitives;
  readonly #key: SealedKeyName;
  readonly #viewKey: Uint8Array;
  readonly #keys: ChainKeys;
  readonly #rules = new ChainRules();
  /** By a number made of the tag's first bytes, so that most leaves cost one look-up. */
  readonly #wanted = new Map<number, { readonly tag: Uint8Array; readonly seq: number }>();
  readonly #resealTag: Uint8Array;
  #wantedUpTo = -1;
  #next = 0;
  #previousHash: Uint8Array = new Uint8Array(32);

  constructor(primitives: Primitives, key: SealedKeyName, viewKey: Uint8Array) {
    this.#primitives = primitives;
    this.#key = key;
    this.#viewKey = viewKey;
    this.#keys = deriveChainKeys(primitives, viewKey);
    this.#resealTag = sealTag(primitives.sha256Into, { ...key, epoch: key.epoch + 1 });
    this.#want(LOOKAHEAD);
  }

  #want(upTo: number): void {
    while (this.#wantedUpTo < upTo) {
      const seq = ++this.#wantedUpTo;
      const tag =
        seq === 0
          ? sealTag(this.#primitives.sha256Into, this.#key)
          : chainTag(this.#primitives, this.#keys, seq);
      this.#wanted.set(prefixOf(tag), { tag, seq });
    }
  }

  /** Looks at one private leaf of the log; `leafHash` is a view that is copied where it is kept. */
  see(leaf: Leaf, index: number, leafHash: Uint8Array): void {
    if (equalBytes(leaf.tag, this.#resealTag)) {
      this.faults.reseal.push(`leaf ${index} seals the same key again, epoch ${this.#key.epoch + 1}`);
    }
    const wanted = this.#wanted.get(prefixOf(leaf.tag));
    if (wanted === undefined || !equalBytes(wanted.tag, leaf.tag)) return;
    this.#wanted.delete(prefixOf(leaf.tag));
    const { seq } = wanted;
    if (seq < this.#next)
      this.faults.order.push(`number ${seq} at index ${index} comes after number ${this.#next - 1}`);
    for (let missing = this.#next; missing < seq; missing++)
      this.faults.missing.push(`number ${missing} before number ${seq}`);
    this.#next = Math.max(this.#next, seq + 1);
    this.#want(this.#next + LOOKAHEAD);
    const payload = this.#open(leaf, seq);
    if (payload !== undefined) this.#follow(payload, seq, index);
    this.#previousHash = leafHash.slice();
  }

  #open(leaf: Leaf, seq: number): LeafPayload | undefined {
    try {
      return decodeLeafPayload(openLeaf(this.#primitives, this.#keys, leaf, seq));
    } catch (error) {
      if (!(error instanceof LogError || error instanceof CborError || error instanceof CodecError))
        throw error;
      this.faults.opening.push(error.message);
      return undefined;
    }
  }

  #follow(payload: LeafPayload, seq: number, index: number): void {
    const { links } = this.faults;
    if (payload.seq !== seq) links.push(`leaf ${seq} says it is number ${payload.seq}`);
    if (!equalBytes(payload.prev, this.#previousHash))
      links.push(`leaf ${seq} does not name the leaf before it`);
    if (payload.kind === 'seal') this.#checkSeal(payload);
    this.faults.rules.push(...this.#rules.next(payload));
    this.leaves.push({ index, payload });
  }

  #checkSeal(payload: Extract<LeafPayload, { kind: 'seal' }>): void {
    const hash = viewKeyHash(this.#primitives.sha256Into, this.#viewKey);
    if (!equalBytes(hash, payload.viewKeyHash)) {
      this.faults.opening.push(
        `the seal leaf pins view key ${hexOf(payload.viewKeyHash)}, this one is ${hexOf(hash)}`,
      );
    }
    if (payload.venue !== this.#key.venue) this.faults.links.push(`the seal leaf is for ${payload.venue}`);
  }
}

/** 48 bits of a tag as a number. */
function prefixOf(tag: Uint8Array): number {
  let value = 0;
  for (let i = 0; i < 6; i++) value = value * 256 + (tag[i] ?? 0);
  return value;
}
