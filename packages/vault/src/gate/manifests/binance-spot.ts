/** The form of Binance Spot: the exchange itself, and the paper exchange, which speaks it too. */
import type { BalanceFields, FillFields, Manifest, OrderFields, ParameterRule } from '../manifest.ts';

const signed: Readonly<Record<string, ParameterRule>> = {
  timestamp: { from: 'nonce' },
  recvWindow: { from: 'window' },
};

const one: Readonly<Record<string, ParameterRule>> = {
  symbol: { from: 'symbol' },
  origClientOrderId: { from: 'clientOrderId' },
  ...signed,
};

const sides = { BUY: 'buy', SELL: 'sell' } as const;

const states = {
  NEW: 'acknowledged',
  PENDING_NEW: 'acknowledged',
  PARTIALLY_FILLED: 'partiallyFilled',
  FILLED: 'filled',
  PENDING_CANCEL: 'acknowledged',
  CANCELED: 'cancelled',
  REJECTED: 'rejected',
  EXPIRED: 'expired',
  EXPIRED_IN_MATCH: 'expired',
} as const;

const order: OrderFields = {
  // The answer to a cancel has an id of its own; the order's is under another name then.
  clientOrderId: ['/origClientOrderId', '/clientOrderId'],
  venueOrderId: '/orderId',
  symbol: '/symbol',
  side: { at: '/side', words: sides },
  state: { at: '/status', words: states },
  filledQuantity: '/executedQty',
  filledAmount: '/cummulativeQuoteQty',
  price: '/price',
  atMs: { at: ['/transactTime', '/updateTime'], unit: 'ms' },
};

const fill: FillFields = {
  tradeId: '/id',
  venueOrderId: '/orderId',
  clientOrderId: '/clientOrderId',
  symbol: '/symbol',
  side: { at: '/isBuyer', words: { true: 'buy', false: 'sell' } },
  price: '/price',
  quantity: '/qty',
  quoteAmount: '/quoteQty',
  fee: '/commission',
  feeAsset: '/commissionAsset',
  maker: '/isMaker',
  atMs: { at: '/time', unit: 'ms' },
};

const balance: BalanceFields = { asset: '/asset', free: '/free', locked: '/locked' };

const streamOrder: OrderFields = {
  clientOrderId: ['/C', '/c'],
  venueOrderId: '/i',
  symbol: '/s',
  side: { at: '/S', words: sides },
  state: { at: '/X', words: states },
  filledQuantity: '/z',
  filledAmount: '/Z',
  price: '/p',
  atMs: { at: '/T', unit: 'ms' },
};

const streamFill: FillFields = {
  tradeId: '/t',
  venueOrderId: '/i',
  clientOrderId: '/c',
  symbol: '/s',
  side: { at: '/S', words: sides },
  price: '/L',
  quantity: '/l',
  quoteAmount: '/Y',
  fee: '/n',
  feeAsset: '/N',
  maker: '/m',
  atMs: { at: '/T', unit: 'ms' },
};

/** Manifest of a venue of this form. */
export function binanceSpot({
  streamHost,
  ...about
}: Pick<Manifest, 'venue' | 'paper' | 'host'> & { readonly streamHost: string | null }): Manifest {
  return {
    ...about,
    apiKeyHeader: 'X-MBX-APIKEY',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    signing: { form: 'tail', parameter: 'signature' },
    nonce: 'time',
    clientOrderId: 'text',
    validMs: 5_000,
    publicReads: {
      book: { path: '/api/v3/depth?limit=100&symbol=', bids: '/bids', asks: '/asks' },
      day: { path: '/api/v3/ticker/24hr?symbol=', volume: '/quoteVolume' },
    },
    // Of 6,000: a quarter is kept for orders, cancels and the prices that they need.
    weight: { header: 'x-mbx-used-weight-1m', readsMax: 4_500 },
    errors: {
      code: '/code',
      sentence: '/msg',
      // A code that is not here is unknown, never a no: −1000, −1001, −1006, −1007 and −1008 among them.
      verdicts: {
        '-1002': 'keyRefused',
        '-1003': 'rateLimited',
        '-1013': 'rejected',
        '-1015': 'rateLimited',
        '-1020': 'rejected',
        '-1021': 'rejected',
        '-1022': 'keyRefused',
        '-1100': 'rejected',
        '-1101': 'rejected',
        '-1102': 'rejected',
        '-1104': 'rejected',
        '-1105': 'rejected',
        '-1106': 'rejected',
        '-1108': 'rejected',
        '-1111': 'rejected',
        '-1115': 'rejected',
        '-1116': 'rejected',
        '-1117': 'rejected',
        '-1121': 'rejected',
        '-1128': 'rejected',
        '-1130': 'rejected',
        '-2010': 'rejected',
        '-2010 Duplicate order sent.': 'duplicate',
        '-2011': 'unknownOrder',
        '-2013': 'unknownOrder',
        '-2014': 'keyRefused',
        '-2015': 'keyRefused',
      },
    },
    stream: {
      host: streamHost,
      path: '/ws-api/v3',
      login: {
        method: 'userDataStream.subscribe.signature',
        parameters: [
          ['apiKey', 'apiKey'],
          ['recvWindow', 'window'],
          ['timestamp', 'nonce'],
        ],
        signature: 'signature',
      },
      kind: '/event/e',
      at: '/event',
      order: { kind: 'executionReport', fields: streamOrder },
      fill: { at: '/x', is: 'TRADE', fields: streamFill },
      balances: {
        kind: 'outboundAccountPosition',
        rows: '/B',
        fields: { asset: '/a', free: '/f', locked: '/l' },
      },
    },
    methods: {
      orderCreate: {
        method: 'POST',
        path: '/api/v3/order',
        place: 'body',
        parameters: {
          symbol: { from: 'symbol' },
          side: { from: 'side', words: { buy: 'BUY', sell: 'SELL' } },
          type: {
            from: 'type',
            words: {
              limit: 'LIMIT',
              market: 'MARKET',
              limitMaker: 'LIMIT_MAKER',
              stop: 'STOP_LOSS',
              stopLimit: 'STOP_LOSS_LIMIT',
              takeProfit: 'TAKE_PROFIT',
              takeProfitLimit: 'TAKE_PROFIT_LIMIT',
              trailingStop: 'STOP_LOSS',
            },
          },
          timeInForce: { from: 'timeInForce', words: { gtc: 'GTC', ioc: 'IOC', fok: 'FOK' } },
          quantity: { from: 'baseAmount' },
          quoteOrderQty: { from: 'quoteAmount' },
          price: { from: 'price' },
          stopPrice: { from: 'stopPrice' },
          // Without it a trailing stop would be a plain one, so no other type may carry it.
          trailingDelta: { from: 'trailBps', when: ['trailingStop'] },
          newClientOrderId: { from: 'clientOrderId' },
          newOrderRespType: { is: 'FULL' },
          ...signed,
        },
        answer: { kind: 'order', rows: null, fields: order },
      },
      orderCancel: {
        method: 'DELETE',
        path: '/api/v3/order',
        place: 'query',
        parameters: one,
        answer: { kind: 'order', rows: null, fields: order },
      },
      orderCancelAll: {
        method: 'DELETE',
        path: '/api/v3/openOrders',
        place: 'query',
        parameters: { symbol: { from: 'symbol' }, ...signed },
        answer: { kind: 'orders', rows: '', fields: order },
      },
      orderGet: {
        method: 'GET',
        path: '/api/v3/order',
        place: 'query',
        parameters: one,
        answer: { kind: 'order', rows: null, fields: order },
      },
      ordersOpen: {
        method: 'GET',
        path: '/api/v3/openOrders',
        place: 'query',
        parameters: { symbol: { from: 'symbol' }, ...signed },
        answer: { kind: 'orders', rows: '', fields: order },
      },
      ordersHistory: {
        method: 'GET',
        path: '/api/v3/allOrders',
        place: 'query',
        parameters: {
          symbol: { from: 'symbol' },
          startTime: { from: 'sinceMs' },
          limit: { is: '1000' },
          ...signed,
        },
        answer: { kind: 'orders', rows: '', fields: order },
      },
      tradesHistory: {
        method: 'GET',
        path: '/api/v3/myTrades',
        place: 'query',
        parameters: {
          symbol: { from: 'symbol' },
          fromId: { from: 'fromId' },
          limit: { is: '1000' },
          ...signed,
        },
        answer: { kind: 'trades', rows: '', fields: fill },
      },
      balances: {
        method: 'GET',
        path: '/api/v3/account',
        place: 'query',
        parameters: { omitZeroBalances: { is: 'true' }, ...signed },
        answer: { kind: 'balances', rows: '/balances', fields: balance },
      },
      permissions: {
        method: 'GET',
        path: '/sapi/v1/account/apiRestrictions',
        place: 'query',
        parameters: signed,
        answer: {
          kind: 'permissions',
          flags: {
            at: '',
            trade: ['enableSpotAndMarginTrading'],
            waysOut: ['enableWithdrawals', 'enableInternalTransfer', 'permitsUniversalTransfer'],
            harmless: [
              'ipRestrict',
              'enableReading',
              'enableMargin',
              'enableFutures',
              'enableVanillaOptions',
              'enablePortfolioMarginTrading',
              'enableFixApiTrade',
              'enableFixReadOnly',
            ],
            ipAllowList: '/ipRestrict',
          },
        },
      },
    },
  };
}
