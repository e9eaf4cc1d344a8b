import { isDeepStrictEqual } from 'node:util';
import { isExitTrigger, type Parked } from '@counterfoil/engine';
import { checkFilters, floorToLot, floorToTick, notional, type Price } from '@counterfoil/vocabulary';
import { type SimBot, simMarket } from './bots.ts';
import type { Journal } from './journal.ts';
import type { SimVenue } from './venue.ts';

export type InvariantCode =
  | 'funds-conserved'
  | 'orders-journalled-first'
  | 'one-order-per-intent'
  | 'within-mandate'
  | 'position-protected'
  | 'one-writer'
  | 'restart-changes-nothing'
  | 'books-agree';

/** An invariant that does not hold; the seed replays it. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly code: InvariantCode;

  constructor(code: InvariantCode, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** The account is what it was plus what the fills say, to the last unit. */
export function checkFunds(venue: SimVenue, quoteAtStart: bigint, baseAtStart: bigint): void {
  let quote = quoteAtStart;
  let base = baseAtStart;
  for (const { request, fills } of venue.orders.values()) {
    const sign = request.side === 'buy' ? 1n : -1n;
    for (const fill of fills) {
      quote -= sign * fill.amount + fill.fee;
      base += sign * fill.quantity;
    }
  }
  const { totalQuote, totalBase } = venue.wallet;
  if (quote !== totalQuote || base !== totalBase) {
    throw new Violation(
      'funds-conserved',
      `account has ${totalQuote}/${totalBase}, fills say ${quote}/${base}`,
    );
  }
}

/** Every order at the venue was asked for in the journal, under that name and with that size. */
export function checkOrders(venue: SimVenue, journal: Journal<never>, bot: SimBot, price: Price): void {
  const { asked } = journal;
  for (const [id, { request }] of venue.orders) {
    const intent = asked.get(id);
    if (intent === undefined) {
      const isCopy = [...asked.keys()].some((name) => id.startsWith(name));
      throw new Violation(
        isCopy ? 'one-order-per-intent' : 'orders-journalled-first',
        `${id} is at the venue and not in the journal`,
      );
    }
    if (request.sizing.by !== 'base') throw new Violation('within-mandate', `${id} is not sized in base`);
    const worth = notional(simMarket, request.price ?? price, request.sizing.quantity, 'ceil');
    // Market orders are measured at a later price than they were sized at.
    if (worth > bot.orderMax * 2n || (request.price !== null && worth > bot.orderMax)) {
      throw new Violation('within-mandate', `${id} moves ${worth}, the mandate allows ${bot.orderMax}`);
    }
  }
}

/** Watches that an open position is never without an exit for longer than its deadline. */
export class ProtectionWatch {
  readonly #baseAtStart: bigint;
  #nakedSinceMs: number | null = null;

  constructor(baseAtStart: bigint) {
    this.#baseAtStart = baseAtStart;
  }

  /**
   * One closing order that never arrives costs up to 25 s until that is certain and a pause of 10 to 30 s before
   * the next; the deadline allows four in a row, which no honest network exceeds for long.
   */
  static readonly deadlineMs = 250_000;

  check(venue: SimVenue, parked: readonly Parked[], nowMs: number, price: Price): void {
    const open = venue.wallet.totalBase - this.#baseAtStart;
    const size = open < 0n ? -open : open;
    const { market } = venue;
    const lots = floorToLot(market, size);
    const tradable = checkFilters(market, floorToTick(market, price), lots, 'market') === null;
    // Nobody can place anything while the market is halted; the time to act begins when it opens.
    if (venue.halted) this.#nakedSinceMs = null;
    if (venue.halted) return;
    if (!tradable || hasExit(venue, open > 0n ? 'sell' : 'buy') || parked.some(isExitTrigger)) {
      this.#nakedSinceMs = null;
      return;
    }
    this.#nakedSinceMs ??= nowMs;
    if (nowMs - this.#nakedSinceMs > ProtectionWatch.deadlineMs) {
      throw new Violation(
        'position-protected',
        `${open} base has had no exit since ${this.#nakedSinceMs} ms`,
      );
    }
  }
}

function hasExit(venue: SimVenue, side: 'buy' | 'sell'): boolean {
  for (const { request, state } of venue.orders.values()) {
    if (request.side === side && (state === 'acknowledged' || state === 'partiallyFilled')) return true;
  }
  return false;
}

/** Once a worker has written, none that it replaced writes any more. */
export function checkWriters(journal: Journal<never>): void {
  let highest = 0;
  for (const { epoch } of journal.entries) {
    if (epoch < highest) {
      throw new Violation('one-writer', `worker ${epoch} wrote after worker ${highest} had taken its bot`);
    }
    highest = epoch;
  }
}

export function checkRestart(before: unknown, after: unknown): void {
  if (!isDeepStrictEqual(before, after)) {
    throw new Violation(
      'restart-changes-nothing',
      'replaying the journal gives another state than the one that was running',
    );
  }
}

/** Once everything has arrived, the bot has booked exactly the fills of the venue. */
export function checkBooks(venue: SimVenue, journal: Journal<never>): void {
  const booked = new Set<string>();
  for (const entry of journal.entries) {
    if (entry.kind === 'step' && entry.event.kind === 'orderFilled') booked.add(entry.event.fill.tradeId);
  }
  for (const [id, { fills }] of venue.orders) {
    for (const fill of fills) {
      if (!booked.has(fill.tradeId))
        throw new Violation('books-agree', `trade ${fill.tradeId} of ${id} was never booked`);
    }
  }
}
