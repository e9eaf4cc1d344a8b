import type { Market } from '@counterfoil/vocabulary';
import type { Candles } from '../candles/candles.ts';
import type { FillModel } from '../fills/model.ts';
import { ladderSteps } from '../machines/dca/ladder.ts';
import type { DcaOptions } from '../machines/dca/options.ts';
import type { Condition, IndicatorCondition } from '../machines/machine.ts';
import { EXACT_MAX, type Fraction, fraction } from './exact-numbers.ts';

/** The numbers of a plain long DCA bot, each a whole number that doubles hold exactly. */
export interface ShortcutPlan {
  readonly tick: number;
  readonly lot: number;
  readonly lotsMin: number;
  readonly notionalMin: number;
  /** 10^(price scale + quantity scale − quote scale). */
  readonly excess: number;
  /** Quote units that one lot costs at a price of one tick. */
  readonly unit: Fraction;
  readonly makerFee: Fraction;
  readonly takerFee: Fraction;
  /** From a price to the ticks that a taker pays, or gets. */
  readonly worse: Fraction;
  readonly better: Fraction;
  readonly baseMoney: number;
  readonly stepMoney: readonly number[];
  /** More than all averaging orders can lock together. */
  readonly ladderMost: number;
  /** From the price of the base order to the ticks of each step. */
  readonly stepFactors: readonly Fraction[];
  /** Null: deals end by condition alone. */
  readonly target: Fraction | null;
  /** What a deal waits for before it begins and before it is closed at market; none: at once, and never. */
  readonly start: readonly IndicatorCondition[];
  readonly close: readonly IndicatorCondition[];
  /** From the volume of a candle to the lots that our orders may take. */
  readonly volumeShare: Fraction | null;
}

const RATE_ONE = 100_000_000;

/**
 * The plan for a bot that does nothing but enter at market, at once or by indicators, average with resting orders of
 * fixed quote sizes, and leave at one target or at market by indicators; null for every other bot, and where a price or
 * an amount could pass 2^52.
 */
export function shortcutPlan(
  options: DcaOptions,
  market: Market,
  candles: Candles,
  model: FillModel,
): ShortcutPlan | null {
  if (!isPlain(options, market, model)) return null;
  const steps = ladderSteps(options);
  const [target] = options.takeProfit.steps;
  const start = indicatorsAlone(options.start.conditions);
  const close = indicatorsAlone(options.closing.conditions);
  if (options.baseOrder.by !== 'quote' || start === null || close === null) return null;
  const stepMoney: number[] = [];
  for (const { size } of steps) {
    if (size.by !== 'quote') return null;
    stepMoney.push(Number(size.amount));
  }
  const [tick, lot] = [Number(market.tick), Number(market.lot)];
  const excess = 10 ** (market.priceScale + market.quantityScale - market.quoteScale);
  const taken = model.halfSpreadPpm + model.slippagePpm;
  const plan: ShortcutPlan = {
    tick,
    lot,
    lotsMin: Math.max(1, Math.ceil(Number(market.quantityMin) / lot)),
    notionalMin: Number(market.notionalMin),
    excess,
    unit: fraction(tick * lot, excess),
    makerFee: fraction(Number(market.makerFee), RATE_ONE),
    takerFee: fraction(Number(market.takerFee), RATE_ONE),
    worse: fraction(1_000_000 + taken, 1_000_000 * tick),
    better: fraction(1_000_000 - taken, 1_000_000 * tick),
    baseMoney: Number(options.baseOrder.amount),
    stepMoney,
    ladderMost: mostLocked(stepMoney, Math.max(Number(market.makerFee), Number(market.takerFee)) / RATE_ONE),
    stepFactors: steps.map((step) => fraction(RATE_ONE - Number(step.deviation), RATE_ONE * tick)),
    target: target === undefined ? null : fraction(Number(target.rate), RATE_ONE),
    start,
    close,
    volumeShare: model.volumeSharePpm === null ? null : fraction(model.volumeSharePpm, 1_000_000 * lot),
  };
  return isExact(plan, candles) ? plan : null;
}

function indicatorsAlone(conditions: readonly Condition[] | null): readonly IndicatorCondition[] | null {
  const indicators = conditions?.filter((one) => one.kind === 'indicator');
  return indicators?.length === conditions?.length ? (indicators ?? null) : null;
}

/** Two thousand units per order are more than its roundings and the simulated venue's reserve. */
function mostLocked(money: readonly number[], fee: number): number {
  return money.reduce((sum, one) => sum + Math.ceil(one * (1 + fee)) + 2_000, 0);
}

function isPlain(options: DcaOptions, market: Market, model: FillModel): boolean {
  const { start, averaging, takeProfit, closing } = options;
  return (
    options.markets.length === 1 &&
    options.direction === 'long' &&
    options.profitCurrency === 'quote' &&
    options.baseOrderType === 'market' &&
    options.stopLoss === null &&
    options.dealsMax === null &&
    options.reinvestRate === 0n &&
    options.riskReductionRate === 0n &&
    start.delayMs === 0 &&
    start.cooldownMs === 0 &&
    start.priceRange === null &&
    start.turnoverMin === null &&
    averaging.conditions.length === 0 &&
    averaging.activeMax >= ladderSteps(options).length &&
    takeProfit.of === 'total' &&
    takeProfit.trailing === null &&
    takeProfit.steps.length <= 1 &&
    (closing.conditions.length === 0 || closing.profitMin === null) &&
    closing.timeoutMs === null &&
    options.dealsAtOnce === 1 &&
    market.quantityMax === null &&
    market.marketQuantityMax === null &&
    market.notionalMax === null &&
    market.priceMax === null &&
    market.priceScale + market.quantityScale >= market.quoteScale &&
    model.feeIn === 'quote' &&
    model.path !== 'close-only'
  );
}

/** Room for rounding up and for prices a taker pays beyond the highest high. */
const MARGIN = 1.1;

/** A lot at one tick costs more than this only in markets that nobody has; quantities times it stay exact below. */
const UNIT_MAX = 2 ** 20;

function isExact(plan: ShortcutPlan, candles: Candles): boolean {
  const money =
    (plan.baseMoney + plan.stepMoney.reduce((sum, one) => sum + one, 0)) *
    (1 + (plan.target === null ? 0 : plan.target.numerator / plan.target.denominator)) *
    MARGIN;
  return (
    money < EXACT_MAX &&
    candles.pyramid.highest * MARGIN < EXACT_MAX &&
    candles.pyramid.lowest > 0 &&
    plan.unit.numerator < UNIT_MAX &&
    plan.unit.denominator < EXACT_MAX &&
    plan.worse.denominator < EXACT_MAX &&
    plan.stepFactors.every((factor) => factor.denominator < EXACT_MAX) &&
    plan.stepFactors.every((factor) => factor.numerator > 0)
  );
}
