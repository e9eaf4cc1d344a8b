/** The built-in paper exchange: Binance Spot's form, on the loopback interface, under a local certificate authority. */
import type { Manifest, ParameterRule } from '../manifest.ts';

const signed: Readonly<Record<string, ParameterRule>> = {
  timestamp: { from: 'time' },
  recvWindow: { from: 'window' },
};

const one: Readonly<Record<string, ParameterRule>> = {
  symbol: { from: 'symbol' },
  origClientOrderId: { from: 'clientOrderId' },
  ...signed,
};

export const paperManifest: Manifest = {
  venue: 'paper',
  paper: true,
  apiKeyHeader: 'X-MBX-APIKEY',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  signatureParameter: 'signature',
  validMs: 5_000,
  publicReads: {
    book: { path: '/api/v3/depth?limit=100&symbol=', bids: '/bids', asks: '/asks' },
    day: { path: '/api/v3/ticker/24hr?symbol=', volume: '/quoteVolume' },
  },
  orderAnswer: {
    filled: '/executedQty',
    filledAmount: '/cummulativeQuoteQty',
    state: '/status',
    closed: ['FILLED', 'CANCELED', 'REJECTED', 'EXPIRED', 'EXPIRED_IN_MATCH'],
  },
  methods: {
    orderCreate: {
      method: 'POST',
      path: '/api/v3/order',
      place: 'body',
      parameters: {
        symbol: { from: 'symbol' },
        side: { from: 'side', words: { buy: 'BUY', sell: 'SELL' } },
        type: { from: 'type', words: { limit: 'LIMIT', market: 'MARKET' } },
        timeInForce: { from: 'timeInForce', words: { gtc: 'GTC', ioc: 'IOC', fok: 'FOK' } },
        quantity: { from: 'baseAmount' },
        quoteOrderQty: { from: 'quoteAmount' },
        price: { from: 'price' },
        newClientOrderId: { from: 'clientOrderId' },
        newOrderRespType: { from: 'constant', words: ['FULL'] },
        ...signed,
      },
    },
    orderCancel: { method: 'DELETE', path: '/api/v3/order', place: 'query', parameters: one },
    orderGet: { method: 'GET', path: '/api/v3/order', place: 'query', parameters: one },
    permissions: {
      method: 'GET',
      path: '/sapi/v1/account/apiRestrictions',
      place: 'query',
      parameters: signed,
    },
  },
};
