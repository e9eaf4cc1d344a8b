import type { ButtonHTMLAttributes } from 'react';

const looks = {
  main: 'px-3 bg-accent text-on-accent font-semibold border border-accent',
  plain: 'px-3 bg-raised border border-line hover:border-muted',
  danger: 'px-3 bg-danger text-on-danger font-semibold border border-danger',
  quiet: 'underline text-muted hover:text-ink',
} as const;

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: keyof typeof looks;
  /** A request is under way: the button does nothing a second time. */
  readonly busy?: boolean;
}

export function Button({ look = 'plain', busy = false, disabled, className = '', ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy}
      aria-busy={busy}
      className={`min-h-9 rounded-md py-1 disabled:cursor-not-allowed disabled:opacity-60 ${looks[look]} ${className}`}
    />
  );
}
