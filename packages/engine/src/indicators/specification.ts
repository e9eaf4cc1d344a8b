import { AverageCross, ExponentialAverage, SimpleAverage } from './averages.ts';
import type { Indicator } from './bar.ts';
import {
  BollingerPosition,
  CommodityChannel,
  ConvergenceDivergence,
  type MacdOutput,
  MoneyFlow,
  RelativeStrength,
  Stochastic,
  UltimateOscillator,
} from './oscillators.ts';
import {
  AverageTrueRange,
  type AverageTrueRangeForm,
  BaseDistance,
  HeikinAshiRun,
  ParabolicStop,
  TurnoverSum,
  VolumeSum,
} from './trends.ts';

/** An indicator with its parameters; periods count candles of the condition's timeframe. */
export type IndicatorSpec =
  | {
      readonly kind: 'rsi' | 'cci' | 'mfi' | 'sma' | 'ema' | 'volume' | 'turnover' | 'qfl';
      readonly period: number;
    }
  | { readonly kind: 'atr'; readonly period: number; readonly form: AverageTrueRangeForm }
  | { readonly kind: 'sma-cross' | 'ema-cross'; readonly fast: number; readonly slow: number }
  | {
      readonly kind: 'macd';
      readonly fast: number;
      readonly slow: number;
      readonly signal: number;
      readonly output: MacdOutput;
    }
  | { readonly kind: 'bollinger'; readonly period: number; readonly deviations: number }
  | {
      readonly kind: 'stochastic';
      readonly period: number;
      readonly smoothing: number;
      readonly signal: number;
      readonly output: 'k' | 'd';
    }
  | { readonly kind: 'ultimate'; readonly short: number; readonly middle: number; readonly long: number }
  | { readonly kind: 'parabolic'; readonly step: number; readonly max: number }
  | { readonly kind: 'heikin-ashi' };

/** Longest period: a thousand days of one-day candles; a window costs eight bytes per candle. */
export const PERIOD_MAX = 1_000;

/** A fresh indicator. Throws `RangeError` with the parameter's name when a period is out of range. */
export function createIndicator(spec: IndicatorSpec): Indicator {
  checkPeriods(spec);
  switch (spec.kind) {
    case 'rsi':
      return new RelativeStrength(spec.period);
    case 'cci':
      return new CommodityChannel(spec.period);
    case 'mfi':
      return new MoneyFlow(spec.period);
    case 'sma':
      return new SimpleAverage(spec.period);
    case 'ema':
      return new ExponentialAverage(spec.period);
    case 'qfl':
      return new BaseDistance(spec.period);
    case 'volume':
      return new VolumeSum(spec.period);
    case 'turnover':
      return new TurnoverSum(spec.period);
    case 'atr':
      return new AverageTrueRange(spec.period, spec.form);
    case 'sma-cross':
      return new AverageCross(new SimpleAverage(spec.fast), new SimpleAverage(spec.slow));
    case 'ema-cross':
      return new AverageCross(new ExponentialAverage(spec.fast), new ExponentialAverage(spec.slow));
    case 'macd':
      return new ConvergenceDivergence(spec.fast, spec.slow, spec.signal, spec.output);
    case 'bollinger':
      return new BollingerPosition(spec.period, spec.deviations);
    case 'stochastic':
      return new Stochastic(spec.period, spec.smoothing, spec.signal, spec.output);
    case 'ultimate':
      return new UltimateOscillator(spec.short, spec.middle, spec.long);
    case 'parabolic':
      return new ParabolicStop(spec.step, spec.max);
    case 'heikin-ashi':
      return new HeikinAshiRun();
    default:
      return spec satisfies never;
  }
}

/** The name of the shared series: equal specifications on one timeframe are computed once. */
export function indicatorKey(spec: IndicatorSpec, timeframe: string): string {
  const parameters = Object.entries(spec)
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => `${name}=${value}`);
  return [spec.kind, ...parameters.toSorted(), timeframe].join(':');
}

const PERIODS = ['period', 'fast', 'slow', 'signal', 'smoothing', 'short', 'middle', 'long'];

function checkPeriods(spec: IndicatorSpec): void {
  for (const [name, value] of Object.entries(spec)) {
    if (!PERIODS.includes(name)) continue;
    if (!Number.isInteger(value) || value < 1 || value > PERIOD_MAX) {
      throw new RangeError(
        `${spec.kind} ${name} must be a whole number from 1 to ${PERIOD_MAX}, got ${value}`,
      );
    }
  }
}
