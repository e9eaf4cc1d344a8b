/** WebAuthn ceremonies between their two requests: what was begun, for whom, with which challenge. */
import { randomUUID } from 'node:crypto';
import { HttpProblem } from '../http/problem.ts';

export type Ceremony = { readonly challenge: string } & (
  | { readonly kind: 'register'; readonly name: string; readonly account: string }
  | {
      readonly kind: 'invited';
      readonly owner: string;
      readonly name: string;
      readonly account: string;
      readonly role: 'viewer' | 'trader';
      readonly invitation: Buffer;
    }
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'recover'; readonly owner: string; readonly account: string }
  | { readonly kind: 'add'; readonly owner: string; readonly account: string }
);

/** As long as a person takes with an authenticator, and then some. */
const LASTS_MS = 5 * 60_000;
/** Anybody may begin one, so memory for them is bounded: the oldest make room. */
const OPEN_MAX = 10_000;
/** So many at once: the way to a map's oldest entry leads past all that were deleted before it. */
const FORGOTTEN_AT_ONCE = 500;

export class Ceremonies {
  readonly #open = new Map<string, { readonly ceremony: Ceremony; readonly until: number }>();

  begin(ceremony: Ceremony): string {
    const id = randomUUID();
    this.#open.set(id, { ceremony, until: Date.now() + LASTS_MS });
    if (this.#open.size > OPEN_MAX) this.#forgetOldest();
    return id;
  }

  #forgetOldest(): void {
    let left = FORGOTTEN_AT_ONCE;
    for (const oldest of this.#open.keys()) {
      this.#open.delete(oldest);
      if (--left === 0) return;
    }
  }

  /** Takes the ceremony out: each is finished at most once, well or not. */
  finish<Kind extends Ceremony['kind']>(
    id: string,
    kinds: readonly Kind[],
  ): Extract<Ceremony, { kind: Kind }> {
    const found = this.#open.get(id);
    this.#open.delete(id);
    if (found === undefined || found.until <= Date.now() || !isOf(found.ceremony, kinds)) {
      throw new HttpProblem(
        'refused',
        'This was not begun here, or took longer than five minutes. Begin again.',
      );
    }
    return found.ceremony;
  }
}

function isOf<Kind extends Ceremony['kind']>(
  ceremony: Ceremony,
  kinds: readonly Kind[],
): ceremony is Extract<Ceremony, { kind: Kind }> {
  return kinds.some((kind) => kind === ceremony.kind);
}
