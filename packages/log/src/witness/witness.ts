/**
 * A C2SP witness: it cosigns a log's checkpoint only if it extends the last one it cosigned. It trusts no log, and a
 * log's users need not trust it alone: a policy asks for several.
 */
import { parseAddCheckpoint } from '../library/add-checkpoint.ts';
import { type Checkpoint, parseCheckpoint } from '../library/checkpoint.ts';
import { verifyConsistency } from '../library/consistency.ts';
import { LogError } from '../library/error.ts';
import { TreeHasher } from '../library/hashing.ts';
import { type Note, formatNote, formatSignatureLine, parseNote, verifyNote } from '../library/note.ts';
import type { VerifierKey } from '../library/verifier-key.ts';
import { nodePrimitives, sha256Into } from '../node.ts';
import type { Cosigner } from '../signer.ts';
import type { WitnessStore } from './witness-store.ts';

/** The protocol's answers; `body` is text. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly type: 'text/plain' | 'text/x.tlog.size';
  readonly body: string;
}

export interface WitnessOptions {
  readonly store: WitnessStore;
  readonly cosigner: Cosigner;
  /** Keys of the logs that it witnesses; a log's origin is its key's name. */
  readonly logs: readonly VerifierKey[];
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export class Witness {
  readonly #store: WitnessStore;
  readonly #cosigner: Cosigner;
  readonly #logs: ReadonlyMap<string, VerifierKey>;
  readonly #clock: () => number;
  readonly #hasher = new TreeHasher(sha256Into);

  /** Throws `WitnessError` where the state of a log is missing or damaged. */
  constructor({ store, cosigner, logs, clock }: WitnessOptions) {
    this.#store = store;
    this.#cosigner = cosigner;
    this.#logs = new Map(logs.map((key) => [key.name, key]));
    this.#clock = clock;
    for (const origin of this.#logs.keys()) store.last(origin);
  }

  get key(): VerifierKey {
    return this.#cosigner.key;
  }

  get origins(): string[] {
    return [...this.#logs.keys()];
  }

  /** The newest cosigned checkpoint of `origin` with the log's signature; empty before the first. */
  latest(origin: string): Uint8Array {
    return this.#store.note(origin);
  }

  /**
   * Answers an add-checkpoint request. Runs without a pause from reading the state to having replaced it durably, so
   * that of two requests at once the second meets the state that the first left.
   */
  addCheckpoint(body: Uint8Array): WitnessAnswer {
    let request;
    let note: Note;
    let checkpoint: Checkpoint;
    try {
      request = parseAddCheckpoint(body);
      note = parseNote(request.checkpoint);
      checkpoint = parseCheckpoint(note.text);
    } catch (error) {
      return refuse(400, error);
    }
    const logKey = this.#logs.get(checkpoint.origin);
    if (logKey === undefined)
      return refuse(404, new LogError('wrong-origin', 'this log is not witnessed here'));
    try {
      verifyNote(note, [logKey], nodePrimitives);
    } catch (error) {
      return refuse(403, error);
    }
    if (request.oldSize > checkpoint.size)
      return refuse(400, new LogError('size-shrinks', 'old size is over the new one'));
    const last = this.#store.last(checkpoint.origin) ?? { size: 0, root: this.#hasher.emptyRoot() };
    if (request.oldSize !== last.size)
      return { status: 409, type: 'text/x.tlog.size', body: `${last.size}\n` };
    try {
      verifyConsistency(
        this.#hasher,
        last.size,
        checkpoint.size,
        request.consistency,
        last.root,
        checkpoint.root,
      );
      // The empty tree has one root, and a log that starts with another one lies already.
      if (checkpoint.size === 0)
        verifyConsistency(this.#hasher, 0, 0, [], this.#hasher.emptyRoot(), checkpoint.root);
    } catch (error) {
      return refuse(422, error);
    }
    const own = this.#cosigner.cosign(note.text, Math.floor(this.#clock() / 1000));
    const logSignatures = note.signatures.filter((line) => line.name === logKey.name);
    this.#store.set(checkpoint.origin, formatNote({ text: note.text, signatures: [...logSignatures, own] }));
    return { status: 200, type: 'text/plain', body: formatSignatureLine(own) };
  }
}

/** Only refusals of what was sent; a failing disk is not the log's fault and ends the request with an exception. */
function refuse(status: 400 | 403 | 404 | 422, error: unknown): WitnessAnswer {
  if (!(error instanceof LogError)) throw error;
  return { status, type: 'text/plain', body: `${error.message}\n` };
}
