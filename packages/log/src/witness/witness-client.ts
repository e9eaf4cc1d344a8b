/** Asking witnesses for cosignatures, all at once, and reading what they saw. */
import { ADD_CHECKPOINT_BYTES_MAX, formatAddCheckpoint, monitoringPath } from '../library/add-checkpoint.ts';
import { LogError } from '../library/error.ts';
import { type NoteSignature, parseNote, parseSignatureLine, verifyNote } from '../library/note.ts';
import { parseDecimal } from '../library/number-text.ts';
import { openCheckpoint } from '../library/open-checkpoint.ts';
import type { PolicyWitness } from '../library/policy.ts';
import type { KnownTree } from '../library/receipt.ts';
import type { VerifierKey } from '../library/verifier-key.ts';
import { nodePrimitives, sha256Into } from '../node.ts';

/** Witnesses answer within milliseconds where they can; a slow one must not hold up the others. */
const ANSWER_MS_MAX = 5_000;

/** What a log offers: its newest signed checkpoint, and proofs to it. */
export interface Offer {
  readonly checkpoint: Uint8Array;
  readonly size: number;
  /** Proof from an older size to `size`. */
  consistency(from: number): readonly Uint8Array[];
}

/** One witness's answer: its cosignature, or why there is none. */
export type WitnessOutcome =
  | { readonly kind: 'cosigned'; readonly witness: PolicyWitness; readonly signature: NoteSignature }
  | {
      readonly kind: 'failed';
      readonly witness: PolicyWitness;
      readonly reason: string;
      /** Whether it says that it saw another or a larger tree. Only a signed one proves that: `readWitnessed`. */
      readonly contradicts: boolean;
    };

class Contradiction extends Error {
  override readonly name = 'Contradiction';
}

/** Remembers what each witness cosigned last, so that the first question is usually the right one. */
export class WitnessClient {
  readonly #witnesses: readonly PolicyWitness[];
  readonly #lastSize = new Map<string, number>();

  /** Witnesses without a URL are left out: somebody else collects their cosignatures. */
  constructor(witnesses: readonly PolicyWitness[]) {
    this.#witnesses = witnesses.filter((witness) => witness.url !== undefined);
  }

  /** Asks every witness at once. Never rejects: a failure is an outcome. */
  cosign(offer: Offer): Promise<WitnessOutcome[]> {
    return Promise.all(
      this.#witnesses.map(async (witness): Promise<WitnessOutcome> => {
        try {
          return { kind: 'cosigned', witness, signature: await this.#ask(witness, offer) };
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          return { kind: 'failed', witness, reason, contradicts: error instanceof Contradiction };
        }
      }),
    );
  }

  async #ask(witness: PolicyWitness, offer: Offer): Promise<NoteSignature> {
    const believed = Math.min(this.#lastSize.get(witness.name) ?? 0, offer.size);
    let answer = await post(witness, offer, believed);
    if (answer.status === 409) {
      const size = parseDecimal(answer.body.replace(/\n$/, ''), `size that ${witness.name} knows`);
      // A witness that knows more than we signed has seen another log under our name.
      if (size > offer.size) {
        throw new Contradiction(`${witness.name} knows ${size} leaves, we have ${offer.size}`);
      }
      answer = await post(witness, offer, size);
    }
    if (answer.status !== 200) {
      const sentence = `${witness.name} answered ${answer.status}: ${answer.body.slice(0, 200).trim()}`;
      throw answer.status === 422 ? new Contradiction(sentence) : new LogError('quorum-missing', sentence);
    }
    const signature = ownLine(witness, offer.checkpoint, answer.body);
    this.#lastSize.set(witness.name, offer.size);
    return signature;
  }
}

/** The line of this witness, once it verifies over what was offered. Others that it may send are not asked for. */
function ownLine(witness: PolicyWitness, checkpoint: Uint8Array, body: string): NoteSignature {
  const { text } = parseNote(checkpoint);
  for (const line of body.split('\n').filter((part) => part !== '')) {
    const signature = parseSignatureLine(line);
    if (signature.name !== witness.key.name) continue;
    verifyNote({ text, signatures: [signature] }, [witness.key], nodePrimitives);
    return signature;
  }
  throw new LogError('unknown-signer', `${witness.name} sent no line of its own`);
}

async function post(
  witness: PolicyWitness,
  offer: Offer,
  oldSize: number,
): Promise<{ status: number; body: string }> {
  const { checkpoint } = offer;
  const body = formatAddCheckpoint({ oldSize, consistency: offer.consistency(oldSize), checkpoint });
  const response = await fetch(urlOf(witness, 'add-checkpoint'), {
    method: 'POST',
    body: Buffer.from(body),
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  });
  return { status: response.status, body: Buffer.from(await readBounded(response)).toString('utf8') };
}

/**
 * The newest tree of the log with `logKey` that `witness` cosigned, or `undefined` where it has none. Rejects where
 * it cannot be reached or lies: then nobody can say whether this log was rolled back.
 */
export async function readWitnessed(
  witness: PolicyWitness,
  logKey: VerifierKey,
): Promise<KnownTree | undefined> {
  const response = await fetch(urlOf(witness, monitoringPath(sha256Into, logKey.name)), {
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  });
  if (response.status === 404) return undefined;
  if (response.status !== 200)
    throw new LogError('quorum-missing', `${witness.name} answered ${response.status}`);
  const note = await readBounded(response);
  const { size, root } = openCheckpoint(note, logKey, nodePrimitives);
  verifyNote(parseNote(note), [witness.key], nodePrimitives);
  return { size, root };
}

function urlOf(witness: PolicyWitness, path: string): string {
  return `${(witness.url ?? '').replace(/\/$/, '')}/${path}`;
}

async function readBounded(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> | undefined = response.body ?? undefined;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > ADD_CHECKPOINT_BYTES_MAX) throw new LogError('bad-note', 'answer too long');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
