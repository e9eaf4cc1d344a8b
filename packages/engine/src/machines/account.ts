import {
  type Amount,
  type Direction,
  type Fill,
  type Market,
  type Price,
  priceFor,
  type Quantity,
  rescaleUnits,
} from '@counterfoil/vocabulary';
import { entrySide } from './direction.ts';
import { minus, plus, zero } from './units.ts';

/** What went in and out of one position. Every number comes from fills; nothing is estimated. */
export interface Account {
  readonly enteredQuantity: Quantity;
  readonly enteredAmount: Amount;
  readonly exitedQuantity: Quantity;
  readonly exitedAmount: Amount;
  readonly feeBase: Quantity;
  readonly feeQuote: Amount;
}

export const emptyAccount: Account = {
  enteredQuantity: zero(),
  enteredAmount: zero(),
  exitedQuantity: zero(),
  exitedAmount: zero(),
  feeBase: zero(),
  feeQuote: zero(),
};

/** Books one fill. A fee in a third asset changes neither side of the market and is left to the ledger. */
export function book(account: Account, market: Market, direction: Direction, fill: Fill): Account {
  const fees = bookFee(account, market, fill);
  return fill.side === entrySide(direction)
    ? {
        ...fees,
        enteredQuantity: plus(account.enteredQuantity, fill.quantity),
        enteredAmount: plus(account.enteredAmount, fill.amount),
      }
    : {
        ...fees,
        exitedQuantity: plus(account.exitedQuantity, fill.quantity),
        exitedAmount: plus(account.exitedAmount, fill.amount),
      };
}

function bookFee(account: Account, market: Market, fill: Fill): Account {
  if (fill.fee === 0n) return account;
  if (fill.feeAsset === market.base) {
    // A fee of finer grain than the market's quantities is rounded against us.
    const fee = rescaleUnits(fill.fee, fill.feeScale, market.quantityScale, 'ceil') as Quantity;
    return { ...account, feeBase: plus(account.feeBase, fee) };
  }
  if (fill.feeAsset !== market.quote) return account;
  const fee = rescaleUnits(fill.fee, fill.feeScale, market.quoteScale, 'ceil') as Amount;
  return { ...account, feeQuote: plus(account.feeQuote, fee) };
}

/** Base still to be exited: held (long) or owed (short). */
export function openQuantity(account: Account, direction: Direction): Quantity {
  const net = minus(account.enteredQuantity, account.exitedQuantity);
  return direction === 'long' ? minus(net, account.feeBase) : plus(net, account.feeBase);
}

/** Quote gained so far, fees in quote deducted. */
export function quoteGain(account: Account, direction: Direction): Amount {
  const gain =
    direction === 'long'
      ? minus(account.exitedAmount, account.enteredAmount)
      : minus(account.enteredAmount, account.exitedAmount);
  return minus(gain, account.feeQuote);
}

/** Base gained so far, fees in base deducted: zero when exactly what was entered was exited. */
export function baseGain(account: Account, direction: Direction): Quantity {
  const net = minus(account.enteredQuantity, account.exitedQuantity);
  return minus(direction === 'long' ? net : minus(zero<Quantity>(), net), account.feeBase);
}

/** Average entry price; there must be an entry. */
export function averageEntry(account: Account, market: Market): Price {
  return priceFor(market, account.enteredAmount, account.enteredQuantity, 'halfEven');
}
