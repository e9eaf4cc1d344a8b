import type { Market, OrderRequest } from '@counterfoil/vocabulary';
import type { Dice } from './dice.ts';
import type { OrderStatus, PlaceAnswer, SimVenue } from './venue.ts';

/** What a worker hears: the venue's word, that nothing happened, or nothing that says what happened. */
export type DoorAnswer = PlaceAnswer | 'overloaded' | 'broken' | 'stale-fence';

/**
 * The way to the venue as a worker meets it. Behind it the gate's fence refuses a worker that a later one has replaced;
 * at times the venue sheds load (429: nothing was done) or breaks (5xx: it may have been done).
 */
export class Door {
  readonly #venue: SimVenue;
  readonly #dice: Dice;
  #overloaded = 0;
  #broken = 0;
  readonly #isFenced: boolean;
  /** What was answered to each id: a copy of the same request gets the same answer and does nothing. */
  readonly #answers = new Map<string, DoorAnswer>();
  #epoch = 0;

  constructor(venue: SimVenue, dice: Dice, isFenced: boolean) {
    this.#isFenced = isFenced;
    this.#venue = venue;
    this.#dice = dice;
  }

  /** Shares of calls that are shed, and that end in an error of the venue's own. */
  set faults({ overloaded, broken }: { readonly overloaded: number; readonly broken: number }) {
    this.#overloaded = overloaded;
    this.#broken = broken;
  }

  place(id: string, request: OrderRequest, epoch: number, nowMs: number): DoorAnswer {
    if (this.#isStale(epoch)) return 'stale-fence';
    const known = this.#answers.get(id);
    if (known !== undefined) return known === 'accepted' ? 'duplicate' : known;
    const answer = this.#answerTo(id, request, nowMs);
    this.#answers.set(id, answer);
    return answer;
  }

  #answerTo(id: string, request: OrderRequest, nowMs: number): DoorAnswer {
    if (this.#dice.chance(this.#overloaded)) return 'overloaded';
    const isBroken = this.#dice.chance(this.#broken);
    if (isBroken && this.#dice.chance(0.5)) return 'broken';
    const answer = this.#venue.place(id, request, nowMs);
    return isBroken ? 'broken' : answer;
  }

  cancel(id: string, epoch: number, nowMs: number): void {
    if (this.#isStale(epoch) || this.#dice.chance(this.#overloaded)) return;
    this.#venue.cancel(id, nowMs);
  }

  /** Raises the fence before it looks, so that what it does not find can never begin. Null: no answer. */
  status(id: string, epoch: number): OrderStatus | null {
    if (this.#isStale(epoch)) return null;
    if (this.#dice.chance(this.#overloaded) || this.#dice.chance(this.#broken)) return null;
    return this.#venue.status(id);
  }

  #isStale(epoch: number): boolean {
    if (this.#isFenced && epoch < this.#epoch) return true;
    this.#epoch = Math.max(epoch, this.#epoch);
    return false;
  }

  refusalOf(id: string): string {
    return this.#venue.refusalOf(id);
  }

  /** The market with the filters of today. */
  get market(): Market {
    return this.#venue.market;
  }
}
