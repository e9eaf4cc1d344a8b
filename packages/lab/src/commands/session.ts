import { type Candles, candlesOf, rowAt, slice } from '@counterfoil/engine';
import { defaultFillModel, type FillModel } from '@counterfoil/engine/fills';
import { type Amount, type Market, parseAmount, parseQuantity, type Quantity } from '@counterfoil/vocabulary';
import type { ImportedCandles } from '../data/csv.ts';
import { LabError } from '../errors.ts';
import type { Flags } from './flags.ts';
import { marketFromFlags } from './market.ts';

/** What every run needs besides the bot: data, market, money and the fill model. */
export interface LabSession {
  readonly market: Market;
  readonly candles: Candles;
  readonly model: FillModel;
  readonly quote: Amount;
  readonly base: Quantity;
}

export function sessionFromFlags(flags: Flags, data: ImportedCandles): LabSession {
  const market = marketFromFlags(flags, data);
  const all = candlesOf(data.columns, data.stepMs);
  const from = rowAt(all, dayFlag(flags, 'from') ?? 0);
  const to = rowAt(all, dayFlag(flags, 'to') ?? Infinity);
  if (to - from < 2) throw new LabError('bad-flag', '--from and --to leave fewer than two candles.');
  const candles = from === 0 && to === all.length ? all : slice(all, from, to);
  const share = flags.decimal('volume-share', '5');
  const model: FillModel = {
    ...defaultFillModel,
    path: flags.choice('path', ['adaptive', 'low-first', 'high-first', 'close-only']),
    halfSpreadPpm: Math.round(Number(flags.decimal('half-spread', '0.005')) * 10_000),
    slippagePpm: Math.round(Number(flags.decimal('slippage', '0.01')) * 10_000),
    volumeSharePpm: share === '0' ? null : Math.round(Number(share) * 10_000),
    feeIn: flags.choice('fee-in', ['quote', 'received', 'third']),
  };
  return {
    market,
    candles,
    model,
    quote: flags.exact('quote', '10000', (text) => parseAmount(market, text)),
    base: flags.exact('base', '0', (text) => parseQuantity(market, text)),
  };
}

function dayFlag(flags: Flags, name: string): number | null {
  const text = flags.text(name);
  if (text === null) return null;
  const ms = Date.parse(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(ms)) {
    throw new LabError('bad-flag', `--${name} is ${text}; write a day such as 2020-03-01.`);
  }
  return ms / 1_000;
}
