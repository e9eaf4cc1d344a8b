/** What the wizard asks, and the plan that is made of it. Three fields are enough; the rest has good values. */
import type { BotPlan } from '@counterfoil/api';
import { add, formatDecimal, multiply, parseDecimal, quotient, rescale } from '@counterfoil/vocabulary';

export const presets = ['steady', 'deep', 'grid'] as const;
export type Preset = (typeof presets)[number];

export interface BotForm {
  readonly preset: Preset;
  readonly name: string;
  readonly connection: string;
  readonly symbol: string;
  readonly budget: string;
  readonly direction: 'long' | 'short';
  readonly steps: string;
  readonly deviation: string;
  readonly stepScale: string;
  readonly volumeScale: string;
  readonly takeProfit: string;
  readonly trailing: string;
  readonly stopLoss: string;
  readonly lower: string;
  readonly upper: string;
  readonly lines: string;
}

/** Values of the fields that a preset sets. Percent and factors as decimal text. */
export const presetValues: Readonly<Record<Preset, Partial<BotForm>>> = {
  steady: {
    steps: '3',
    deviation: '1.5',
    stepScale: '1',
    volumeScale: '1',
    takeProfit: '1',
    trailing: '',
    stopLoss: '',
  },
  deep: {
    steps: '7',
    deviation: '1',
    stepScale: '1.2',
    volumeScale: '1.3',
    takeProfit: '1.5',
    trailing: '',
    stopLoss: '',
  },
  grid: { lines: '20' },
};

export const emptyForm: BotForm = {
  preset: 'steady',
  name: '',
  connection: '',
  symbol: '',
  budget: '1000',
  direction: 'long',
  steps: '3',
  deviation: '1.5',
  stepScale: '1',
  volumeScale: '1',
  takeProfit: '1',
  trailing: '',
  stopLoss: '',
  lower: '',
  upper: '',
  lines: '20',
};

/** Cents: an order's size in quote need not be finer, and the venue's own step is coarser for most markets. */
const SIZE_SCALE = 2;

/** Null while a field is not a number: then there is nothing to preview yet. */
export function planOf(form: BotForm): BotPlan | null {
  try {
    return form.preset === 'grid' ? gridPlan(form) : dcaPlan(form);
  } catch {
    return null;
  }
}

/** The budget shared among the base order and the averaging orders, each larger than the last by the volume scale. */
function orderSize(form: BotForm): string {
  const scale = parseDecimal(form.volumeScale);
  let parts = parseDecimal('1');
  let volume = parseDecimal('1');
  for (let step = 0; step < wholeNumber(form.steps); step++) {
    parts = add(parts, volume);
    volume = rescale(multiply(volume, scale), 12, 'floor');
  }
  return formatDecimal(quotient(parseDecimal(form.budget), parts, SIZE_SCALE, 'floor'));
}

function dcaPlan(form: BotForm): BotPlan {
  const size = { by: 'quote', amount: orderSize(form) } as const;
  const steps = wholeNumber(form.steps);
  return {
    kind: 'dca',
    options: {
      markets: [form.symbol],
      direction: form.direction,
      start: { conditions: [], delaySeconds: 0, cooldownSeconds: 0, priceRange: null, turnoverMin: null },
      baseOrder: size,
      baseOrderType: 'market',
      averaging: {
        ladder: {
          kind: 'scaled',
          size,
          steps,
          deviation: form.deviation,
          stepScale: form.stepScale,
          volumeScale: form.volumeScale,
        },
        activeMax: steps,
        conditions: [],
      },
      takeProfit: {
        of: 'total',
        steps: [{ percent: form.takeProfit, share: '100' }],
        trailing: form.trailing === '' ? null : form.trailing,
      },
      stopLoss:
        form.stopLoss === ''
          ? null
          : {
              percent: form.stopLoss,
              trailing: false,
              timeoutSeconds: null,
              breakeven: null,
              stopBot: false,
            },
      closing: { conditions: [], profitMin: null, timeoutSeconds: null },
      dealsAtOnce: 1,
      dealsPerMarket: 1,
      dealsMax: null,
      profitCurrency: 'quote',
      reinvest: '0',
      riskReduction: '0',
    },
  };
}

function gridPlan(form: BotForm): BotPlan {
  const lines = wholeNumber(form.lines);
  const amount = quotient(
    parseDecimal(form.budget),
    parseDecimal(String(Math.max(1, lines - 1))),
    SIZE_SCALE,
    'floor',
  );
  parseDecimal(form.lower);
  parseDecimal(form.upper);
  return {
    kind: 'grid',
    options: {
      market: form.symbol,
      lower: form.lower,
      upper: form.upper,
      lines,
      spacing: 'geometric',
      size: { by: 'quote', amount: formatDecimal(amount) },
      profitCurrency: 'quote',
      balanceAtStart: true,
      activeBuysMax: null,
      activeSellsMax: null,
      trailingUp: false,
      trailingDown: false,
      expandUpTo: null,
      expandDownTo: null,
      upperStop: null,
      lowerStop: null,
    },
  };
}

/** Throws for anything but digits. */
function wholeNumber(text: string): number {
  if (!/^\d{1,4}$/u.test(text)) throw new Error(`${text} is not a whole number`);
  return Number(text);
}

/** Five percent on both sides of a price, at the market's step. */
export function rangeAround(price: string, tick: string): Pick<BotForm, 'lower' | 'upper'> {
  const decimals = tick.split('.')[1]?.length ?? 0;
  const at = (factor: string): string =>
    formatDecimal(rescale(multiply(parseDecimal(price), parseDecimal(factor)), decimals, 'floor'));
  return { lower: at('0.95'), upper: at('1.05') };
}
