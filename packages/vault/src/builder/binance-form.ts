/** Requests and answers in Binance Spot's form, built and read by ccxt: the paper exchange speaks it too. */
import Binance from 'ccxt/binance';
import { type Decimal, formatDecimal, parseDecimal, venueOrderId } from '@counterfoil/vocabulary';
import type {
  BuildMethod,
  BuilderRequest,
  OrderReportPacked,
  WireRequest,
} from '@counterfoil/vocabulary/protocol';
import { expectSignature } from './signing-seam.ts';

type Build = Extract<BuilderRequest, { kind: 'build' }>;

// The shape of an Ed25519 key in PEM, by which ccxt chooses the algorithm. It holds zeros.
const ED25519_SHAPE = `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(63)}=\n-----END PRIVATE KEY-----`;

const routes = {
  orderCreate: ['private', 'POST', 'order'],
  orderCancel: ['private', 'DELETE', 'order'],
  orderGet: ['private', 'GET', 'order'],
  permissions: ['sapi', 'GET', 'account/apiRestrictions'],
} as const;

const types: Readonly<Record<string, string>> = { limit: 'LIMIT', market: 'MARKET' };

function parametersOf(method: BuildMethod): Record<string, string> {
  switch (method.kind) {
    case 'orderCreate':
      return {
        symbol: method.symbol,
        side: method.side.toUpperCase(),
        type: types[method.type] ?? method.type,
        ...(method.timeInForce === null ? {} : { timeInForce: method.timeInForce.toUpperCase() }),
        [method.sizedBy === 'base' ? 'quantity' : 'quoteOrderQty']: formatDecimal(method.amount),
        ...(method.price === null ? {} : { price: formatDecimal(method.price) }),
        newClientOrderId: method.clientOrderId,
        newOrderRespType: 'FULL',
      };
    case 'orderCancel':
    case 'orderGet':
      return { symbol: method.symbol, origClientOrderId: method.clientOrderId };
    case 'permissions':
      return {};
    default:
      return method satisfies never;
  }
}

/** The request that ccxt would send, with placeholders for key and signature. */
export function build(request: Build): WireRequest {
  const [api, method, path] = routes[request.method.kind];
  const exchange = new Binance({ apiKey: request.placeholders.apiKey, secret: ED25519_SHAPE });
  exchange.urls['api'] = { private: `${request.origin}/api/v3`, sapi: `${request.origin}/sapi/v1` };
  exchange.nonce = () => request.atMs;
  expectSignature(request.placeholders.signature);
  const parameters = { ...parametersOf(request.method), recvWindow: String(request.validMs) };
  const signed = exchange.sign(path, api, method, parameters);
  return {
    method,
    url: signed.url,
    headers: Object.entries(signed.headers ?? {}),
    body: signed.body ?? '',
  };
}

const states: Readonly<Record<string, OrderReportPacked['state']>> = {
  NEW: 'acknowledged',
  PARTIALLY_FILLED: 'partiallyFilled',
  FILLED: 'filled',
  CANCELED: 'cancelled',
  REJECTED: 'rejected',
  EXPIRED: 'expired',
  EXPIRED_IN_MATCH: 'expired',
};

function decimalOrNull(value: unknown): Decimal | null {
  return typeof value === 'string' ? parseDecimal(value) : null;
}

/** Reads an order of `POST`, `GET` or `DELETE /api/v3/order`. Throws where it is not one. */
export function parseOrder(body: string): OrderReportPacked {
  const raw = JSON.parse(body) as Readonly<Record<string, unknown>>;
  const state = states[String(raw['status'])];
  if (state === undefined) throw new Error('an order status that is not known');
  const at = raw['transactTime'] ?? raw['updateTime'];
  return {
    venueOrderId: venueOrderId.parse(String(raw['orderId'])),
    state,
    filledQuantity: decimalOrNull(raw['executedQty']),
    filledAmount: decimalOrNull(raw['cummulativeQuoteQty']),
    price: decimalOrNull(raw['price']),
    atMs: typeof at === 'number' ? at : null,
  };
}

export interface Permissions {
  readonly trade: boolean;
  readonly withdraw: boolean;
  readonly ipAllowList: boolean;
}

/** Reads `GET /sapi/v1/account/apiRestrictions`; every way out of the account counts as withdrawing. */
export function parsePermissions(body: string): Permissions {
  const raw = JSON.parse(body) as Readonly<Record<string, unknown>>;
  const flag = (name: string): boolean => {
    if (typeof raw[name] !== 'boolean') throw new Error(`${name} is missing`);
    return raw[name];
  };
  return {
    trade: flag('enableSpotAndMarginTrading'),
    withdraw: flag('enableWithdrawals') || flag('enableInternalTransfer') || flag('permitsUniversalTransfer'),
    ipAllowList: flag('ipRestrict'),
  };
}

// What Binance's codes mean for an order. A code that is not here is unknown, never a no.
const verdicts: Readonly<
  Record<string, 'rejected' | 'unknownOrder' | 'duplicate' | 'rateLimited' | 'keyRefused'>
> = {
  '-1013': 'rejected',
  '-1021': 'rejected',
  '-1022': 'keyRefused',
  '-1100': 'rejected',
  '-1102': 'rejected',
  '-1106': 'rejected',
  '-1111': 'rejected',
  '-1121': 'rejected',
  '-2010': 'rejected',
  '-2011': 'unknownOrder',
  '-2013': 'unknownOrder',
  '-2014': 'keyRefused',
  '-2015': 'keyRefused',
  '-1003': 'rateLimited',
  '-1015': 'rateLimited',
};

export interface VenueError {
  readonly verdict: 'rejected' | 'unknownOrder' | 'duplicate' | 'rateLimited' | 'keyRefused' | 'unknown';
  readonly code: string;
  readonly sentence: string;
}

/** Reads `{code, msg}`. 5xx and codes outside the table are `unknown`: the order may have been taken. */
export function parseError(status: number, body: string): VenueError {
  let code = '';
  let sentence = '';
  try {
    const raw = JSON.parse(body) as Readonly<Record<string, unknown>>;
    code = String(raw['code']).slice(0, 40).toWellFormed();
    sentence = String(raw['msg']).slice(0, 300).toWellFormed();
  } catch {
    return { verdict: 'unknown', code: '', sentence: `HTTP ${status} without a readable reason` };
  }
  if (status >= 500) return { verdict: 'unknown', code, sentence };
  if (code === '-2010' && sentence === 'Duplicate order sent.')
    return { verdict: 'duplicate', code, sentence };
  return { verdict: verdicts[code] ?? 'unknown', code, sentence };
}
