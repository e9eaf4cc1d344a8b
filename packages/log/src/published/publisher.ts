/**
 * Publishing a journal: tiles and checkpoint first, then every witness at once, then the checkpoint again with what
 * they signed. Whoever must wait for the witnesses waits here, and fails closed.
 */
import { join } from 'node:path';
import { openCosigned } from '../library/open-checkpoint.ts';
import { type Policy, quorumHolds } from '../library/policy.ts';
import { nodePrimitives } from '../node.ts';
import type { Disk } from '../journal/disk.ts';
import type { Head, Journal } from '../journal/journal.ts';
import { WitnessClient, type WitnessOutcome, readWitnessed } from '../witness/witness-client.ts';
import {
  COSIGNED_FOLDER,
  DAYS_PATH,
  cosignedPath,
  dayOf,
  dayRecord,
  formatDays,
  isDay,
} from './cosigned-days.ts';

/** A cosignature this old is renewed even if no leaf came, so that readers see the log is alive. */
const RENEW_MS = 10 * 60_000;

export interface Published extends Head {
  readonly outcomes: readonly WitnessOutcome[];
  /** Whether the policy's quorum signed; always so for `quorum none`. */
  readonly witnessed: boolean;
}

interface Waiter {
  readonly size: number;
  readonly resolve: (note: Uint8Array) => void;
}

export class Publisher {
  readonly #journal: Journal;
  readonly #disk: Disk;
  readonly #policy: Policy;
  readonly #client: WitnessClient;
  readonly #clock: () => number;
  #last: { readonly size: number; readonly note: Uint8Array; readonly atMs: number } | undefined;
  /** The newest day that the list of days names, as far as this process wrote it. */
  #listedDay = '';
  #running: Promise<Published> | undefined;
  #waiters: Waiter[] = [];

  constructor(journal: Journal, disk: Disk, policy: Policy, clock: () => number) {
    this.#journal = journal;
    this.#disk = disk;
    this.#policy = policy;
    this.#client = new WitnessClient(policy.witnesses);
    this.#clock = clock;
  }

  /** One round, unless one is under way. The owner calls this at its own rhythm; nothing here has a timer. */
  publish(): Promise<Published> {
    this.#running ??= this.#publish().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Whether a round would change anything. */
  get due(): boolean {
    const last = this.#last;
    return (
      last === undefined || last.size !== this.#journal.head().size || this.#clock() - last.atMs > RENEW_MS
    );
  }

  async #publish(): Promise<Published> {
    const head = this.#journal.publish();
    const outcomes = await this.#client.cosign({
      checkpoint: head.checkpoint,
      size: head.size,
      consistency: (from) => this.#journal.consistency(from, head.size),
    });
    await this.#confront(outcomes);
    const signed = outcomes.flatMap((outcome) => (outcome.kind === 'cosigned' ? [outcome] : []));
    const witnessed = quorumHolds(this.#policy, new Set(signed.map((outcome) => outcome.witness.name)));
    const cosigned =
      signed.length === 0
        ? head
        : this.#journal.publish(
            head,
            signed.map((outcome) => outcome.signature),
          );
    if (witnessed) {
      // The same reading that others will do: a policy that we misread must not release anything.
      openCosigned(cosigned.checkpoint, this.#policy, nodePrimitives);
      if (signed.length > 0) await this.#keep(cosigned.checkpoint);
      this.#release(head.size, cosigned.checkpoint);
    }
    return { ...cosigned, outcomes, witnessed };
  }

  /** A witness's word alone stops nothing; a checkpoint that it holds with our own signature does. */
  async #confront(outcomes: readonly WitnessOutcome[]): Promise<void> {
    for (const outcome of outcomes) {
      if (outcome.kind !== 'failed' || !outcome.contradicts) continue;
      const tree = await readWitnessed(outcome.witness, this.#journal.key).catch(() => undefined);
      if (tree !== undefined) this.#journal.confront({ ...tree, source: `witness ${outcome.witness.name}` });
    }
  }

  async #keep(note: Uint8Array): Promise<void> {
    const { publicFolder } = this.#journal;
    const folder = join(publicFolder, COSIGNED_FOLDER);
    const today = dayOf(this.#clock());
    this.#disk.makeFolder(folder);
    const day = this.#disk.open(join(publicFolder, cosignedPath(today)));
    day.write(dayRecord(note), day.size());
    await day.sync();
    day.close();
    if (today === this.#listedDay) return;
    // From the folder, so that a day that a crash kept off the list comes onto it.
    this.#disk.replace(join(publicFolder, DAYS_PATH), formatDays(this.#disk.list(folder).filter(isDay)));
    this.#listedDay = today;
  }

  #release(size: number, note: Uint8Array): void {
    this.#last = { size, note, atMs: this.#clock() };
    const ready = this.#waiters.filter((waiter) => waiter.size <= size);
    this.#waiters = this.#waiters.filter((waiter) => waiter.size > size);
    for (const waiter of ready) waiter.resolve(note);
  }

  /**
   * A checkpoint of at least `size` leaves with the quorum's cosignatures: what loosening a mandate, thawing,
   * rotating, destroying and the first use of a key wait for. Starts a round; waits until `signal` aborts.
   */
  witnessed(size: number, signal: AbortSignal): Promise<Uint8Array> {
    if (this.#last !== undefined && this.#last.size >= size) return Promise.resolve(this.#last.note);
    return new Promise((resolve, reject) => {
      const waiter = { size, resolve };
      this.#waiters.push(waiter);
      signal.addEventListener('abort', () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        reject(new Error('the witnesses did not reach their quorum in time; nothing was released'));
      });
      // A round that was under way may have begun too early for this size; a failed one leaves the waiter to the next,
      // and in the end to its signal.
      const again = (): Promise<Published> | undefined =>
        this.#waiters.includes(waiter) ? this.publish() : undefined;
      void this.publish()
        .then(again)
        .catch(() => undefined);
    });
  }
}
