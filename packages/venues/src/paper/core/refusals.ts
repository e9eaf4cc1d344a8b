/**
 * Every error the paper exchange can answer, with the exact code and text of the exchange it imitates
 * (binance-spot-api-docs, `errors.md`). `status` is the HTTP status.
 */
export interface Refusal {
  readonly code: number;
  readonly message: string;
  readonly status: number;
}

function refusal(code: number, message: string, status = 400): Refusal {
  return { code, message, status };
}

export type FilterName =
  | 'PRICE_FILTER'
  | 'PERCENT_PRICE_BY_SIDE'
  | 'LOT_SIZE'
  | 'MARKET_LOT_SIZE'
  | 'NOTIONAL'
  | 'MAX_NUM_ORDERS'
  | 'MAX_NUM_ALGO_ORDERS'
  | 'TRAILING_DELTA';

export const refusals = {
  unknown: refusal(-1000, 'An unknown error occurred while processing the request.', 500),
  disconnected: refusal(-1001, 'Internal error; unable to process your request. Please try again.', 500),
  unauthorized: refusal(-1002, 'You are not authorized to execute this request.', 401),
  tooMuchWeight: (limit: number): Refusal =>
    refusal(
      -1003,
      `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. ` +
        'Please use WebSocket Streams for live updates to avoid polling the API.',
      429,
    ),
  banned: (untilMs: number): Refusal =>
    refusal(
      -1003,
      `Way too much request weight used; IP banned until ${untilMs}. ` +
        'Please use WebSocket Streams for live updates to avoid bans.',
      418,
    ),
  unexpectedResponse: refusal(
    -1006,
    'An unexpected response was received from the message bus. Execution status unknown.',
    500,
  ),
  executionUnknown: refusal(
    -1007,
    'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
    504,
  ),
  overloaded: refusal(
    -1008,
    'Server is currently overloaded with other requests. Please try again in a few minutes.',
    503,
  ),
  filter: (name: FilterName): Refusal => refusal(-1013, `Filter failure: ${name}`),
  marketClosed: refusal(-1013, 'Market is closed.'),
  tooManyOrders: (limit: number, interval: string): Refusal =>
    refusal(-1015, `Too many new orders; current limit is ${limit} orders per ${interval}.`, 429),
  shuttingDown: refusal(-1016, 'This service is no longer available.', 503),
  unsupported: refusal(-1020, 'This operation is not supported.'),
  outsideRecvWindow: refusal(-1021, 'Timestamp for this request is outside of the recvWindow.'),
  aheadOfServer: refusal(-1021, "Timestamp for this request was 1000ms ahead of the server's time."),
  badSignature: refusal(-1022, 'Signature for this request is not valid.'),
  illegalCharacters: (name: string, range: string): Refusal =>
    refusal(-1100, `Illegal characters found in parameter '${name}'; legal range is '${range}'.`),
  duplicateParameter: refusal(-1101, 'Duplicate values for a parameter detected.'),
  missing: (name: string): Refusal =>
    refusal(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`),
  oneOf: (first: string, second: string): Refusal =>
    refusal(-1102, `Param '${first}' or '${second}' must be sent, but both were empty/null!`),
  tooGreat: (name: string, greatest: number): Refusal =>
    refusal(-1102, `'${name}' contains unexpected value. Cannot be greater than '${greatest}'.`),
  unread: (read: number, sent: number): Refusal =>
    refusal(-1104, `Not all sent parameters were read; read '${read}' parameter(s) but was sent '${sent}'.`),
  empty: (name: string): Refusal => refusal(-1105, `Parameter '${name}' was empty.`),
  notRequired: (name: string): Refusal => refusal(-1106, `Parameter '${name}' sent when not required.`),
  overflow: (name: string): Refusal => refusal(-1108, `Parameter '${name}' overflowed.`),
  tooPrecise: (name: string): Refusal => refusal(-1111, `Parameter '${name}' has too much precision.`),
  badTimeInForce: refusal(-1115, 'Invalid timeInForce.'),
  badOrderType: refusal(-1116, 'Invalid orderType.'),
  badSide: refusal(-1117, 'Invalid side.'),
  badInterval: refusal(-1120, 'Invalid interval.'),
  badSymbol: refusal(-1121, 'Invalid symbol.'),
  badCombination: refusal(-1128, 'Combination of optional parameters invalid.'),
  badParameter: (name: string): Refusal => refusal(-1130, `Data sent for parameter '${name}' is not valid.`),
  listTypeNotSupported: refusal(-1158, 'Order type not supported in OCO.'),
  buyLimitMustBeBelow: refusal(-1165, 'A limit order in a buy OCO must be below.'),
  sellLimitMustBeAbove: refusal(-1166, 'A limit order in a sell OCO must be above.'),
  listNeedsContingent: refusal(-1168, 'At least one OCO order must be contingent.'),
  buyStopMustBeAbove: refusal(-1196, 'A stop loss order in a buy OCO must be above.'),
  sellStopMustBeBelow: refusal(-1197, 'A stop loss order in a sell OCO must be below.'),
  buyProfitMustBeBelow: refusal(-1198, 'A take profit order in a buy OCO must be below.'),
  sellProfitMustBeAbove: refusal(-1199, 'A take profit order in a sell OCO must be above.'),
  wrongPriceRelation: refusal(-2010, 'The relationship of the prices for the orders is not correct.'),
  insufficientBalance: refusal(-2010, 'Account has insufficient balance for requested action.'),
  duplicateOrder: refusal(-2010, 'Duplicate order sent.'),
  wouldTake: refusal(-2010, 'Order would immediately match and take.'),
  wouldTrigger: refusal(-2010, 'Order would trigger immediately.'),
  unknownOrder: refusal(-2011, 'Unknown order sent.'),
  noSuchOrder: refusal(-2013, 'Order does not exist.'),
  noSuchList: refusal(-2018, 'Order list does not exist.'),
  cancelReplacePartlyFailed: refusal(-2021, 'Order cancel-replace partially failed.', 409),
  cancelReplaceFailed: refusal(-2022, 'Order cancel-replace failed.'),
  badRequest: refusal(-1135, 'Invalid JSON Request'),
  badKeyFormat: refusal(-2014, 'API-key format invalid.', 401),
  rejectedKey: refusal(-2015, 'Invalid API-key, IP, or permissions for action.', 401),
} as const;

/** Errors of an exchange that is not well, which only a fault produces, by code. */
export const FAULT_REFUSALS: ReadonlyMap<number, Refusal> = new Map(
  [
    refusals.unknown,
    refusals.disconnected,
    refusals.unexpectedResponse,
    refusals.executionUnknown,
    refusals.overloaded,
    refusals.shuttingDown,
  ].map((known) => [known.code, known]),
);

/** How a request to the exchange ends: with a value, or with a refusal that changed nothing. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

export function accepted<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function refused(refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal };
}
