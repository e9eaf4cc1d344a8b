import { randomBytes } from 'node:crypto';
import type { OrderReference, OrderRequest } from '../core/commands.ts';
import {
  ORDER_TYPES,
  SELF_TRADE_PREVENTION,
  SIDES,
  TIMES_IN_FORCE,
  isAlgo,
  isUnpriced,
  type OrderType,
} from '../core/order.ts';
import { refusals } from '../core/refusals.ts';
import { Refused, type Parameters } from './parameters.ts';

export const CLIENT_ID_RANGE = '^[a-zA-Z0-9-_]{1,36}$';
export const SYMBOL_RANGE = '^[A-Z0-9-_.]{1,20}$';

/** The market a request names; every request that needs one refuses in the same words. */
export function readSymbol(parameters: Parameters): string {
  return parameters.matching('symbol', SYMBOL_RANGE) ?? parameters.text('symbol');
}

/** Reads a new order: which parameters a type needs and which it must not carry. */
export function readOrderRequest(parameters: Parameters, account: number): OrderRequest {
  const symbol = readSymbol(parameters);
  const side = parameters.oneOf('side', SIDES, refusals.badSide);
  const type = parameters.oneOf('type', ORDER_TYPES, refusals.badOrderType);
  if (side === undefined) throw new Refused(refusals.missing('side'));
  if (type === undefined) throw new Refused(refusals.missing('type'));
  const timeInForce = parameters.oneOf('timeInForce', TIMES_IN_FORCE, refusals.badTimeInForce);
  const order: OrderRequest = {
    account,
    symbol,
    clientOrderId: parameters.matching('newClientOrderId', CLIENT_ID_RANGE) ?? newClientOrderId(),
    side,
    type,
    timeInForce: timeInForce ?? 'GTC',
    quantityUnits: parameters.units('quantity') ?? 0n,
    quoteOrderUnits: parameters.units('quoteOrderQty') ?? 0n,
    priceUnits: parameters.units('price') ?? 0n,
    stopPriceUnits: parameters.units('stopPrice') ?? 0n,
    trailingBips: parameters.bounded('trailingDelta', 0, 1_000_000, 0),
    selfTradePrevention:
      parameters.oneOf(
        'selfTradePreventionMode',
        SELF_TRADE_PREVENTION,
        refusals.badParameter('selfTradePreventionMode'),
      ) ?? 'EXPIRE_MAKER',
  };
  checkShape(parameters, order);
  return order;
}

/** How a query or cancel names an order. */
export function readReference(parameters: Parameters): OrderReference {
  const orderId = parameters.long('orderId');
  const clientOrderId = parameters.matching('origClientOrderId', CLIENT_ID_RANGE);
  if (orderId !== undefined) return { kind: 'id', orderId };
  if (clientOrderId !== undefined) return { kind: 'client', clientOrderId };
  throw new Refused(refusals.oneOf('origClientOrderId', 'orderId'));
}

/** 22 letters, digits, `-` and `_`, as the exchange makes them. */
export function newClientOrderId(): string {
  return randomBytes(16).toString('base64url');
}

function checkShape(parameters: Parameters, order: OrderRequest): void {
  const { type } = order;
  const needsPrice = !isUnpriced(type);
  const needsTime = type === 'LIMIT' || type === 'STOP_LOSS_LIMIT' || type === 'TAKE_PROFIT_LIMIT';
  demand(parameters, 'timeInForce', needsTime);
  demand(parameters, 'price', needsPrice);
  if (type === 'MARKET') {
    if (parameters.has('quantity') === parameters.has('quoteOrderQty')) {
      throw new Refused(
        parameters.has('quantity')
          ? refusals.notRequired('quoteOrderQty')
          : refusals.oneOf('quantity', 'quoteOrderQty'),
      );
    }
  } else {
    demand(parameters, 'quantity', true);
    demand(parameters, 'quoteOrderQty', false);
  }
  checkStop(parameters, type);
}

/** A stop needs a stop price, a trailing distance, or both; other orders carry neither. */
function checkStop(parameters: Parameters, type: OrderType): void {
  const hasStop = parameters.has('stopPrice');
  const hasTrail = parameters.has('trailingDelta');
  if (isAlgo(type)) {
    if (!hasStop && !hasTrail) throw new Refused(refusals.oneOf('stopPrice', 'trailingDelta'));
    return;
  }
  if (hasStop) throw new Refused(refusals.notRequired('stopPrice'));
  if (hasTrail) throw new Refused(refusals.notRequired('trailingDelta'));
}

/** Refuses a needed parameter that is missing, and one that has no business here. */
export function demand(parameters: Parameters, name: string, isNeeded: boolean): void {
  if (isNeeded && !parameters.has(name)) throw new Refused(refusals.missing(name));
  if (!isNeeded && parameters.has(name)) throw new Refused(refusals.notRequired(name));
}
