/** Amounts of money. They arrive as decimal text and are not computed with; sign, arrow and colour say the same. */
import { useDisplay } from '../app/display.ts';
import { cut, grouped } from './decimal-text.ts';

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
