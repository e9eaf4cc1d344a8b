import assert from 'node:assert/strict';
import type { Order } from './order.ts';
import type { PriceBands } from './price-bands.ts';
import { PriceLevels, type Level } from './price-levels.ts';
import { Tape } from './tape.ts';
import { UNITS_PER_ONE } from './units.ts';

/** Where the prices of a market come from. Every answer that can carry a label says so. */
type MarketSource = 'synthetic' | 'recorded' | 'live';

export type MarketStatus = 'TRADING' | 'HALT' | 'BREAK' | 'CANCEL_ONLY';

/** The trading rules of one market. Prices are quote units per one base; all amounts are 0.00000001 units. */
export interface MarketRules {
  readonly tickUnits: bigint;
  readonly minPriceUnits: bigint;
  readonly maxPriceUnits: bigint;
  readonly lotUnits: bigint;
  readonly minQuantityUnits: bigint;
  readonly maxQuantityUnits: bigint;
  readonly marketMaxQuantityUnits: bigint;
  readonly minNotionalUnits: bigint;
  readonly maxNotionalUnits: bigint;
  /** Allowed distance of a limit price from the five-minute average, in hundredths of a percent of it. */
  readonly bidMultiplierUpBips: number;
  readonly bidMultiplierDownBips: number;
  readonly askMultiplierUpBips: number;
  readonly askMultiplierDownBips: number;
  readonly maxOpenOrders: number;
  readonly maxOpenAlgoOrders: number;
  readonly minTrailingBips: number;
  readonly maxTrailingBips: number;
}

export interface MarketSpec {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly source: MarketSource;
  readonly rules: MarketRules;
  /** Commission of what is received, in hundredths of a percent. */
  readonly makerFeeBips: number;
  readonly takerFeeBips: number;
  readonly openingPriceUnits: bigint;
}

/** A market and everything on it: rules, both sides of the book, waiting stops, and the tape of its trades. */
export interface Market {
  readonly spec: MarketSpec;
  rules: MarketRules;
  status: MarketStatus;
  /** Quote units in one tick times one lot; whole by construction, so that no cost is ever rounded. */
  readonly unitsPerTickLot: bigint;
  readonly bids: PriceLevels<Order>;
  readonly asks: PriceLevels<Order>;
  /** Stops that fire when the last price rises to them, and when it falls to them. */
  readonly armedAbove: PriceLevels<Order>;
  readonly armedBelow: PriceLevels<Order>;
  readonly trailing: Set<Order>;
  readonly tape: Tape;
  /** Price of the last trade; the opening price before the first. */
  lastTicks: number;
  /** Account that stands for the market outside on a fed market; -1 before the first price. */
  feedAccount: number;
  /** How far the market outside has been followed, in its own time; 0 before its first price. */
  fedUntil: number;
  /** Number of changes of the book so far: the update id of the depth stream. */
  updateId: number;
  /** The price filter's bands as last worked out. */
  bands: PriceBands | null;
  /** Prices of the levels that changed in this round, which the depth stream ends; one may be there twice. */
  changedBids: number[];
  changedAsks: number[];
  notesRound: number;
}

/** Refuses a spec whose costs would need rounding or whose counts would leave the safe integers. */
export function openMarket(spec: MarketSpec): Market {
  const { tickUnits, lotUnits, maxPriceUnits, maxQuantityUnits } = spec.rules;
  assert(
    (tickUnits * lotUnits) % UNITS_PER_ONE === 0n,
    'tick times lot must be a whole number of quote units',
  );
  assert(maxPriceUnits / tickUnits <= 2n ** 52n, 'prices must be safe integers of ticks');
  assert(
    maxQuantityUnits / lotUnits <= 2n ** 40n,
    'quantities must be safe integers of lots, with room for sums',
  );
  assert(spec.openingPriceUnits % tickUnits === 0n, 'the opening price must be a multiple of the tick');
  return {
    spec,
    rules: spec.rules,
    status: 'TRADING',
    unitsPerTickLot: (tickUnits * lotUnits) / UNITS_PER_ONE,
    bids: new PriceLevels('highest'),
    asks: new PriceLevels('lowest'),
    armedAbove: new PriceLevels('lowest'),
    armedBelow: new PriceLevels('highest'),
    trailing: new Set(),
    tape: new Tape(),
    lastTicks: Number(spec.openingPriceUnits / tickUnits),
    feedAccount: -1,
    fedUntil: 0,
    updateId: 1,
    bands: null,
    changedBids: [],
    changedAsks: [],
    notesRound: 1,
  };
}

/** False for a live market that has not seen a price yet: the opening price of its spec is nobody's. */
export function hasPrice(market: Market): boolean {
  return market.spec.source !== 'live' || market.tape.nextTradeId > 1;
}

/** Price in quote units per one base. */
export function priceUnits(market: Market, ticks: number): bigint {
  return BigInt(ticks) * market.spec.rules.tickUnits;
}

/** Quantity in base units. */
export function quantityUnits(market: Market, lots: number): bigint {
  return BigInt(lots) * market.spec.rules.lotUnits;
}

/** What `lots` cost at `ticks`, in quote units, exactly. */
export function costUnits(market: Market, ticks: number, lots: number): bigint {
  // Most products are safe integers and so exact; one that was rounded is too large to be safe.
  const product = ticks * lots;
  const tickLots = Number.isSafeInteger(product) ? BigInt(product) : BigInt(ticks) * BigInt(lots);
  return tickLots * market.unitsPerTickLot;
}

/** The side on which an order of this side waits. */
export function ownSide(market: Market, side: Order['side']): PriceLevels<Order> {
  return side === 'BUY' ? market.bids : market.asks;
}

/** The side from which an order of this side takes. */
export function oppositeSide(market: Market, side: Order['side']): PriceLevels<Order> {
  return side === 'BUY' ? market.asks : market.bids;
}

/** Notes that a level of the book changes, for the depth stream; while the level is still there. */
export function noteChange(market: Market, side: Order['side'], level: Level<Order>): void {
  market.updateId += 1;
  if (level.notedIn === market.notesRound) return;
  level.notedIn = market.notesRound;
  (side === 'BUY' ? market.changedBids : market.changedAsks).push(level.ticks);
}

/** The prices of the levels that changed since the last call. */
export function takeChanges(market: Market): {
  readonly bids: readonly number[];
  readonly asks: readonly number[];
} {
  const changes = { bids: market.changedBids, asks: market.changedAsks };
  market.changedBids = [];
  market.changedAsks = [];
  market.notesRound += 1;
  return changes;
}
