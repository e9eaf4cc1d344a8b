/**
 * Plans between the API's decimal text and the engine's units. Percent and rates differ by two digits: 1.5 % is
 * 0.015; factors and rates by none.
 */
import type {
  BotPlan as BotPlanText,
  ConditionBody,
  DcaOptionsBody,
  GridOptionsBody,
  SmartExitBody,
  SmartTradeOptionsBody,
  StopLossBody,
  TakeProfitBody,
} from '@counterfoil/api';
import {
  type Condition,
  type DcaOptions,
  type ExitPrice,
  type GridOptions,
  type GridStop,
  type OrderSize,
  type SmartEntry,
  type SmartExit,
  type SmartTradeOptions,
  type StopLossOptions,
  type TakeProfitOptions,
} from '@counterfoil/engine';
import {
  DecimalError,
  formatAmount,
  formatPrice,
  formatQuantity,
  formatTrimmed,
  type Market,
  parseAmount,
  parsePrice,
  parseQuantity,
  parseRate,
  parseUnits,
  type Price,
  type Rate,
} from '@counterfoil/vocabulary';
import type { BotPlan } from '../../runner/plan.ts';
import { HttpProblem } from '../problem.ts';

const PERCENT_SCALE = 6;

const percentRate = (text: string): Rate => parseUnits(text, PERCENT_SCALE) as Rate;
const percentText = (rate: Rate): string => formatTrimmed(rate, PERCENT_SCALE);
const factorText = (rate: Rate): string => formatTrimmed(rate, 8);
const orNull = <A, B>(value: A | null, map: (value: A) => B): B | null =>
  value === null ? null : map(value);
const toMs = (seconds: number): number => seconds * 1_000;
const toSeconds = (ms: number): number => Math.ceil(ms / 1_000);

/** Reads a part of a plan; more decimals than the market counts are the caller's mistake. */
function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DecimalError)) throw error;
    throw new HttpProblem(
      'impossible',
      `The market does not count so finely: ${error.message}; nothing was done.`,
    );
  }
}

/** The engine's plan. `markets` has the plan's symbols, in their order. */
export function planFromText(plan: BotPlanText, markets: readonly Market[]): BotPlan {
  const [market] = markets;
  if (market === undefined) throw new Error('a plan has a market');
  return reading((): BotPlan =>
    plan.kind === 'dca'
      ? { kind: 'dca', options: dcaFromText(plan.options, market, markets) }
      : { kind: 'grid', options: gridFromText(plan.options, market) },
  );
}

export function symbolsOf(plan: BotPlanText): readonly string[] {
  return plan.kind === 'dca' ? plan.options.markets : [plan.options.market];
}

export function planToText(plan: Exclude<BotPlan, { kind: 'smart-trade' }>): BotPlanText {
  return plan.kind === 'dca'
    ? { kind: 'dca', options: dcaToText(plan.options) }
    : { kind: 'grid', options: gridToText(plan.options) };
}

function dcaFromText(text: DcaOptionsBody, market: Market, markets: readonly Market[]): DcaOptions {
  const { start, averaging, closing } = text;
  const range = start.priceRange;
  return {
    markets,
    direction: text.direction,
    start: {
      conditions: orNull(start.conditions, conditionsFromText),
      delayMs: toMs(start.delaySeconds),
      cooldownMs: toMs(start.cooldownSeconds),
      priceRange: orNull(range, (one) =>
        one.by === 'price'
          ? {
              by: 'price',
              min: orNull(one.min, (value) => parsePrice(market, value)),
              max: orNull(one.max, (value) => parsePrice(market, value)),
            }
          : { by: 'percent', min: orNull(one.min, percentRate), max: orNull(one.max, percentRate) },
      ),
      turnoverMin: orNull(start.turnoverMin, (value) => parseAmount(market, value)),
    },
    baseOrder: sizeFromText(text.baseOrder, market),
    baseOrderType: text.baseOrderType,
    averaging: {
      ladder:
        averaging.ladder.kind === 'scaled'
          ? {
              kind: 'scaled',
              size: sizeFromText(averaging.ladder.size, market),
              steps: averaging.ladder.steps,
              deviation: percentRate(averaging.ladder.deviation),
              stepScale: parseRate(averaging.ladder.stepScale),
              volumeScale: parseRate(averaging.ladder.volumeScale),
            }
          : {
              kind: 'custom',
              steps: averaging.ladder.steps.map((step) => ({
                deviation: percentRate(step.deviation),
                size: sizeFromText(step.size, market),
              })),
            },
      activeMax: averaging.activeMax,
      conditions: conditionsFromText(averaging.conditions),
    },
    takeProfit: takeProfitFromText(text.takeProfit),
    stopLoss: orNull(text.stopLoss, stopLossFromText),
    closing: {
      conditions: conditionsFromText(closing.conditions),
      profitMin: orNull(closing.profitMin, ({ percent, of }) => ({ rate: percentRate(percent), of })),
      timeoutMs: orNull(closing.timeoutSeconds, toMs),
    },
    dealsAtOnce: text.dealsAtOnce,
    dealsPerMarket: text.dealsPerMarket,
    dealsMax: text.dealsMax,
    profitCurrency: text.profitCurrency,
    reinvestRate: percentRate(text.reinvest),
    riskReductionRate: percentRate(text.riskReduction),
  };
}

function dcaToText(options: DcaOptions): DcaOptionsBody {
  const { start, averaging, closing } = options;
  const market = first(options.markets);
  const range = start.priceRange;
  return {
    markets: options.markets.map(({ symbol }) => symbol),
    direction: options.direction,
    start: {
      conditions: orNull(start.conditions, conditionsToText),
      delaySeconds: toSeconds(start.delayMs),
      cooldownSeconds: toSeconds(start.cooldownMs),
      priceRange: orNull(range, (one) =>
        one.by === 'price'
          ? {
              by: 'price',
              min: orNull(one.min, (value) => formatPrice(market, value)),
              max: orNull(one.max, (value) => formatPrice(market, value)),
            }
          : { by: 'percent', min: orNull(one.min, percentText), max: orNull(one.max, percentText) },
      ),
      turnoverMin: orNull(start.turnoverMin, (value) => formatAmount(market, value)),
    },
    baseOrder: sizeToText(options.baseOrder, market),
    baseOrderType: options.baseOrderType,
    averaging: {
      ladder:
        averaging.ladder.kind === 'scaled'
          ? {
              kind: 'scaled',
              size: sizeToText(averaging.ladder.size, market),
              steps: averaging.ladder.steps,
              deviation: percentText(averaging.ladder.deviation),
              stepScale: factorText(averaging.ladder.stepScale),
              volumeScale: factorText(averaging.ladder.volumeScale),
            }
          : {
              kind: 'custom',
              steps: averaging.ladder.steps.map((step) => ({
                deviation: percentText(step.deviation),
                size: sizeToText(step.size, market),
              })),
            },
      activeMax: averaging.activeMax,
      conditions: conditionsToText(averaging.conditions),
    },
    takeProfit: takeProfitToText(options.takeProfit),
    stopLoss: orNull(options.stopLoss, stopLossToText),
    closing: {
      conditions: conditionsToText(closing.conditions),
      profitMin: orNull(closing.profitMin, ({ rate, of }) => ({ percent: percentText(rate), of })),
      timeoutSeconds: orNull(closing.timeoutMs, toSeconds),
    },
    dealsAtOnce: options.dealsAtOnce,
    dealsPerMarket: options.dealsPerMarket,
    dealsMax: options.dealsMax,
    profitCurrency: options.profitCurrency,
    reinvest: percentText(options.reinvestRate),
    riskReduction: percentText(options.riskReductionRate),
  };
}

export function takeProfitFromText(text: TakeProfitBody): TakeProfitOptions {
  return {
    of: text.of,
    steps: text.steps.map((step) => ({ rate: percentRate(step.percent), share: percentRate(step.share) })),
    trailing: orNull(text.trailing, percentRate),
  };
}

function takeProfitToText(options: TakeProfitOptions): TakeProfitBody {
  return {
    of: options.of,
    steps: options.steps.map((step) => ({ percent: percentText(step.rate), share: percentText(step.share) })),
    trailing: orNull(options.trailing, percentText),
  };
}

export function stopLossFromText(text: StopLossBody): StopLossOptions {
  const { percent, timeoutSeconds, ...same } = text;
  return { ...same, rate: percentRate(percent), timeoutMs: orNull(timeoutSeconds, toMs) };
}

function stopLossToText(options: StopLossOptions): StopLossBody {
  const { rate, timeoutMs, ...same } = options;
  return { ...same, percent: percentText(rate), timeoutSeconds: orNull(timeoutMs, toSeconds) };
}

function sizeFromText(size: DcaOptionsBody['baseOrder'], market: Market): OrderSize {
  if (size.by === 'quote') return { by: 'quote', amount: parseAmount(market, size.amount) };
  if (size.by === 'base') return { by: 'base', quantity: parseQuantity(market, size.quantity) };
  return { by: 'percent', rate: percentRate(size.percent) };
}

function sizeToText(size: OrderSize, market: Market): DcaOptionsBody['baseOrder'] {
  if (size.by === 'quote') return { by: 'quote', amount: formatAmount(market, size.amount) };
  if (size.by === 'base') return { by: 'base', quantity: formatQuantity(market, size.quantity) };
  return { by: 'percent', percent: percentText(size.rate) };
}

function conditionsFromText(list: readonly ConditionBody[]): readonly Condition[] {
  return list.map((one): Condition => {
    if (one.kind === 'indicator') return one;
    return { kind: 'signal', name: one.name, validMs: toMs(one.validSeconds) };
  });
}

function conditionsToText(list: readonly Condition[]): ConditionBody[] {
  return list.map((one): ConditionBody => {
    if (one.kind === 'indicator') return one;
    return { kind: 'signal', name: one.name, validSeconds: toSeconds(one.validMs) };
  });
}

function gridFromText(text: GridOptionsBody, market: Market): GridOptions {
  const price = (value: string): Price => parsePrice(market, value);
  const stop = (value: GridOptionsBody['upperStop']): GridStop | null =>
    orNull(value, (one) => ({ price: price(one.price), action: one.action }));
  return {
    ...text,
    market,
    lower: price(text.lower),
    upper: price(text.upper),
    size:
      text.size.by === 'base'
        ? { by: 'base', quantity: parseQuantity(market, text.size.quantity) }
        : { by: 'quote', amount: parseAmount(market, text.size.amount) },
    expandUpTo: orNull(text.expandUpTo, price),
    expandDownTo: orNull(text.expandDownTo, price),
    upperStop: stop(text.upperStop),
    lowerStop: stop(text.lowerStop),
  };
}

function gridToText(options: GridOptions): GridOptionsBody {
  const { market, size } = options;
  const price = (value: Price): string => formatPrice(market, value);
  const stop = (value: GridStop | null): GridOptionsBody['upperStop'] =>
    orNull(value, (one) => ({ price: price(one.price), action: one.action }));
  return {
    ...options,
    market: market.symbol,
    lower: price(options.lower),
    upper: price(options.upper),
    size:
      size.by === 'base'
        ? { by: 'base', quantity: formatQuantity(market, size.quantity) }
        : { by: 'quote', amount: formatAmount(market, size.amount) },
    expandUpTo: orNull(options.expandUpTo, price),
    expandDownTo: orNull(options.expandDownTo, price),
    upperStop: stop(options.upperStop),
    lowerStop: stop(options.lowerStop),
  };
}

export function smartTradeFromText(text: SmartTradeOptionsBody, market: Market): SmartTradeOptions {
  return reading(() => ({
    market,
    direction: text.direction,
    quantity: parseQuantity(market, text.quantity),
    entry: entryFromText(text.entry, market),
    exit: orNull(text.exit, (exit) => smartExitFromText(exit, market)),
  }));
}

export function smartTradeToText(options: SmartTradeOptions): SmartTradeOptionsBody {
  const { market, entry } = options;
  return {
    market: market.symbol,
    direction: options.direction,
    quantity: formatQuantity(market, options.quantity),
    entry: entryToText(entry, market),
    exit: orNull(options.exit, (exit) => smartExitToText(exit, market)),
  };
}

function entryFromText(entry: SmartTradeOptionsBody['entry'], market: Market): SmartEntry {
  switch (entry.kind) {
    case 'market':
      return entry;
    case 'limit':
      return { kind: 'limit', price: parsePrice(market, entry.price) };
    case 'held':
      return { kind: 'held', average: parsePrice(market, entry.average) };
    case 'conditional':
      return {
        kind: 'conditional',
        price: parsePrice(market, entry.price),
        when: entry.when,
        limit: orNull(entry.limit, (value) => parsePrice(market, value)),
        trailing: orNull(entry.trailing, percentRate),
      };
    default:
      return entry satisfies never;
  }
}

function entryToText(entry: SmartEntry, market: Market): SmartTradeOptionsBody['entry'] {
  switch (entry.kind) {
    case 'market':
      return entry;
    case 'limit':
      return { kind: 'limit', price: formatPrice(market, entry.price) };
    case 'held':
      return { kind: 'held', average: formatPrice(market, entry.average) };
    case 'conditional':
      return {
        kind: 'conditional',
        price: formatPrice(market, entry.price),
        when: entry.when,
        limit: orNull(entry.limit, (value) => formatPrice(market, value)),
        trailing: orNull(entry.trailing, percentText),
      };
    default:
      return entry satisfies never;
  }
}

export function smartExitFromText(text: SmartExitBody, market: Market): SmartExit {
  return reading(() => ({
    targets: text.targets.map(({ at, share, type }) => ({
      at: exitFromText(at, market),
      share: percentRate(share),
      type,
    })),
    trailing: orNull(text.trailing, percentRate),
    stop: orNull(text.stop, (stop) => ({
      at: exitFromText(stop.at, market),
      limit: orNull(stop.limit, (value) => parsePrice(market, value)),
      trailing: stop.trailing,
      timeoutMs: orNull(stop.timeoutSeconds, toMs),
      breakeven: stop.breakeven,
    })),
  }));
}

function smartExitToText(exit: SmartExit, market: Market): SmartExitBody {
  return {
    targets: exit.targets.map(({ at, share, type }) => ({
      at: exitToText(at, market),
      share: percentText(share),
      type,
    })),
    trailing: orNull(exit.trailing, percentText),
    stop: orNull(exit.stop, (stop) => ({
      at: exitToText(stop.at, market),
      limit: orNull(stop.limit, (value) => formatPrice(market, value)),
      trailing: stop.trailing,
      timeoutSeconds: orNull(stop.timeoutMs, toSeconds),
      breakeven: stop.breakeven,
    })),
  };
}

type ExitText = SmartExitBody['targets'][number]['at'];

function exitFromText(at: ExitText, market: Market): ExitPrice {
  return at.by === 'price'
    ? { by: 'price', price: parsePrice(market, at.price) }
    : { by: 'rate', rate: percentRate(at.percent) };
}

function exitToText(at: ExitPrice, market: Market): ExitText {
  return at.by === 'price'
    ? { by: 'price', price: formatPrice(market, at.price) }
    : { by: 'percent', percent: percentText(at.rate) };
}

function first(markets: readonly Market[]): Market {
  const [market] = markets;
  if (market === undefined) throw new Error('a plan has a market');
  return market;
}
