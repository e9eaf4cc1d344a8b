import type { Market, MarketRules } from './market.ts';

const BIPS_PER_ONE = 10_000n;

/** Least and greatest limit price, in quote units per one base. */
interface Band {
  readonly leastUnits: bigint;
  readonly greatestUnits: bigint;
}

/** The limit prices that a market takes around its average price. */
export interface PriceBands {
  readonly averageUnits: bigint;
  readonly rules: MarketRules;
  readonly BUY: Band;
  readonly SELL: Band;
}

/** The bands around an average price. Kept on the market: every order asks, and trades or rules seldom move them. */
export function priceBands(market: Market, averageUnits: bigint): PriceBands {
  const { rules, bands: known } = market;
  if (known !== null && known.rules === rules && known.averageUnits === averageUnits) return known;
  const bands = {
    averageUnits,
    rules,
    BUY: band(averageUnits, rules.bidMultiplierDownBips, rules.bidMultiplierUpBips),
    SELL: band(averageUnits, rules.askMultiplierDownBips, rules.askMultiplierUpBips),
  };
  market.bands = bands;
  return bands;
}

/** Rounded inwards: a price is a whole number of units. */
function band(averageUnits: bigint, downBips: number, upBips: number): Band {
  return {
    leastUnits: (averageUnits * BigInt(downBips) + BIPS_PER_ONE - 1n) / BIPS_PER_ONE,
    greatestUnits: (averageUnits * BigInt(upBips)) / BIPS_PER_ONE,
  };
}
