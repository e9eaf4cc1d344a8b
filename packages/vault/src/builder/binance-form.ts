/** Requests in Binance Spot's form, built by ccxt: the paper exchange speaks it too. */
import Binance from 'ccxt/binance';
import { formatDecimal } from '@counterfoil/vocabulary';
import type { BuildMethod, BuilderRequest, KeyType, WireRequest } from '@counterfoil/vocabulary/protocol';
import { type Parameters, given } from './parameters.ts';
import { expectSignature } from './signing-seam.ts';

const zeros = (characters: number): string =>
  `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(characters)}=\n-----END PRIVATE KEY-----`;

// Shapes of secrets, by which ccxt chooses the algorithm: a PEM over 120 characters is RSA. They hold zeros.
const shapes: Readonly<Record<KeyType, string>> = {
  ed25519: zeros(63),
  rsa: zeros(1_600),
  hmac: '0'.repeat(64),
};

const routes: Readonly<
  Partial<Record<BuildMethod['kind'], readonly [api: string, method: WireRequest['method'], path: string]>>
> = {
  orderCreate: ['private', 'POST', 'order'],
  orderCancel: ['private', 'DELETE', 'order'],
  orderCancelAll: ['private', 'DELETE', 'openOrders'],
  orderGet: ['private', 'GET', 'order'],
  ordersOpen: ['private', 'GET', 'openOrders'],
  ordersHistory: ['private', 'GET', 'allOrders'],
  tradesHistory: ['private', 'GET', 'myTrades'],
  balances: ['private', 'GET', 'account'],
  permissions: ['sapi', 'GET', 'account/apiRestrictions'],
};

const types: Readonly<Record<string, string>> = {
  limit: 'LIMIT',
  market: 'MARKET',
  limitMaker: 'LIMIT_MAKER',
  stop: 'STOP_LOSS',
  stopLimit: 'STOP_LOSS_LIMIT',
  takeProfit: 'TAKE_PROFIT',
  takeProfitLimit: 'TAKE_PROFIT_LIMIT',
  trailingStop: 'STOP_LOSS',
};

function parametersOf(method: BuildMethod): Parameters {
  switch (method.kind) {
    case 'orderCreate':
      return given({
        symbol: method.symbol,
        side: method.side.toUpperCase(),
        type: types[method.type] ?? null,
        timeInForce: method.timeInForce?.toUpperCase() ?? null,
        [method.sizedBy === 'base' ? 'quantity' : 'quoteOrderQty']: formatDecimal(method.amount),
        price: method.price === null ? null : formatDecimal(method.price),
        stopPrice: method.stopPrice === null ? null : formatDecimal(method.stopPrice),
        trailingDelta: method.trailBps === null ? null : String(method.trailBps),
        newClientOrderId: method.clientOrderId,
        newOrderRespType: 'FULL',
      });
    case 'orderCancel':
    case 'orderGet':
      return { symbol: method.symbol, origClientOrderId: method.clientOrderId };
    case 'orderCancelAll':
      return { symbol: method.symbol };
    case 'ordersOpen':
      return given({ symbol: method.symbol });
    case 'ordersHistory':
      return { symbol: method.symbol, startTime: String(method.sinceMs), limit: '1000' };
    case 'tradesHistory':
      return given({ symbol: method.symbol, fromId: method.fromId, limit: '1000' });
    case 'balances':
      return { omitZeroBalances: 'true' };
    case 'permissions':
    case 'orderGetClosed':
      return {};
    default:
      return method satisfies never;
  }
}

// Making one takes milliseconds, as long as everything else about an order; it keeps nothing from one to the next.
const exchange = new Binance({ apiKey: '', secret: '' });

type Build = Extract<BuilderRequest, { kind: 'build' }>;

/** The request that ccxt would send, with placeholders for key and signature. */
export function buildBinance(request: Build): WireRequest {
  const route = routes[request.method.kind];
  if (route === undefined) throw new Error(`no ${request.method.kind} in this form`);
  const [api, method, path] = route;
  exchange.apiKey = request.placeholders.apiKey;
  exchange.secret = shapes[request.keyType];
  exchange.urls['api'] = { private: `${request.origin}/api/v3`, sapi: `${request.origin}/sapi/v1` };
  exchange.nonce = () => request.nonce;
  expectSignature(request.placeholders.signature);
  const parameters = { ...parametersOf(request.method), recvWindow: String(request.validMs) };
  const signed = exchange.sign(path, api, method, parameters);
  return { method, url: signed.url, headers: Object.entries(signed.headers ?? {}), body: signed.body ?? '' };
}
