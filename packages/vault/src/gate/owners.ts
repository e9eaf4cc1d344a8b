/** Whose passkeys count, and what they have just approved. */
import { createHash, randomBytes } from 'node:crypto';
import { type Assertion, type Intent, approvalText } from '@counterfoil/vocabulary/protocol';
import { AssertionError, verifyAssertion } from './assertion.ts';
import { nowMs } from './clock.ts';
import { Refusal } from './refusal.ts';

/** Time for an owner to see, on another device, that somebody loosens a limit, and to freeze. */
export const LOOSENING_MS = 24 * 60 * 60 * 1_000;
/** Time to read what is approved and to touch the key. */
const NONCE_MS = 5 * 60_000;
/** Numbers that are out at once; the oldest is forgotten for a newer one. */
const NONCES_MAX = 256;

export interface Owner {
  readonly user: string;
  readonly credentialId: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly label: string;
  /** From when on it may approve. */
  readonly sinceMs: number;
}

/** An intent that a passkey may approve. */
export type Approved = Extract<Intent, { readonly assertion: Assertion | null }>;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export class Owners {
  readonly #vaultId: string;
  readonly #origin: string;
  readonly #owners = new Map<string, Owner>();
  readonly #nonces = new Map<string, number>();
  /** The last counter of each authenticator since this start. */
  readonly #counters = new Map<string, number>();

  constructor(vaultId: string, origin: string) {
    this.#vaultId = vaultId;
    this.#origin = origin;
  }

  add(owner: Owner): void {
    this.#owners.set(hex(owner.credentialId), owner);
  }

  remove(credentialId: Uint8Array): void {
    this.#owners.delete(hex(credentialId));
  }

  find(credentialId: Uint8Array): Owner | undefined {
    return this.#owners.get(hex(credentialId));
  }

  of(user: string): readonly Owner[] {
    return [...this.#owners.values()].filter((owner) => owner.user === user);
  }

  challenge(): { readonly vaultId: string; readonly nonce: Uint8Array } {
    const [oldest] = this.#nonces.keys();
    if (oldest !== undefined && this.#nonces.size >= NONCES_MAX) this.#nonces.delete(oldest);
    const nonce = randomBytes(32);
    this.#nonces.set(hex(nonce), nowMs() + NONCE_MS);
    return { vaultId: this.#vaultId, nonce };
  }

  /** Which owner of one of `users` approved exactly this. A number is used up by the attempt. Throws `Refusal`. */
  approved(users: readonly string[], intent: Approved): string {
    const { assertion } = intent;
    if (assertion === null) throw new Refusal('not-approved', 'This needs the passkey of an owner.');
    const nonce = hex(assertion.nonce);
    const untilMs = this.#nonces.get(nonce) ?? 0;
    this.#nonces.delete(nonce);
    if (nowMs() >= untilMs)
      throw new Refusal('not-approved', 'The approval is too old, or was used before. Ask for it again.');
    const owner = this.find(assertion.credentialId);
    if (owner === undefined || !users.includes(owner.user) || nowMs() < owner.sinceMs)
      throw new Refusal('not-approved', 'This passkey may not approve that, or not yet.');
    const challenge = createHash('sha256')
      .update(approvalText(this.#vaultId, assertion.nonce, intent))
      .digest();
    this.#count(owner, this.#verify(owner, assertion, challenge));
    return hex(owner.credentialId);
  }

  #verify({ publicKey }: Owner, assertion: Assertion, challenge: Uint8Array): number {
    try {
      return verifyAssertion(assertion, { publicKey, challenge, origin: this.#origin });
    } catch (error) {
      if (!(error instanceof AssertionError)) throw error;
      throw new Refusal('not-approved', `Not approved: ${error.message}.`);
    }
  }

  /** A counter that does not rise is a copy of the key, where the authenticator keeps one at all. */
  #count({ credentialId }: Owner, counter: number): void {
    const before = this.#counters.get(hex(credentialId)) ?? 0;
    if ((counter !== 0 || before !== 0) && counter <= before)
      throw new Refusal('not-approved', 'Not approved: the passkey has counted back, as a copy would.');
    this.#counters.set(hex(credentialId), counter);
  }
}
