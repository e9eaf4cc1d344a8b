import type { OrderRequest } from '../src/paper/core/commands.ts';
import {
  ORDER_TYPES,
  SELF_TRADE_PREVENTION,
  TIMES_IN_FORCE,
  isAlgo,
  isUnpriced,
} from '../src/paper/core/order.ts';
import { randomBelow } from '../src/paper/core/random.ts';

/** A source of choices: the same seed gives the same orders. */
export interface Choices {
  seed: number;
}

export function pick<T>(choices: Choices, list: readonly T[]): T {
  const item = list[randomBelow(choices, list.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

const CENT = 1_000_000n;
/** Prices stay within 20 cents of this one, so that orders meet all the time. */
const MIDDLE_UNITS = 62_000n * 100_000_000n;

function price(choices: Choices): bigint {
  return MIDDLE_UNITS + BigInt(randomBelow(choices, 41) - 20) * CENT;
}

let nextClientId = 0;

/** An order of any type, mostly sensible, by one of the accounts. */
export function randomOrder(
  choices: Choices,
  accounts: readonly number[],
  withTrailing: boolean,
): OrderRequest {
  const type = randomBelow(choices, 3) === 0 ? pick(choices, ORDER_TYPES) : 'LIMIT';
  const isByQuote = type === 'MARKET' && randomBelow(choices, 2) === 0;
  const isTrailing = withTrailing && isAlgo(type) && randomBelow(choices, 3) === 0;
  nextClientId += 1;
  return {
    account: pick(choices, accounts),
    symbol: 'BTCUSDT',
    clientOrderId: `c-${nextClientId}`,
    side: pick(choices, ['BUY', 'SELL']),
    type,
    timeInForce: type === 'LIMIT' && randomBelow(choices, 4) === 0 ? pick(choices, TIMES_IN_FORCE) : 'GTC',
    quantityUnits: isByQuote ? 0n : 10_000n + 1_000n * BigInt(randomBelow(choices, 400)),
    quoteOrderUnits: isByQuote ? 100_000_000n * BigInt(10 + randomBelow(choices, 300)) + 7n : 0n,
    priceUnits: isUnpriced(type) ? 0n : price(choices),
    stopPriceUnits: isAlgo(type) && !isTrailing ? price(choices) : 0n,
    trailingBips: isTrailing ? 10 + randomBelow(choices, 5) : 0,
    selfTradePrevention: pick(choices, SELF_TRADE_PREVENTION),
  };
}
