import { type FilterRefusal, formatAmount, type Market } from '@counterfoil/vocabulary';
import { type RefusalCode, type RefusalValues, refusalWords } from './refusal-words.ts';

/** Why options cannot work: the field, what it may be at most (or least), and what to change. */
export interface Refusal {
  readonly field: string;
  readonly limit: string;
  /** One sentence that says what happens and what to change, made of the code and its values. */
  readonly message: string;
  readonly code: RefusalCode;
  readonly values: RefusalValues<RefusalCode>;
}

/** Collects refusals while options are checked. */
export class Refusals {
  readonly list: Refusal[] = [];

  /** Refuses `field` unless `holds`. */
  require<Code extends RefusalCode>(
    holds: boolean,
    field: string,
    limit: string,
    code: Code,
    values: RefusalValues<Code>,
  ): void {
    if (!holds) this.list.push({ field, limit, message: refusalWords[code](values), code, values });
  }

  integer(field: string, value: number, min: number, max: number): void {
    const holds = Number.isInteger(value) && value >= min && value <= max;
    const values = { field, given: String(value), min: String(min), max: String(max) };
    this.require(holds, field, `${min} to ${max}`, 'number-out-of-range', values);
  }
}

/** What a broken filter of a market is told with. */
export function brokenRule(
  market: Market,
  { reason, limit }: FilterRefusal,
): RefusalValues<'position-breaks-rule'> {
  return {
    symbol: market.symbol,
    rule: reason,
    least: limit,
    smallest: formatAmount(market, market.notionalMin),
    quote: market.quote,
  };
}
