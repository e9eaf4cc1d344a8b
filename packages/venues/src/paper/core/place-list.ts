import { spentAsset } from './close.ts';
import type { CommandOf, OrderRequest } from './commands.ts';
import { initialLock } from './lock.ts';
import type { Market } from './market.ts';
import type { OrderList } from './order-list.ts';
import { isAlgo, type Order } from './order.ts';
import { checkOrder, makeOrder } from './place.ts';
import { accepted, refusals, refused, type Outcome, type Refusal } from './refusals.ts';
import type { ExchangeState } from './state.ts';
import { armStop } from './stops.ts';
import { takeAndRest } from './take.ts';

/** Places both orders of a list or neither. */
export function placeList(state: ExchangeState, command: CommandOf<'place-list'>): Outcome<OrderList> {
  const { at, above, below } = command;
  const market = state.markets.get(command.symbol);
  if (market === undefined) return refused(refusals.badSymbol);
  const account = state.account(command.account);
  const refusal =
    checkShape(above, below) ??
    checkPrices(market, above, below) ??
    checkOrder(market, account, above, at) ??
    checkOrder(market, account, below, at);
  if (refusal !== null) return refused(refusal);
  if (above.clientOrderId === below.clientOrderId) return refused(refusals.duplicateOrder);

  const legs = [above, below].map((request, index) =>
    makeOrder(state.nextOrderId + index, state.nextListId, market, request, at),
  );
  const [first, second] = legs;
  if (first === undefined || second === undefined) return refused(refusals.unknown);
  const needier = initialLock(market, first) >= initialLock(market, second) ? first : second;
  const lockUnits = initialLock(market, needier);
  const asset = spentAsset(market, needier.side);
  if (account.balance(asset).free < lockUnits) return refused(refusals.insufficientBalance);

  const list: OrderList = {
    id: state.nextListId,
    account: account.id,
    symbol: command.symbol,
    clientListId: command.clientListId,
    orderIds: [first.id, second.id],
    clientOrderIds: [first.clientOrderId, second.clientOrderId],
    createdAt: at,
    updatedAt: at,
    winnerId: -1,
    isDone: false,
  };
  state.nextListId += 1;
  state.nextOrderId += 2;
  account.lock(asset, lockUnits);
  needier.lockedUnits = lockUnits;
  account.updatedAt = at;
  account.keepList(list);
  state.emit({ kind: 'list', list: { ...list }, at });
  for (const leg of [first, second]) start(state, market, leg, at);
  return accepted(list);
}

function start(state: ExchangeState, market: Market, leg: Order, at: number): void {
  state.account(leg.account).keep(leg);
  state.report('NEW', leg, at);
  // A maker order was checked not to take, so this only rests it.
  if (leg.isWorking) takeAndRest(state, market, leg, at);
  else armStop(market, leg);
}

/** Which types may stand above and below, by side; the refusals of the imitated exchange for the others. */
function checkShape(above: OrderRequest, below: OrderRequest): Refusal | null {
  if (!isAlgo(above.type) && !isAlgo(below.type)) return refusals.listNeedsContingent;
  if (above.side === 'SELL') {
    if (below.type === 'LIMIT_MAKER') return refusals.sellLimitMustBeAbove;
    if (above.type.startsWith('STOP_LOSS')) return refusals.sellStopMustBeBelow;
    if (below.type.startsWith('TAKE_PROFIT')) return refusals.sellProfitMustBeAbove;
    return null;
  }
  if (above.type === 'LIMIT_MAKER') return refusals.buyLimitMustBeBelow;
  if (below.type.startsWith('STOP_LOSS')) return refusals.buyStopMustBeAbove;
  if (above.type.startsWith('TAKE_PROFIT')) return refusals.buyProfitMustBeBelow;
  return null;
}

/** The trigger of the upper order lies above the last price, that of the lower one below it. */
function checkPrices(market: Market, above: OrderRequest, below: OrderRequest): Refusal | null {
  const last = BigInt(market.lastTicks) * market.spec.rules.tickUnits;
  const trigger = (request: OrderRequest): bigint =>
    isAlgo(request.type) ? request.stopPriceUnits : request.priceUnits;
  const up = trigger(above);
  const down = trigger(below);
  const isWrong = (up !== 0n && up <= last) || (down !== 0n && down >= last);
  return isWrong ? refusals.wrongPriceRelation : null;
}
