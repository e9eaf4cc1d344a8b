/** A SmartTrade as it is drawn: an entry, targets and a stop, each a line on the chart. */
import type { SmartTradeOptionsBody } from '@counterfoil/api';
import { formatDecimal, multiply, parseDecimal, quotient, rescale } from '@counterfoil/vocabulary';

export interface TradeForm {
  readonly connection: string;
  readonly symbol: string;
  readonly direction: 'long' | 'short';
  readonly entry: 'market' | 'limit' | 'conditional';
  readonly entryPrice: string;
  readonly quantity: string;
  /** Prices of one to three targets; equal shares. */
  readonly target1: string;
  readonly target2: string;
  readonly target3: string;
  readonly trailing: string;
  readonly stop: string;
}

export const emptyTrade: TradeForm = {
  connection: '',
  symbol: '',
  direction: 'long',
  entry: 'limit',
  entryPrice: '',
  quantity: '',
  target1: '',
  target2: '',
  target3: '',
  trailing: '',
  stop: '',
};

export const targetFields = ['target1', 'target2', 'target3'] as const;

/** Null while something is missing. */
export function optionsOf(form: TradeForm): SmartTradeOptionsBody | null {
  try {
    parseDecimal(form.quantity);
    const targets = targetFields.map((field) => form[field]).filter((price) => price !== '');
    return {
      market: form.symbol,
      direction: form.direction,
      quantity: form.quantity,
      entry: entryOf(form),
      exit: exitOf(form, targets),
    };
  } catch {
    return null;
  }
}

function entryOf(form: TradeForm): SmartTradeOptionsBody['entry'] {
  if (form.entry === 'market') return { kind: 'market' };
  const price = formatDecimal(parseDecimal(form.entryPrice));
  if (form.entry === 'limit') return { kind: 'limit', price };
  const when = form.direction === 'long' ? 'at-or-above' : 'at-or-below';
  return { kind: 'conditional', price, when, limit: null, trailing: null };
}

function exitOf(form: TradeForm, targets: readonly string[]): SmartTradeOptionsBody['exit'] {
  if (targets.length === 0 && form.stop === '') return null;
  return {
    targets: targets.map((price, at) => ({
      at: { by: 'price', price },
      share: shareOf(at, targets.length),
      type: 'limit',
    })),
    trailing: form.trailing === '' ? null : form.trailing,
    stop:
      form.stop === ''
        ? null
        : {
            at: { by: 'price', price: form.stop },
            limit: null,
            trailing: false,
            timeoutSeconds: null,
            breakeven: false,
          },
  };
}

/** Equal shares that add up to the whole: the last one takes what the division leaves. */
function shareOf(at: number, count: number): string {
  const equal = quotient(parseDecimal('100'), parseDecimal(String(count)), 2, 'floor');
  if (at < count - 1) return formatDecimal(equal);
  const before = multiply(equal, parseDecimal(String(count - 1)));
  const hundred = rescale(parseDecimal('100'), before.scale, 'exact');
  return formatDecimal({ units: hundred.units - before.units, scale: before.scale });
}

/** Lines around a price, to begin with: two targets above and a stop below, mirrored for a short. */
export function linesAround(
  price: string,
  tick: string,
  direction: TradeForm['direction'],
): Partial<TradeForm> {
  const decimals = tick.split('.')[1]?.length ?? 0;
  const at = (factor: string): string =>
    formatDecimal(rescale(multiply(parseDecimal(price), parseDecimal(factor)), decimals, 'floor'));
  const long = direction === 'long';
  return {
    entryPrice: at(long ? '0.999' : '1.001'),
    target1: at(long ? '1.01' : '0.99'),
    target2: at(long ? '1.02' : '0.98'),
    target3: '',
    stop: at(long ? '0.98' : '1.02'),
  };
}

/** A price moved by steps of a thousandth of itself, at the market's tick; as it was where it is no price. */
export function priceStepped(price: string, tick: string, steps: 1 | -1): string {
  try {
    const decimals = tick.split('.')[1]?.length ?? 0;
    return formatDecimal(
      rescale(multiply(parseDecimal(price), parseDecimal(steps > 0 ? '1.001' : '0.999')), decimals, 'floor'),
    );
  } catch {
    return price;
  }
}

/** The smallest order is too small to part among targets: a position to begin with is ten of them. */
const SMALLEST_ORDERS = '10';

/** A quantity to begin with, at the market's lot. */
export function quantityFor(price: string, notionalMin: string, lot: string): string {
  const amount = multiply(parseDecimal(notionalMin), parseDecimal(SMALLEST_ORDERS));
  const decimals = lot.replace(/0+$/u, '').split('.')[1]?.length ?? 0;
  return formatDecimal(quotient(amount, parseDecimal(price), decimals, 'ceil'));
}
