import { defaultFillModel } from '@counterfoil/engine/fills';
import { Account } from './account.ts';
import { closeOrder } from './close.ts';
import type { CommandOf, OrderRequest } from './commands.ts';
import { priceUnits, quantityUnits, type Market } from './market.ts';
import type { OrderType, Side, TimeInForce } from './order.ts';
import { placeOrder } from './place.ts';
import { OUTSIDE_ACCOUNT, type ExchangeState } from './state.ts';
import { fireStopsAt } from './stops.ts';

const PPM = 1_000_000;

/**
 * One price of a recorded or live market, with the lots that our orders may trade at it. The market outside is
 * an account of its own: what the price went through it takes from resting orders at their limits, at least one
 * tick beyond; and it quotes the price itself, half a spread and slippage away, for takers. These are the rules
 * of the engine's fill model, so that paper trading and backtest agree, and every fill has two sides.
 */
export function feedPrice(state: ExchangeState, market: Market, command: CommandOf<'feed-price'>): void {
  const { at, ticks, lots } = command;
  const outside = outsideAccount(state, market, at);
  for (const order of outside.open.values()) closeOrder(state, market, order, 'CANCELED', at);
  const trade = market.tape.record({
    ticks,
    lots,
    quoteUnits: BigInt(ticks) * BigInt(lots) * market.unitsPerTickLot,
    at,
    isBuyerMaker: ticks < market.lastTicks,
    takerOrderId: 0,
  });
  state.emit({ kind: 'trade', symbol: market.spec.symbol, trade });
  const submit = (side: Side, type: OrderType, timeInForce: TimeInForce, limitTicks: number): void =>
    submitOutside(state, market, outside, { side, type, timeInForce, limitTicks, lots }, at);
  submit('SELL', 'LIMIT', 'IOC', ticks + 1);
  submit('BUY', 'LIMIT', 'IOC', ticks - 1);

  const awayPpm = defaultFillModel.halfSpreadPpm + defaultFillModel.slippagePpm;
  const away = Math.max(1, Math.ceil((ticks * awayPpm) / PPM));
  submit('BUY', 'LIMIT_MAKER', 'GTC', ticks - away);
  submit('SELL', 'LIMIT_MAKER', 'GTC', ticks + away);
  market.lastTicks = ticks;
  fireStopsAt(state, market, [ticks], at);
}

interface OutsideOrder {
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly limitTicks: number;
  readonly lots: number;
}

/** Places an order of the market outside; a refusal (nothing to take, too small) leaves that part out. */
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
