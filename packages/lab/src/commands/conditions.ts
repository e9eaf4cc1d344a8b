import { type Condition, type IndicatorSpec, type Timeframe, timeframeMs } from '@counterfoil/engine';
import { LabError } from '../errors.ts';
import type { Flags } from './flags.ts';

/** How an indicator is written: its name, then its numbers in parentheses, as many as `defaults` has. */
interface Form {
  readonly defaults: readonly number[];
  readonly make: (numbers: readonly [number, number, number]) => IndicatorSpec;
}

/** Every indicator of the engine under the name that a condition uses. */
const forms: Readonly<Record<string, Form>> = {
  rsi: { defaults: [14], make: ([period]) => ({ kind: 'rsi', period }) },
  cci: { defaults: [20], make: ([period]) => ({ kind: 'cci', period }) },
  mfi: { defaults: [14], make: ([period]) => ({ kind: 'mfi', period }) },
  qfl: { defaults: [10], make: ([period]) => ({ kind: 'qfl', period }) },
  sma: { defaults: [20], make: ([period]) => ({ kind: 'sma', period }) },
  ema: { defaults: [20], make: ([period]) => ({ kind: 'ema', period }) },
  volume: { defaults: [1], make: ([period]) => ({ kind: 'volume', period }) },
  turnover: { defaults: [1], make: ([period]) => ({ kind: 'turnover', period }) },
  'atr-percent': { defaults: [14], make: ([period]) => ({ kind: 'atr', period, form: 'percent' }) },
  'sma-cross': { defaults: [10, 30], make: ([fast, slow]) => ({ kind: 'sma-cross', fast, slow }) },
  'ema-cross': { defaults: [10, 30], make: ([fast, slow]) => ({ kind: 'ema-cross', fast, slow }) },
  macd: {
    defaults: [12, 26, 9],
    make: ([fast, slow, signal]) => ({ kind: 'macd', fast, slow, signal, output: 'histogram' }),
  },
  bollinger: {
    defaults: [20, 2],
    make: ([period, deviations]) => ({ kind: 'bollinger', period, deviations }),
  },
  stochastic: {
    defaults: [14, 3, 3],
    make: ([period, smoothing, signal]) => ({ kind: 'stochastic', period, smoothing, signal, output: 'k' }),
  },
  ultimate: {
    defaults: [7, 14, 28],
    make: ([short, middle, long]) => ({ kind: 'ultimate', short, middle, long }),
  },
  parabolic: { defaults: [0.02, 0.2], make: ([step, max]) => ({ kind: 'parabolic', step, max }) },
  'heikin-ashi': { defaults: [], make: () => ({ kind: 'heikin-ashi' }) },
};

const FORM = /^([a-z-]+)(?:\(([0-9.,]*)\))?@([0-9]+[mhd])(<|>|x<|x>)(-?[0-9]+(?:\.[0-9]+)?)$/;
const COMPARE = { '<': 'less', '>': 'greater', 'x<': 'crossing-down', 'x>': 'crossing-up' } as const;

const SIGNAL = /^signal\(([a-z][a-z0-9-]{0,31})\)(?:@([0-9]{1,5})m)?$/;
/** How long a signal counts where nothing is said: long enough to meet another of the same candle. */
const SIGNAL_MINUTES = 5;

/** Conditions such as `rsi(14)@1h<30`, joined by `,`; `x<` and `x>` mean crossing. All of them must hold. */
export function conditions(flags: Flags, name: string): readonly Condition[] {
  const text = flags.text(name);
  if (text === null) return [];
  // Commas inside parentheses part numbers, not conditions.
  return text.split(/,(?![^(]*\))/).map((one) => conditionFrom(one, name));
}

function conditionFrom(text: string, flag: string): Condition {
  const [, signal, minutes] = SIGNAL.exec(text) ?? [];
  if (signal !== undefined)
    return { kind: 'signal', name: signal, validMs: Number(minutes ?? SIGNAL_MINUTES) * 60_000 };
  const [, kind = '', numbers = '', frame, sign, level] = FORM.exec(text) ?? [];
  const form = Object.hasOwn(forms, kind) ? forms[kind] : undefined;
  const timeframe = Object.keys(timeframeMs).find((known): known is Timeframe => known === frame);
  const compare = Object.entries(COMPARE).find(([known]) => known === sign)?.[1];
  if (form === undefined || timeframe === undefined || compare === undefined) {
    throw new LabError(
      'bad-flag',
      `--${flag} ${text} is not a condition such as rsi(14)@1h<30 or signal(buy)@5m; indicators are ` +
        `${Object.keys(forms).join(', ')}, timeframes ${Object.keys(timeframeMs).join(', ')}.`,
    );
  }
  return {
    kind: 'indicator',
    indicator: form.make(numbersOf(numbers, form, text, flag)),
    timeframe,
    compare,
    level: Number(level),
  };
}

function numbersOf(
  text: string,
  form: Form,
  condition: string,
  flag: string,
): readonly [number, number, number] {
  const given = text === '' ? form.defaults : text.split(',').map(Number);
  if (given.length !== form.defaults.length || given.some((one) => !Number.isFinite(one))) {
    throw new LabError(
      'bad-flag',
      `--${flag} ${condition}: it takes ${form.defaults.length} numbers, such as (${form.defaults.join(',')}).`,
    );
  }
  const [first = 0, second = 0, third = 0] = given;
  return [first, second, third];
}
