import { HistoryError } from './history-error.ts';
import { linesOf, millisecondsOf } from './lines.ts';

/** One trade of a file. Decimals stay text. */
export interface TradeRow {
  readonly id: number;
  readonly price: string;
  readonly quantity: string;
  readonly at: number;
}

/** `id,price,quantity,quote amount,time,…`, as the public archive writes trades. */
const TRADE = /^(\d{1,15}),(\d{1,20}(?:\.\d{1,20})?),(\d{1,20}(?:\.\d{1,20})?),[\d.]+,(\d{13,16})(?:,|$)/;

/** Trades of one file of the public archive, packed or not; a line that is no trade ends the reading. */
export async function* tradeRows(path: string): AsyncGenerator<TradeRow> {
  let number = 0;
  for await (const line of linesOf(path)) {
    number += 1;
    if (line === '' || (number === 1 && /^[a-z"]/i.test(line))) continue;
    const [, id, price, quantity, time] = TRADE.exec(line) ?? [];
    if (id === undefined || price === undefined || quantity === undefined || time === undefined) {
      throw new HistoryError('bad-row', `${path}, line ${number} is not a trade: ${line.slice(0, 80)}`);
    }
    yield { id: Number(id), price, quantity, at: millisecondsOf(time) };
  }
}
