import { useEffect, useRef, useState } from 'react';

export interface HoldButtonProps {
  readonly label: string;
  /** Said to screen readers and on hover: what holding does. */
  readonly hint: string;
  readonly holdMs: number;
  readonly onHeld: () => void;
  readonly className: string;
}

/** A button that acts only when it is held; the bar in it fills meanwhile. Works by pointer and by keyboard. */
export function HoldButton({ label, hint, holdMs, onHeld, className }: HoldButtonProps) {
  const [held, setHeld] = useState(false);
  const timer = useRef<number | null>(null);
  const release = (): void => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
    setHeld(false);
  };
  const press = (): void => {
    if (timer.current !== null) return;
    setHeld(true);
    timer.current = setTimeout(() => {
      release();
      onHeld();
    }, holdMs);
  };
  useEffect(() => release, []);
  return (
    <button
      type="button"
      title={hint}
      aria-description={hint}
      className={`relative shrink-0 overflow-hidden rounded-md border border-danger font-semibold select-none ${className}`}
      onPointerDown={press}
      onPointerUp={release}
      onPointerLeave={release}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') press();
      }}
      onKeyUp={release}
      onBlur={release}
    >
      <span
        aria-hidden="true"
        style={{ transitionDuration: held ? `${holdMs}ms` : '0ms' }}
        className={`absolute inset-0 origin-left bg-danger transition-transform ease-linear ${held ? 'scale-x-100' : 'scale-x-0'}`}
      />
      <span className="relative">{label}</span>
    </button>
  );
}
