import {
  checkDcaOptions,
  checkGridOptions,
  checkSmartTradeOptions,
  type Condition,
  type DcaOptions,
  dcaMachine,
  type GridOptions,
  gridMachine,
  type Machine,
  type Refusal,
  type SmartTradeOptions,
  smartTradeMachine,
  type Timeframe,
  timeframeMs,
} from '@counterfoil/engine';
import {
  type Amount,
  type Market,
  parseAmount,
  parsePrice,
  parseQuantity,
  type Price,
  type Quantity,
  type Rate,
} from '@counterfoil/vocabulary';
import { LabError } from '../errors.ts';
import type { Flags } from './flags.ts';
import { percentRate, rateOf } from './market.ts';

/** A bot made of flags, ready to run, with what is impossible about it. */
export interface PreparedBot {
  readonly name: string;
  readonly machine: Machine<unknown, unknown, never>;
  readonly options: unknown;
  /** The same options where the bot is a DCA bot: sweeps may take a shortcut. */
  readonly dca: DcaOptions | null;
  readonly refusals: readonly Refusal[];
}

export function botFromFlags(
  flags: Flags,
  market: Market,
  price: Price,
  free: { quote: Amount; base: Quantity },
): PreparedBot {
  const name = flags.choice('bot', ['dca', 'grid', 'smart-trade']);
  if (name === 'dca') {
    const options = dcaFromFlags(flags, market);
    return {
      name,
      machine: erased(dcaMachine),
      options,
      dca: options,
      refusals: checkDcaOptions(options, [price], free),
    };
  }
  if (name === 'smart-trade') {
    const options = smartTradeFromFlags(flags, market);
    const refusals = checkSmartTradeOptions(options, price);
    return { name, machine: erased(smartTradeMachine), options, dca: null, refusals };
  }
  const options = gridFromFlags(flags, market);
  return {
    name,
    machine: erased(gridMachine),
    options,
    dca: null,
    refusals: checkGridOptions(options, price, free),
  };
}

/** Reports and sweeps treat bots alike; each machine still gets only the options that were made for it. */
function erased<Options, State, Command>(
  machine: Machine<Options, State, Command>,
): Machine<unknown, unknown, never> {
  return machine as unknown as Machine<unknown, unknown, never>;
}

const WHOLE = rateOf('100');

function dcaFromFlags(flags: Flags, market: Market): DcaOptions {
  const steps = flags.whole('steps', 6);
  const target = flags.textOr('take-profit', '1.2');
  const trailing = optionalRate(flags, 'trailing');
  const stop = optionalRate(flags, 'stop-loss');
  return {
    markets: [market],
    direction: flags.choice('direction', ['long', 'short']),
    start: {
      conditions: conditions(flags, 'start-when'),
      delayMs: 0,
      cooldownMs: flags.whole('cooldown-minutes', 0) * 60_000,
      priceRange: null,
      turnoverMin: null,
    },
    baseOrder: { by: 'quote', amount: parseAmount(market, flags.decimal('base-order', '100')) },
    baseOrderType: 'market',
    averaging: {
      ladder: {
        kind: 'scaled',
        size: { by: 'quote', amount: parseAmount(market, flags.decimal('averaging-order', '100')) },
        steps,
        deviation: percentRate(flags, 'deviation', '1'),
        stepScale: scale(flags, 'step-scale'),
        volumeScale: scale(flags, 'volume-scale'),
      },
      activeMax: steps === 0 ? 0 : Math.min(flags.whole('active', steps), steps),
      conditions: [],
    },
    takeProfit: { of: 'total', steps: [{ rate: rateOf(target), share: WHOLE }], trailing },
    stopLoss:
      stop === null
        ? null
        : {
            rate: stop,
            trailing: flags.choice('stop-trailing', ['no', 'yes']) === 'yes',
            timeoutMs: null,
            breakeven: null,
            stopBot: false,
          },
    closing: { conditions: conditions(flags, 'close-when'), profitMin: null, timeoutMs: null },
    dealsAtOnce: 1,
    dealsPerMarket: 1,
    dealsMax: null,
    profitCurrency: 'quote',
    reinvestRate: percentRate(flags, 'reinvest', '0'),
    riskReductionRate: percentRate(flags, 'risk-reduction', '0'),
  };
}

function gridFromFlags(flags: Flags, market: Market): GridOptions {
  return {
    market,
    lower: parsePrice(market, flags.required('lower', '8000')),
    upper: parsePrice(market, flags.required('upper', '12000')),
    lines: flags.whole('lines', 20),
    spacing: flags.choice('spacing', ['arithmetic', 'geometric']),
    size: { by: 'quote', amount: parseAmount(market, flags.decimal('line-order', '100')) },
    profitCurrency: 'quote',
    balanceAtStart: true,
    activeBuysMax: null,
    activeSellsMax: null,
    trailingUp: flags.choice('trailing-up', ['no', 'yes']) === 'yes',
    trailingDown: flags.choice('trailing-down', ['no', 'yes']) === 'yes',
    expandUpTo: null,
    expandDownTo: null,
    upperStop: null,
    lowerStop: null,
  };
}

/** Targets of equal shares at the gains that `--take-profit 1,2,3` lists. */
function smartTradeFromFlags(flags: Flags, market: Market): SmartTradeOptions {
  const gains = flags.textOr('take-profit', '2').split(',');
  const each = (WHOLE / BigInt(gains.length)) as Rate;
  const last = (WHOLE - each * BigInt(gains.length - 1)) as Rate;
  const limit = flags.text('entry-price');
  const stop = optionalRate(flags, 'stop-loss');
  return {
    market,
    direction: flags.choice('direction', ['long', 'short']),
    quantity: parseQuantity(market, flags.decimal('quantity', '0.1')),
    entry: limit === null ? { kind: 'market' } : { kind: 'limit', price: parsePrice(market, limit) },
    exit: {
      targets: gains.map((gain, n) => ({
        at: { by: 'rate', rate: rateOf(gain) },
        share: n === gains.length - 1 ? last : each,
        type: 'limit',
      })),
      trailing: optionalRate(flags, 'trailing'),
      stop:
        stop === null
          ? null
          : {
              at: { by: 'rate', rate: stop },
              limit: null,
              trailing: flags.choice('stop-trailing', ['no', 'yes']) === 'yes',
              timeoutMs: null,
              breakeven: flags.choice('breakeven', ['no', 'yes']) === 'yes',
            },
    },
  };
}

function optionalRate(flags: Flags, name: string): Rate | null {
  const text = flags.text(name);
  if (text === null || text === '0') return null;
  return percentRate(flags, name, '0');
}

/** A factor such as `1.5`; rates count one as one. */
function scale(flags: Flags, name: string): Rate {
  const text = flags.decimal(name, '1');
  const rate = rateOf(text);
  return (rate * 100n) as Rate;
}

const SIGNAL = /^signal\(([a-z][a-z0-9-]{0,31})\)(?:@([0-9]{1,5})m)?$/;
/** How long a signal counts where nothing is said: long enough to meet another of the same candle. */
const SIGNAL_MINUTES = 5;

const FORM = /^(rsi|cci|mfi|qfl)\(([0-9]+)\)@([0-9]+[mhd])(<|>|x<|x>)(-?[0-9.]+)$/;
const COMPARE = { '<': 'less', '>': 'greater', 'x<': 'crossing-down', 'x>': 'crossing-up' } as const;

/** Conditions such as `rsi(14)@1h<30`, joined by `,`; `x<` and `x>` mean crossing. */
function conditions(flags: Flags, name: string): readonly Condition[] {
  const text = flags.text(name);
  if (text === null) return [];
  return text.split(',').map((one): Condition => {
    const [, signal, minutes] = SIGNAL.exec(one) ?? [];
    if (signal !== undefined)
      return { kind: 'signal', name: signal, validMs: Number(minutes ?? SIGNAL_MINUTES) * 60_000 };
    const [, kind, period, frame, compare, level] = FORM.exec(one) ?? [];
    const timeframe = Object.keys(timeframeMs).find((known): known is Timeframe => known === frame);
    const comparison = Object.entries(COMPARE).find(([sign]) => sign === compare)?.[1];
    if (
      (kind !== 'rsi' && kind !== 'cci' && kind !== 'mfi' && kind !== 'qfl') ||
      timeframe === undefined ||
      comparison === undefined
    ) {
      throw new LabError(
        'bad-flag',
        `--${name} ${one} is not a condition such as rsi(14)@1h<30 or signal(buy)@5m.`,
      );
    }
    return {
      kind: 'indicator',
      indicator: { kind, period: Number(period) },
      timeframe,
      compare: comparison,
      level: Number(level),
    };
  });
}
