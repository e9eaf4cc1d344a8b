import { type InputHTMLAttributes, type ReactNode, useId } from 'react';

export interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What the number counts, beside it. */
  readonly unit?: string;
  readonly hint?: string;
  /** What is wrong with the value and what would be right. */
  readonly error?: string | undefined;
}

export function Field({ label, value, onChange, unit, hint, error, ...rest }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm text-muted">
        {label}
      </label>
      <div className="flex items-center gap-2">
        <input
          {...rest}
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={error !== undefined}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
          className={`min-h-9 w-full min-w-0 rounded-md border bg-ground px-2 ${error === undefined ? 'border-line' : 'border-danger'}`}
        />
        {unit !== undefined && <span className="shrink-0 text-sm text-muted">{unit}</span>}
      </div>
      {note !== undefined && (
        <p
          id={`${id}-note`}
          className={`text-xs ${error === undefined ? 'text-muted' : 'font-medium text-ink'}`}
        >
          {error === undefined ? note : `⚠ ${note}`}
        </p>
      )}
    </div>
  );
}

export interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: ReactNode }[];
  readonly onChange: (value: T) => void;
}

/** One of a few: a list that every phone knows how to open. */
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm text-muted">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
        className="min-h-9 w-full min-w-0 rounded-md border border-line bg-ground px-2"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
