import { limit, market, type Fields } from './_client.ts';

const PLACE = ['POST', '/api/v3/order'] as const;
const OCO = ['POST', '/api/v3/orderList/oco'] as const;
const sell = (fields: Fields): Fields => ({ symbol: 'BTCUSDT', side: 'SELL', quantity: '0.1', ...fields });
const buy = (fields: Fields): Fields => ({ ...sell(fields), side: 'BUY' });
const maker = (where: 'above' | 'below', price: string): Fields => ({
  [`${where}Type`]: 'LIMIT_MAKER',
  [`${where}Price`]: price,
});
const contingent = (where: 'above' | 'below', type: string, stop: string): Fields => ({
  [`${where}Type`]: type,
  [`${where}StopPrice`]: stop,
});

/** What is asked of a market whose last price is 62,000, with a bid at 61,900 and an ask at 62,100. */
export const ERROR_CASES: readonly (readonly [
  code: number,
  message: string,
  request: readonly [string, string],
  fields: Fields,
])[] = [
  [-1013, 'Filter failure: PRICE_FILTER', PLACE, limit('BUY', '0.1', '61000.001')],
  [-1013, 'Filter failure: PRICE_FILTER', PLACE, limit('SELL', '0.1', '1000001')],
  [-1013, 'Filter failure: PERCENT_PRICE_BY_SIDE', PLACE, limit('BUY', '0.1', '12000')],
  [-1013, 'Filter failure: PERCENT_PRICE_BY_SIDE', PLACE, limit('SELL', '0.1', '320000')],
  [-1013, 'Filter failure: LOT_SIZE', PLACE, limit('BUY', '0.000015', '61000')],
  [-1013, 'Filter failure: LOT_SIZE', PLACE, limit('BUY', '9001', '61000')],
  [-1013, 'Filter failure: MARKET_LOT_SIZE', PLACE, market('SELL', '101')],
  [-1013, 'Filter failure: NOTIONAL', PLACE, limit('BUY', '0.00005', '61000')],
  [-1013, 'Filter failure: NOTIONAL', PLACE, limit('SELL', '200', '62500')],
  [-1013, 'Filter failure: TRAILING_DELTA', PLACE, sell({ type: 'STOP_LOSS', trailingDelta: 5 })],
  [
    -1100,
    "Illegal characters found in parameter 'symbol'; legal range is '^[A-Z0-9-_.]{1,20}$'.",
    PLACE,
    { ...limit('BUY', '1', '1'), symbol: 'btcusdt' },
  ],
  [
    -1100,
    "Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.",
    PLACE,
    limit('BUY', '-1', '61000'),
  ],
  [
    -1100,
    "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[a-zA-Z0-9-_]{1,36}$'.",
    PLACE,
    limit('BUY', '1', '61000', { newClientOrderId: 'x'.repeat(37) }),
  ],
  [
    -1102,
    "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.",
    ['GET', '/api/v3/allOrders'],
    {},
  ],
  [
    -1102,
    "Mandatory parameter 'side' was not sent, was empty/null, or malformed.",
    PLACE,
    { symbol: 'BTCUSDT', type: 'MARKET', quantity: '1' },
  ],
  [
    -1102,
    "Mandatory parameter 'price' was not sent, was empty/null, or malformed.",
    PLACE,
    sell({ type: 'LIMIT', timeInForce: 'GTC' }),
  ],
  [
    -1102,
    "Mandatory parameter 'timeInForce' was not sent, was empty/null, or malformed.",
    PLACE,
    sell({ type: 'LIMIT', price: '62000' }),
  ],
  [
    -1102,
    "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!",
    PLACE,
    { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET' },
  ],
  [
    -1102,
    "Param 'stopPrice' or 'trailingDelta' must be sent, but both were empty/null!",
    PLACE,
    sell({ type: 'STOP_LOSS' }),
  ],
  [
    -1102,
    "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
    ['GET', '/api/v3/order'],
    { symbol: 'BTCUSDT' },
  ],
  [
    -1102,
    "'recvWindow' contains unexpected value. Cannot be greater than '60000'.",
    ['GET', '/api/v3/account'],
    { recvWindow: 60001 },
  ],
  [
    -1104,
    "Not all sent parameters were read; read '7' parameter(s) but was sent '8'.",
    PLACE,
    { ...market('BUY', '0.1'), newOrderRespType: 'ACK', unknown: 1 },
  ],
  [-1105, "Parameter 'timeInForce' was empty.", PLACE, limit('BUY', '1', '61000', { timeInForce: '' })],
  [-1106, "Parameter 'price' sent when not required.", PLACE, market('BUY', '1', { price: '62000' })],
  [
    -1106,
    "Parameter 'timeInForce' sent when not required.",
    PLACE,
    market('BUY', '1', { timeInForce: 'GTC' }),
  ],
  [
    -1106,
    "Parameter 'stopPrice' sent when not required.",
    PLACE,
    limit('BUY', '1', '61000', { stopPrice: '62500' }),
  ],
  [
    -1108,
    "Parameter 'orderId' overflowed.",
    ['GET', '/api/v3/order'],
    { symbol: 'BTCUSDT', orderId: '9'.repeat(20) },
  ],
  [-1111, "Parameter 'quantity' has too much precision.", PLACE, limit('BUY', '0.123456789', '61000')],
  [-1115, 'Invalid timeInForce.', PLACE, limit('BUY', '1', '61000', { timeInForce: 'GTD' })],
  [-1116, 'Invalid orderType.', PLACE, sell({ type: 'ICEBERG' })],
  [-1117, 'Invalid side.', PLACE, { ...market('BUY', '1'), side: 'HOLD' }],
  [-1121, 'Invalid symbol.', PLACE, { ...market('BUY', '1'), symbol: 'NOSUCH' }],
  [
    -1130,
    "Data sent for parameter 'limit' is not valid.",
    ['GET', '/api/v3/allOrders'],
    { symbol: 'BTCUSDT', limit: 1001 },
  ],
  [-1158, 'Order type not supported in OCO.', OCO, sell({ aboveType: 'MARKET', belowType: 'STOP_LOSS' })],
  [
    -1165,
    'A limit order in a buy OCO must be below.',
    OCO,
    buy({ ...maker('above', '62200'), ...contingent('below', 'TAKE_PROFIT', '61000') }),
  ],
  [
    -1166,
    'A limit order in a sell OCO must be above.',
    OCO,
    sell({ ...contingent('above', 'TAKE_PROFIT', '63000'), ...maker('below', '61000') }),
  ],
  [
    -1168,
    'At least one OCO order must be contingent.',
    OCO,
    sell({ ...maker('above', '63000'), ...maker('below', '61000') }),
  ],
  [
    -1196,
    'A stop loss order in a buy OCO must be above.',
    OCO,
    buy({ ...contingent('above', 'STOP_LOSS', '63000'), ...contingent('below', 'STOP_LOSS', '61000') }),
  ],
  [
    -1197,
    'A stop loss order in a sell OCO must be below.',
    OCO,
    sell({ ...contingent('above', 'STOP_LOSS', '63000'), ...contingent('below', 'STOP_LOSS', '61000') }),
  ],
  [
    -1198,
    'A take profit order in a buy OCO must be below.',
    OCO,
    buy({ ...contingent('above', 'TAKE_PROFIT', '63000'), ...contingent('below', 'TAKE_PROFIT', '61000') }),
  ],
  [
    -1199,
    'A take profit order in a sell OCO must be above.',
    OCO,
    sell({ ...contingent('above', 'TAKE_PROFIT', '63000'), ...contingent('below', 'TAKE_PROFIT', '61000') }),
  ],
  [
    -2010,
    'The relationship of the prices for the orders is not correct.',
    OCO,
    sell({ ...maker('above', '61950'), ...contingent('below', 'STOP_LOSS', '61000') }),
  ],
  [-2010, 'Account has insufficient balance for requested action.', PLACE, limit('BUY', '100', '61000')],
  [-2010, 'Account has insufficient balance for requested action.', PLACE, market('SELL', '11')],
  [-2010, 'Order would immediately match and take.', PLACE, sell({ type: 'LIMIT_MAKER', price: '61900' })],
  [-2010, 'Order would trigger immediately.', PLACE, sell({ type: 'STOP_LOSS', stopPrice: '62000' })],
  [-2010, 'Order would trigger immediately.', PLACE, sell({ type: 'TAKE_PROFIT', stopPrice: '61000' })],
  [-2011, 'Unknown order sent.', ['DELETE', '/api/v3/order'], { symbol: 'BTCUSDT', orderId: 987654 }],
  [-2011, 'Unknown order sent.', ['DELETE', '/api/v3/openOrders'], { symbol: 'BTCUSDT' }],
  [-2013, 'Order does not exist.', ['GET', '/api/v3/order'], { symbol: 'BTCUSDT', orderId: 987654 }],
  [-2018, 'Order list does not exist.', ['GET', '/api/v3/orderList'], { orderListId: 987654 }],
];
