import type { Amount, Direction, Market, Price, Quantity, Rate } from '@counterfoil/vocabulary';
import type { Condition } from '../machine.ts';

/**
 * What a DCA bot does: enter, average down (long) or up (short), leave with a profit. Rates are fractions of 10^8:
 * 1 % is 1,000,000. `checkDcaOptions` says what is impossible before a bot exists.
 */
export interface DcaOptions {
  /** One, or several with one quote asset and quote scale: each deal runs on one of them. */
  readonly markets: readonly Market[];
  readonly direction: Direction;
  readonly start: StartOptions;
  readonly baseOrder: OrderSize;
  readonly baseOrderType: 'market' | 'limit';
  readonly averaging: AveragingOptions;
  readonly takeProfit: TakeProfitOptions;
  readonly stopLoss: StopLossOptions | null;
  readonly closing: ClosingOptions;
  readonly dealsAtOnce: number;
  readonly dealsPerMarket: number;
  /** The bot stops itself after it has started this many deals. */
  readonly dealsMax: number | null;
  /** What a deal gains: quote, or base left over when the quote is recovered. */
  readonly profitCurrency: 'quote' | 'base';
  /** Share of each profit by which later orders grow, of each loss by which they shrink. */
  readonly reinvestRate: Rate;
  readonly riskReductionRate: Rate;
}

export type OrderSize =
  | { readonly by: 'quote'; readonly amount: Amount }
  | { readonly by: 'base'; readonly quantity: Quantity }
  /** Of the free money on the entry side when the deal starts. */
  | { readonly by: 'percent'; readonly rate: Rate };

export interface StartOptions {
  /** All must hold; none means at once; null means only by command. */
  readonly conditions: readonly Condition[] | null;
  readonly delayMs: number;
  /** Pause after a deal on the same market. */
  readonly cooldownMs: number;
  readonly priceRange: PriceRange | null;
  /** Quote turnover over the last 24 hours. */
  readonly turnoverMin: Amount | null;
}

export type PriceRange =
  | { readonly by: 'price'; readonly min: Price | null; readonly max: Price | null }
  /** Relative to the market's price when the bot first looked at it; for bots with several markets. */
  | { readonly by: 'percent'; readonly min: Rate | null; readonly max: Rate | null };

export interface AveragingOptions {
  readonly ladder: AveragingLadder;
  /** Averaging orders that rest in the book at once. */
  readonly activeMax: number;
  /** With conditions an averaging order goes to market when they hold and its price is reached. */
  readonly conditions: readonly Condition[];
}

export type AveragingLadder =
  /** Deviation from the base order grows by `stepScale`, the volume by `volumeScale`, from step to step. */
  | {
      readonly kind: 'scaled';
      readonly size: OrderSize;
      readonly steps: number;
      readonly deviation: Rate;
      readonly stepScale: Rate;
      readonly volumeScale: Rate;
    }
  /** Each deviation counts from the base order. */
  | {
      readonly kind: 'custom';
      readonly steps: readonly { readonly deviation: Rate; readonly size: OrderSize }[];
    };

export interface TakeProfitOptions {
  /** `total`: profit on everything entered. `base`: on the base order's money alone. */
  readonly of: 'total' | 'base';
  /** Up to four; shares sum to one. None: the deal closes by condition, stop loss, time or command only. */
  readonly steps: readonly { readonly rate: Rate; readonly share: Rate }[];
  /** Distance of a trail that takes the place of the last step's limit order once its price is reached. */
  readonly trailing: Rate | null;
}

export interface StopLossOptions {
  /** Counts from the base order's price; lies beyond the last averaging order. */
  readonly rate: Rate;
  /** The stop follows the best price since the base order. */
  readonly trailing: boolean;
  /** How long the price must stay beyond the stop. */
  readonly timeoutMs: number | null;
  /** After the first target the stop moves to the average entry, then to the target before; up to this level. */
  readonly breakeven: 'average' | 'target-1' | 'target-2' | null;
  readonly stopBot: boolean;
}

export interface ClosingOptions {
  /** All must hold; none: no closing by conditions. */
  readonly conditions: readonly Condition[];
  /** Profit below which conditions do not close. */
  readonly profitMin: { readonly rate: Rate; readonly of: 'total' | 'base' } | null;
  /** A deal is closed at market after this time. */
  readonly timeoutMs: number | null;
}

/** One hundred percent as a rate, and the unit of the scales (1.0). */
export const RATE_ONE = 100_000_000n;
