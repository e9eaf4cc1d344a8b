/** Enrolments that were begun: each lets one sealed secret in, once. Memory alone holds them; a restart ends them. */
import { createHash, randomBytes } from 'node:crypto';
import { type EnrolmentContext, NONCE_BYTES } from '@counterfoil/vocabulary';
import type { IntentOf } from '@counterfoil/vocabulary/protocol';
import { nowMs } from './clock.ts';
import { Refusal } from './refusal.ts';

/** Time to find a key at an exchange and paste it. */
const ENROLMENT_MS = 15 * 60_000;
/** Open enrolments of one user: several tabs; one user cannot take the room of others. */
const PER_USER_MAX = 8;
/** Open enrolments in all: under 1 MB. */
const ENROLMENTS_MAX = 4_096;

interface Enrolment extends EnrolmentContext {
  readonly about: IntentOf<'enrolBegin'>;
  readonly endsAtMs: number;
}

export class Enrolments {
  readonly #open = new Map<string, Enrolment>();

  /** A new one-time nonce. Throws `Refusal` where too many are open. */
  begin(about: IntentOf<'enrolBegin'>): Uint8Array {
    const atMs = nowMs();
    for (const [nonce, { endsAtMs }] of this.#open) if (endsAtMs <= atMs) this.#open.delete(nonce);
    const ofUser = [...this.#open.values()].filter(({ user }) => user === about.user).length;
    if (ofUser >= PER_USER_MAX || this.#open.size >= ENROLMENTS_MAX)
      throw new Refusal(
        'enrolment-limit',
        'Too many keys are being entered. Finish one, or wait 15 minutes.',
      );
    const nonce = randomBytes(NONCE_BYTES);
    const { user, venue, label } = about;
    this.#open.set(hash(nonce), { about, user, venue, label, nonce, endsAtMs: atMs + ENROLMENT_MS });
    return nonce;
  }

  /** Ends the enrolment of a nonce, whatever comes of it. Throws `Refusal` where there is none. */
  take(nonce: Uint8Array): Enrolment {
    const name = hash(nonce);
    const enrolment = this.#open.get(name);
    this.#open.delete(name);
    if (enrolment === undefined || enrolment.endsAtMs <= nowMs())
      throw new Refusal('enrolment-unknown', 'This enrolment is over, or was never begun. Begin again.');
    return enrolment;
  }
}

/** A look-up by hash takes no longer for a nonce that is nearly right. */
function hash(nonce: Uint8Array): string {
  return createHash('sha256').update(nonce).digest('hex');
}
