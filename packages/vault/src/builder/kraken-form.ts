/** Requests in Kraken's form, built by ccxt. */
import Kraken from 'ccxt/kraken';
import { formatDecimal } from '@counterfoil/vocabulary';
import type { BuildMethod, BuilderRequest, WireRequest } from '@counterfoil/vocabulary/protocol';
import { type Parameters, given } from './parameters.ts';
import { expectSignature } from './signing-seam.ts';

const paths: Readonly<Partial<Record<BuildMethod['kind'], string>>> = {
  orderCreate: 'AddOrder',
  orderCancel: 'CancelOrder',
  orderGet: 'OpenOrders',
  orderGetClosed: 'ClosedOrders',
  ordersOpen: 'OpenOrders',
  ordersHistory: 'ClosedOrders',
  tradesHistory: 'TradesHistory',
  balances: 'BalanceEx',
  permissions: 'GetApiKeyInfo',
};

const types: Readonly<Record<string, string>> = {
  limit: 'limit',
  market: 'market',
  limitMaker: 'limit',
  stop: 'stop-loss',
  stopLimit: 'stop-loss-limit',
  takeProfit: 'take-profit',
  takeProfitLimit: 'take-profit-limit',
};

// A secret of zeros in base64, as long as a real one. Making an exchange takes milliseconds; it keeps nothing.
const exchange = new Kraken({ apiKey: '', secret: Buffer.alloc(64).toString('base64') });

type Build = Extract<BuilderRequest, { kind: 'build' }>;

function parametersOf(method: BuildMethod, deadline: string): Parameters {
  switch (method.kind) {
    case 'orderCreate': {
      const price = method.price === null ? null : formatDecimal(method.price);
      const trigger = method.stopPrice === null ? null : formatDecimal(method.stopPrice);
      return given({
        pair: method.symbol,
        type: method.side,
        ordertype: types[method.type] ?? null,
        oflags: method.type === 'limitMaker' ? 'post' : null,
        volume: formatDecimal(method.amount),
        price: trigger ?? price,
        price2: trigger === null ? null : price,
        timeinforce: method.timeInForce?.toUpperCase() ?? null,
        cl_ord_id: method.clientOrderId,
        deadline,
      });
    }
    case 'orderCancel':
    case 'orderGet':
    case 'orderGetClosed':
      return { cl_ord_id: method.clientOrderId };
    case 'ordersHistory':
      return { start: String(Math.floor(method.sinceMs / 1_000)) };
    case 'tradesHistory':
      return given({ start: method.fromId });
    case 'orderCancelAll':
    case 'ordersOpen':
    case 'balances':
    case 'permissions':
      return {};
    default:
      return method satisfies never;
  }
}

/** The request that ccxt would send, with placeholders for key and signature. */
export function buildKraken(request: Build): WireRequest {
  const path = paths[request.method.kind];
  if (path === undefined) throw new Error(`no ${request.method.kind} in this form`);
  exchange.apiKey = request.placeholders.apiKey;
  exchange.urls['api'] = { private: request.origin };
  exchange.nonce = () => request.nonce;
  expectSignature(request.placeholders.signature);
  // The nonce counts microseconds.
  const deadline = new Date(Math.floor(request.nonce / 1_000) + request.validMs).toISOString();
  const signed = exchange.sign(path, 'private', 'POST', parametersOf(request.method, deadline));
  return {
    method: 'POST',
    url: signed.url,
    headers: Object.entries(signed.headers ?? {}),
    body: signed.body ?? '',
  };
}
