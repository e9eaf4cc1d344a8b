import type { AccountTrade } from './account.ts';
import { closeOrder, spentAsset } from './close.ts';
import { costUnits, noteChange, oppositeSide, ownSide, quantityUnits, type Market } from './market.ts';
import { isOpen, type Order } from './order.ts';
import { initialLock } from './lock.ts';
import { settleFill } from './settle.ts';
import type { ExchangeState } from './state.ts';
import { winList } from './win-list.ts';

/**
 * Lets a working order take from the other side of the book, best price first and oldest first within a
 * price, until it is filled or may not go on; what remains then rests or expires. Returns its fills.
 *
 * An order that is cut short gets half of the first offer it meets. The market's own makers then step back from
 * its limit, so that the rest of it can wait there; an order that cannot wait ends partly filled. `FOK` is whole
 * or nothing, also then.
 */
export function takeAndRest(
  state: ExchangeState,
  market: Market,
  taker: Order,
  at: number,
  isCutShort = false,
): AccountTrade[] {
  const fills =
    taker.timeInForce === 'FOK' && fillableLots(market, taker) < taker.lots
      ? []
      : take(state, market, taker, at, isCutShort && taker.timeInForce !== 'FOK');
  if (!isOpen(taker)) return fills;
  if (canRest(taker)) {
    noteChange(market, taker.side, ownSide(market, taker.side).add(taker, taker.limitTicks));
  } else {
    closeOrder(state, market, taker, 'EXPIRED', at);
  }
  return fills;
}

function take(
  state: ExchangeState,
  market: Market,
  taker: Order,
  at: number,
  isCutShort: boolean,
): AccountTrade[] {
  const side = oppositeSide(market, taker.side);
  const fills: AccountTrade[] = [];
  for (;;) {
    const level = side.best();
    if (level === undefined || level.first === null) return fills;
    if (taker.limitTicks > 0 && !side.reaches(level.ticks, taker.limitTicks)) return fills;
    const maker = level.first;
    if (isCutShort && fills.length > 0) {
      if (!canRest(taker)) return fills;
      if (state.account(maker.account).kind === 'background') {
        closeOrder(state, market, maker, 'CANCELED', at);
        continue;
      }
    }
    if (maker.account === taker.account && taker.selfTradePrevention !== 'NONE') {
      const mode = taker.selfTradePrevention;
      if (mode !== 'EXPIRE_TAKER') closeOrder(state, market, maker, 'EXPIRED_IN_MATCH', at);
      if (mode === 'EXPIRE_MAKER') continue;
      closeOrder(state, market, taker, 'EXPIRED_IN_MATCH', at);
      return fills;
    }
    winList(state, market, maker, initialLock(market, maker), at);
    const wholeLots = Math.min(maker.openLots, wantedLots(market, taker, level.ticks));
    const lots = isCutShort && fills.length === 0 ? Math.ceil(wholeLots / 2) : wholeLots;
    if (lots === 0 || !reserve(state, market, taker, level.ticks, lots)) return fills;
    const { ticks } = level;
    side.reduce(maker, lots);
    if (taker.quoteOrderUnits === 0n) taker.openLots -= lots;
    fills.push(settleFill(state, market, maker, taker, ticks, lots, at));
    noteChange(market, maker.side, level);
    if (maker.openLots === 0) {
      side.remove(maker);
      closeOrder(state, market, maker, 'FILLED', at);
    }
    if (taker.status === 'FILLED') {
      closeOrder(state, market, taker, 'FILLED', at);
      return fills;
    }
  }
}

/** True for orders that wait on the book with what they could not take. */
function canRest(taker: Order): boolean {
  return taker.limitTicks > 0 && taker.timeInForce === 'GTC';
}

/** Lots the order still wants at a price: its open quantity, or what its quote amount still buys or needs. */
function wantedLots(market: Market, taker: Order, ticks: number): number {
  if (taker.quoteOrderUnits === 0n) return taker.openLots;
  const restUnits = taker.quoteOrderUnits - taker.executedQuoteUnits;
  return Number(restUnits / costUnits(market, ticks, 1));
}

/**
 * Makes sure that the lock of an order covers one more fill. Orders with a limit locked everything when they
 * were placed; an order without one locks as it goes, because its price is known only here.
 */
function reserve(state: ExchangeState, market: Market, taker: Order, ticks: number, lots: number): boolean {
  if (taker.limitTicks > 0) return true;
  const neededUnits = taker.side === 'BUY' ? costUnits(market, ticks, lots) : quantityUnits(market, lots);
  const missingUnits = neededUnits - taker.lockedUnits;
  if (missingUnits <= 0n) return true;
  const account = state.account(taker.account);
  const asset = spentAsset(market, taker.side);
  if (account.balance(asset).free < missingUnits) return false;
  account.lock(asset, missingUnits);
  taker.lockedUnits += missingUnits;
  return true;
}

/** Lots that the book could give this order right now, counted up to its own quantity. */
function fillableLots(market: Market, taker: Order): number {
  const side = oppositeSide(market, taker.side);
  let lots = 0;
  for (const level of side.fromBest()) {
    if (lots >= taker.lots || !side.reaches(level.ticks, taker.limitTicks)) break;
    lots += level.lots;
  }
  return lots;
}
