import { defaultFillModel } from '@counterfoil/engine/fills';
import { Account } from './account.ts';
import { closeOrder } from './close.ts';
import type { CommandOf, FedLevel, OrderRequest } from './commands.ts';
import { priceUnits, quantityUnits, type Market } from './market.ts';
import type { OrderType, Side, TimeInForce } from './order.ts';
import { placeOrder } from './place.ts';
import { OUTSIDE_ACCOUNT, type ExchangeState } from './state.ts';
import { fireStopsAt } from './stops.ts';

const PPM = 1_000_000;

/**
 * One trade of a recorded or live market. The market outside is an account of its own: what the price went
 * through it takes from resting orders at their limits, at least one tick beyond; and where the data has no
 * quotes it quotes the price itself, half a spread and slippage away, for takers. These are the rules of the
 * engine's fill model, so that paper trading and backtest agree, and every fill has two sides.
 */
export function feedTrade(state: ExchangeState, market: Market, command: CommandOf<'feed-trade'>): void {
  const { at, ticks, lots, fillableLots, quotedLots, isBuyerMaker } = command;
  const outside = outsideAccount(state, market, at);
  if (quotedLots > 0) {
    for (const order of outside.open.values()) closeOrder(state, market, order, 'CANCELED', at);
  }
  const trade = market.tape.record({
    ticks,
    lots,
    quoteUnits: BigInt(ticks) * BigInt(lots) * market.unitsPerTickLot,
    at,
    isBuyerMaker,
    takerOrderId: 0,
  });
  state.emit({ kind: 'trade', symbol: market.spec.symbol, trade });
  takeBeyond(state, market, outside, 'SELL', [ticks, fillableLots], at);
  takeBeyond(state, market, outside, 'BUY', [ticks, fillableLots], at);
  if (quotedLots > 0) {
    const awayPpm = defaultFillModel.halfSpreadPpm + defaultFillModel.slippagePpm;
    const away = Math.max(1, Math.ceil((ticks * awayPpm) / PPM));
    quote(state, market, outside, 'BUY', [ticks - away, quotedLots], at);
    quote(state, market, outside, 'SELL', [ticks + away, quotedLots], at);
  }
  market.lastTicks = ticks;
  fireStopsAt(state, market, [ticks], at);
}

/**
 * The quotes of a recorded or live market. Orders of ours that the other side's best price went through are
 * filled by it at their limits; then the account outside rests what the market offers, for our takers. What they
 * took is offered again with the next quotes: the market outside does not feel us.
 */
export function feedBook(state: ExchangeState, market: Market, command: CommandOf<'feed-book'>): void {
  const { at, bids, asks, isWhole } = command;
  const outside = outsideAccount(state, market, at);
  const [bestBid, bestAsk] = [bids[0], asks[0]];
  // Before the first trade the filters measure prices by the last one, which is the market's opening price.
  if (market.tape.nextTradeId === 1 && bestBid !== undefined) market.lastTicks = bestBid[0];
  const wanted = { BUY: new Map(bids), SELL: new Map(asks) };
  for (const order of outside.open.values()) {
    const lots = wanted[order.side].get(order.limitTicks);
    const best = order.side === 'BUY' ? bestBid : bestAsk;
    const isBehind =
      best !== undefined && (order.side === 'BUY' ? order.limitTicks < best[0] : order.limitTicks > best[0]);
    if (lots === order.openLots) wanted[order.side].delete(order.limitTicks);
    else if (isWhole || !isBehind) closeOrder(state, market, order, 'CANCELED', at);
  }
  if (bestAsk !== undefined) takeBeyond(state, market, outside, 'SELL', bestAsk, at);
  if (bestBid !== undefined) takeBeyond(state, market, outside, 'BUY', bestBid, at);
  for (const level of wanted.BUY) quote(state, market, outside, 'BUY', level, at);
  for (const level of wanted.SELL) quote(state, market, outside, 'SELL', level, at);
}

/** The market outside trades at a price that went through resting orders: those a tick beyond it are filled. */
function takeBeyond(
  state: ExchangeState,
  market: Market,
  outside: Account,
  side: Side,
  [ticks, lots]: FedLevel,
  at: number,
): void {
  const limitTicks = side === 'SELL' ? ticks + 1 : ticks - 1;
  submitOutside(state, market, outside, { side, type: 'LIMIT', timeInForce: 'IOC', limitTicks, lots }, at);
}

function quote(
  state: ExchangeState,
  market: Market,
  outside: Account,
  side: Side,
  [limitTicks, lots]: FedLevel,
  at: number,
): void {
  submitOutside(
    state,
    market,
    outside,
    { side, type: 'LIMIT_MAKER', timeInForce: 'GTC', limitTicks, lots },
    at,
  );
}

interface OutsideOrder {
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly limitTicks: number;
  readonly lots: number;
}

/** Places an order of the market outside; a refusal (nothing to take, a locked price) leaves that part out. */
function submitOutside(
  state: ExchangeState,
  market: Market,
  outside: Account,
  order: OutsideOrder,
  at: number,
): void {
  const { baseAsset, quoteAsset, symbol } = market.spec;
  const asset = order.side === 'BUY' ? quoteAsset : baseAsset;
  const neededUnits =
    order.side === 'BUY'
      ? BigInt(order.limitTicks) * BigInt(order.lots) * market.unitsPerTickLot
      : quantityUnits(market, order.lots);
  const missingUnits = neededUnits - outside.balance(asset).free;
  if (missingUnits > 0n) state.transfer(state.account(OUTSIDE_ACCOUNT), outside, asset, missingUnits);
  const request: OrderRequest = {
    account: outside.id,
    symbol,
    clientOrderId: `feed-${state.nextOrderId}`,
    side: order.side,
    type: order.type,
    timeInForce: order.timeInForce,
    quantityUnits: quantityUnits(market, order.lots),
    quoteOrderUnits: 0n,
    priceUnits: priceUnits(market, order.limitTicks),
    stopPriceUnits: 0n,
    trailingBips: 0,
    selfTradePrevention: 'EXPIRE_MAKER',
  };
  placeOrder(state, request, at);
}

function outsideAccount(state: ExchangeState, market: Market, at: number): Account {
  const known = market.feedAccount === -1 ? undefined : state.accounts.get(market.feedAccount);
  if (known !== undefined) return known;
  const account = new Account(state.nextAccountId, `${market.spec.symbol} outside`, 'background', at);
  state.nextAccountId += 1;
  state.accounts.set(account.id, account);
  market.feedAccount = account.id;
  return account;
}
