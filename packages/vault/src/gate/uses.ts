/** What the gate knows of a connection's intents: the fences, and what became of each. Rebuilt from the log. */
import { hash } from 'node:crypto';
import { type ClientOrderId, type VenueSymbol, clientOrderId, venueSymbol } from '@counterfoil/vocabulary';
import type { IntentId, LeafPayload, OrderReportPacked, UseRecord } from '@counterfoil/vocabulary/protocol';

/** Sequences of one bot may arrive out of order within this; older ones that are not known are refused. */
const SEQUENCE_SPAN = 1_024;
/** Uses of a bot that are remembered: those that may still arrive late, and as many again to be asked about. */
const REMEMBERED = 2 * SEQUENCE_SPAN;

/** SHA-256 of the bot id cut to 8 bytes, as leaves carry it. */
export function botHash(bot: string): Buffer {
  return hash('sha256', bot, 'buffer').subarray(0, 8);
}

export interface Use {
  readonly method: 'orderCreate' | 'orderCancel' | 'orderCancelAll';
  readonly intentHash: string;
  readonly clientOrderId: ClientOrderId;
  readonly symbol: VenueSymbol;
  /** Number of its sign leaf in the connection's chain. */
  readonly leafSeq: number;
  /** Venue time from which the request can no longer be taken. */
  readonly expiresAtMs: number;
  state: UseRecord['state'];
  report: OrderReportPacked | null;
  venueCode: string | null;
  venueSentence: string | null;
  /** Where its sign leaf is in the log; null until that is proven. */
  leafIndex: number | null;
}

/** An intent that is being acted on: whoever asks for it again waits for the same outcome. */
interface Pending {
  readonly intentHash: string;
  readonly record: Promise<UseRecord>;
}

interface Fence {
  epoch: number;
  highest: number;
}

export type FenceRefusal = 'stale-fence' | 'sequence-too-far' | 'id-reused';

function isUse(method: string): method is Use['method'] {
  return method === 'orderCreate' || method === 'orderCancel' || method === 'orderCancelAll';
}

export class Uses {
  readonly #byId = new Map<string, Use>();
  readonly #byLeaf = new Map<number, Use>();
  readonly #orders = new Map<string, Use>();
  readonly #pending = new Map<string, Pending>();
  readonly #fences = new Map<string, Fence>();

  static #name(bot: Uint8Array, seq: number): string {
    return `${Buffer.from(bot).toString('hex')}/${seq}`;
  }

  find(id: IntentId): Use | undefined {
    return this.#byId.get(Uses.#name(botHash(id.bot), id.seq));
  }

  /** The use that placed an order. */
  order(clientOrderId: string): Use | undefined {
    return this.#orders.get(clientOrderId);
  }

  pending(id: IntentId): Pending | undefined {
    return this.#pending.get(Uses.#name(botHash(id.bot), id.seq));
  }

  /** Whether anything is being acted on. */
  get busy(): boolean {
    return this.#pending.size > 0;
  }

  setPending(id: IntentId, pending: Pending): void {
    this.#pending.set(Uses.#name(botHash(id.bot), id.seq), pending);
  }

  clearPending(id: IntentId): void {
    this.#pending.delete(Uses.#name(botHash(id.bot), id.seq));
  }

  /** Why an intent may not begin a use, or null. Says nothing about one that is known already with the same body. */
  fenceRefusal(id: IntentId, epoch: number): FenceRefusal | null {
    const fence = this.#fences.get(botHash(id.bot).toString('hex'));
    if (fence === undefined) return null;
    if (epoch < fence.epoch) return 'stale-fence';
    return Math.abs(id.seq - fence.highest) > SEQUENCE_SPAN ? 'sequence-too-far' : null;
  }

  /** Refuses every epoch below this one from now on. */
  raiseFence(bot: string, epoch: number): void {
    this.#raise(botHash(bot), epoch, 0);
  }

  #raise(bot: Uint8Array, epoch: number, seq: number): void {
    const name = Buffer.from(bot).toString('hex');
    const fence = this.#fences.get(name);
    this.#fences.set(name, {
      epoch: Math.max(epoch, fence?.epoch ?? 0),
      highest: Math.max(seq, fence?.highest ?? 0),
    });
  }

  begin(bot: Uint8Array, seq: number, epoch: number, use: Use): void {
    this.#raise(bot, epoch, seq);
    this.#byId.set(Uses.#name(bot, seq), use);
    this.#byLeaf.set(use.leafSeq, use);
    if (use.method === 'orderCreate') this.#orders.set(use.clientOrderId, use);
    this.#forget(bot, seq - REMEMBERED);
  }

  /** What lies that far back is refused by its number; one whose outcome nobody knows stays until it is known. */
  #forget(bot: Uint8Array, seq: number): void {
    const name = Uses.#name(bot, seq);
    const old = this.#byId.get(name);
    if (old === undefined || old.state === 'unknown') return;
    this.#byId.delete(name);
    this.#byLeaf.delete(old.leafSeq);
    if (old.method === 'orderCreate') this.#orders.delete(old.clientOrderId);
  }

  /** Whether an intent is so old that its use may have been forgotten: then its absence says nothing. */
  isForgettable(id: IntentId): boolean {
    const highest = this.#fences.get(botHash(id.bot).toString('hex'))?.highest ?? 0;
    return id.seq <= highest - REMEMBERED;
  }

  /** Takes a leaf of the chain at start: a sign leaf without a result stays unknown. */
  recover(payload: LeafPayload, index: number): void {
    if (payload.kind === 'sign' && isUse(payload.method)) {
      this.begin(payload.bot, payload.botSeq, payload.epoch, {
        method: payload.method,
        intentHash: Buffer.from(payload.intentHash).toString('hex'),
        clientOrderId: clientOrderId.parse(payload.clientOrderId),
        symbol: venueSymbol.parse(payload.symbol),
        leafSeq: payload.seq,
        expiresAtMs: payload.atMs + payload.validMs,
        state: 'unknown',
        report: null,
        venueCode: null,
        venueSentence: null,
        leafIndex: index,
      });
    } else if (payload.kind === 'result') {
      const use = this.#byLeaf.get(payload.of);
      if (use !== undefined) use.state = payload.outcome;
    }
  }
}
