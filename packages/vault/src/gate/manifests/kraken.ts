/**
 * Kraken Spot. It signs in another way than Binance: a nonce, then HMAC-SHA512 over the path and a SHA-256. Written
 * from its documentation; words of ours that it has no place for (trailing stops, amounts in quote) are refused.
 */
import type { FillFields, Manifest, OrderFields, ParameterRule } from '../manifest.ts';

const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
const nonce: Readonly<Record<string, ParameterRule>> = { nonce: { from: 'nonce' } };
const byId: Readonly<Record<string, ParameterRule>> = { ...nonce, cl_ord_id: { from: 'clientOrderId' } };
const sides = { buy: 'buy', sell: 'sell' } as const;

const order: OrderFields = {
  clientOrderId: '/cl_ord_id',
  venueOrderId: '/#',
  symbol: '/descr/pair',
  side: { at: '/descr/type', words: sides },
  state: {
    at: '/status',
    words: {
      pending: 'acknowledged',
      open: 'acknowledged',
      closed: 'filled',
      canceled: 'cancelled',
      expired: 'expired',
    },
  },
  filledQuantity: '/vol_exec',
  filledAmount: '/cost',
  price: '/descr/price',
  atMs: { at: ['/closetm', '/opentm'], unit: 's' },
};

const fill: FillFields = {
  tradeId: '/#',
  venueOrderId: '/ordertxid',
  clientOrderId: '/cl_ord_id',
  symbol: '/pair',
  side: { at: '/type', words: sides },
  price: '/price',
  quantity: '/vol',
  quoteAmount: '/cost',
  fee: '/fee',
  // Not stated: it is the market's quote unless the order said otherwise, and ours do not.
  feeAsset: '/fee_asset',
  maker: '/maker',
  atMs: { at: '/time', unit: 's' },
};

export const kraken: Manifest = {
  venue: 'kraken',
  paper: false,
  host: 'api.kraken.com',
  apiKeyHeader: 'API-Key',
  headers,
  signing: { form: 'path-and-hash', header: 'API-Sign', nonce: 'nonce' },
  nonce: 'rising',
  clientOrderId: 'hex',
  validMs: 5_000,
  publicReads: {
    book: { path: '/0/public/Depth?count=100&pair=', bids: '/result/*/bids', asks: '/result/*/asks' },
    // Volume is stated in base; the day's average price makes it quote.
    day: { path: '/0/public/Ticker?pair=', volume: '/result/*/v/1', times: '/result/*/p/1' },
  },
  // It counts per account and does not say how far it is.
  weight: null,
  errors: {
    code: '/error/0',
    sentence: '/error/0',
    // Not here, so unknown and never a no: EService:Busy, EService:Unavailable and EGeneral:Internal error.
    verdicts: {
      'EAPI:Invalid key': 'keyRefused',
      'EAPI:Invalid signature': 'keyRefused',
      'EAPI:Invalid nonce': 'rejected',
      'EAPI:Rate limit exceeded': 'rateLimited',
      'EGeneral:Permission denied': 'keyRefused',
      'EGeneral:Invalid arguments': 'rejected',
      'EOrder:Cost minimum not met': 'rejected',
      'EOrder:Insufficient funds': 'rejected',
      'EOrder:Invalid price': 'rejected',
      'EOrder:Order minimum not met': 'rejected',
      'EOrder:Orders limit exceeded': 'rejected',
      'EOrder:Post only order': 'rejected',
      'EOrder:Rate limit exceeded': 'rateLimited',
      'EOrder:Tick size check failed': 'rejected',
      'EOrder:Unknown order': 'unknownOrder',
      'EQuery:Unknown asset pair': 'rejected',
      'EService:Deadline elapsed': 'rejected',
      'EService:Market in cancel_only mode': 'rejected',
      'EService:Market in post_only mode': 'rejected',
    },
  },
  stream: null,
  methods: {
    orderCreate: {
      method: 'POST',
      path: '/0/private/AddOrder',
      place: 'body',
      parameters: {
        ...nonce,
        pair: { from: 'symbol' },
        type: { from: 'side', words: { buy: 'buy', sell: 'sell' } },
        ordertype: {
          from: 'type',
          words: {
            limit: 'limit',
            market: 'market',
            limitMaker: 'limit',
            stop: 'stop-loss',
            stopLimit: 'stop-loss-limit',
            takeProfit: 'take-profit',
            takeProfitLimit: 'take-profit-limit',
          },
        },
        oflags: { from: 'type', words: { limitMaker: 'post' } },
        volume: { from: 'baseAmount' },
        // Of the stop kinds the first price is the trigger and the second the limit.
        price: [
          { from: 'price', when: ['limit', 'limitMaker'] },
          { from: 'stopPrice', when: ['stop', 'stopLimit', 'takeProfit', 'takeProfitLimit'] },
        ],
        price2: { from: 'price', when: ['stopLimit', 'takeProfitLimit'] },
        timeinforce: { from: 'timeInForce', words: { gtc: 'GTC', ioc: 'IOC' } },
        cl_ord_id: { from: 'clientOrderId' },
        deadline: { from: 'deadline' },
      },
      answer: { kind: 'taken', proof: '/result/txid/0', venueOrderId: '/result/txid/0' },
    },
    orderCancel: {
      method: 'POST',
      path: '/0/private/CancelOrder',
      place: 'body',
      parameters: byId,
      leftOut: ['symbol'],
      answer: { kind: 'taken', proof: '/result/count', venueOrderId: null },
    },
    orderGet: {
      method: 'POST',
      path: '/0/private/OpenOrders',
      place: 'body',
      parameters: byId,
      leftOut: ['symbol'],
      answer: { kind: 'order', rows: '/result/open', fields: order },
    },
    orderGetClosed: {
      method: 'POST',
      path: '/0/private/ClosedOrders',
      place: 'body',
      parameters: byId,
      leftOut: ['symbol'],
      answer: { kind: 'order', rows: '/result/closed', fields: order },
    },
    ordersOpen: {
      method: 'POST',
      path: '/0/private/OpenOrders',
      place: 'body',
      parameters: nonce,
      leftOut: ['symbol'],
      answer: { kind: 'orders', rows: '/result/open', fields: order },
    },
    ordersHistory: {
      method: 'POST',
      path: '/0/private/ClosedOrders',
      place: 'body',
      parameters: { ...nonce, start: { from: 'sinceMs', unit: 's' } },
      leftOut: ['symbol'],
      answer: { kind: 'orders', rows: '/result/closed', fields: order },
    },
    tradesHistory: {
      method: 'POST',
      path: '/0/private/TradesHistory',
      place: 'body',
      parameters: { ...nonce, start: { from: 'fromId' } },
      leftOut: ['symbol'],
      answer: { kind: 'trades', rows: '/result/trades', fields: fill },
    },
    balances: {
      method: 'POST',
      path: '/0/private/BalanceEx',
      place: 'body',
      parameters: nonce,
      answer: {
        kind: 'balances',
        rows: '/result',
        fields: { asset: '/#', locked: '/hold_trade', free: { total: '/balance' } },
      },
    },
    permissions: {
      method: 'POST',
      path: '/0/private/GetApiKeyInfo',
      place: 'body',
      parameters: nonce,
      answer: {
        kind: 'permissions',
        flags: {
          at: '/result/permissions',
          trade: ['modify-trades', 'close-trades'],
          // Kraken states them as a list, in which what is not granted is absent.
          waysOut: [],
          harmless: [
            'query-funds',
            'query-open-trades',
            'query-closed-trades',
            'query-ledger',
            'export-data',
            'access-websockets-api',
          ],
          ipAllowList: '/result/ip_allowlist',
        },
      },
    },
  },
};
