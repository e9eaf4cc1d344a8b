/** Amounts of money. They arrive as decimal text and are not computed with; sign, arrow and colour say the same. */
import { useDisplay } from '../app/display.ts';

/** Thousands apart, decimals as they came: `61240.5` is `61 240.5` with narrow spaces. */
export function grouped(decimal: string): string {
  const [whole = '', rest] = decimal.split('.');
  const parted = whole.replace(/\B(?=(?:\d{3})+$)/gu, ' ');
  return rest === undefined ? parted : `${parted}.${rest}`;
}

/** At most `decimals` digits after the point, cut and not rounded: a shown amount is never more than there is. */
export function cut(decimal: string, decimals: number): string {
  const [whole = '', rest = ''] = decimal.split('.');
  return rest === '' || decimals === 0 ? whole : `${whole}.${rest.slice(0, decimals)}`;
}

/** Digits after the point that a column of these needs for its points to stand under each other. */
export function digitsOf(decimals: readonly (string | null)[]): number {
  return Math.max(0, ...decimals.map((decimal) => decimal?.split('.')[1]?.length ?? 0));
}

/** `grouped`, with zeros up to `digits` after the point. */
export function aligned(decimal: string, digits: number): string {
  const [whole = '', rest = ''] = decimal.split('.');
  return grouped(digits === 0 ? whole : `${whole}.${rest.padEnd(digits, '0')}`);
}

export interface AmountProps {
  readonly value: string;
  readonly unit: string;
  readonly decimals?: number;
  /** Amounts that a glance over the shoulder should not see. */
  readonly secret?: boolean;
}

export function Amount({ value, unit, decimals = 8, secret = false }: AmountProps) {
  const { hideAmounts } = useDisplay();
  return (
    <span className="whitespace-nowrap">
      {secret && hideAmounts ? '•••••' : grouped(cut(value, decimals))}{' '}
      <span className="text-xs text-muted">{unit}</span>
    </span>
  );
}

export interface ChangeProps {
  readonly value: string;
  readonly unit: string;
  readonly decimals?: number;
  readonly secret?: boolean;
}

/** A gain or a loss. */
export function Change({ value, unit, decimals = 2, secret = false }: ChangeProps) {
  const { hideAmounts } = useDisplay();
  const falls = value.startsWith('-');
  const flat = /^-?0(?:\.0*)?$/u.test(value);
  const magnitude = grouped(cut(falls ? value.slice(1) : value, decimals));
  const colour = flat ? 'text-muted' : falls ? 'text-down' : 'text-up';
  return (
    <span className={`whitespace-nowrap ${colour}`}>
      {secret && hideAmounts ? '•••••' : `${flat ? '' : falls ? '▼ −' : '▲ +'}${magnitude}`}{' '}
      <span className="text-xs">{unit}</span>
    </span>
  );
}
