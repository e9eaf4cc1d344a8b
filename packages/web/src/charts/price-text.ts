/** A price that was pointed at on a chart, as decimal text at the market's step. */
import { formatUnits, parseUnits } from '@counterfoil/vocabulary';

export function decimalsOf(tick: string): number {
  return tick.replace(/0+$/u, '').split('.')[1]?.length ?? 0;
}

/** Rounded to the nearest step, at least one: a pixel is coarser than any of them. */
export function priceText(price: number, tick: string): string {
  const decimals = decimalsOf(tick);
  const step = parseUnits(tick, Math.max(decimals, tick.split('.')[1]?.length ?? 0));
  const scale = Math.max(decimals, tick.split('.')[1]?.length ?? 0);
  const units = BigInt(Math.round(price * 10 ** scale));
  const steps = step === 0n ? units : ((units + step / 2n) / step) * step;
  return formatUnits(steps > 0n ? steps : step, scale)
    .replace(/(\.\d*?)0+$/u, '$1')
    .replace(/\.$/u, '');
}
