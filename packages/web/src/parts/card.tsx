import { type ReactNode, useId } from 'react';

export interface CardProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Beside the title: one action or a word of state. */
  readonly aside?: ReactNode;
  readonly className?: string;
}

export function Card({ title, children, aside, className = '' }: CardProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={`min-w-0 rounded-lg border border-line bg-panel p-4 ${className}`}
    >
      <div className="mb-3 flex items-center justify-between gap-3">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
