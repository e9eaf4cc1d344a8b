/** Tables with a caption for screen readers; wide ones scroll by themselves, and by keyboard. */
import type { ReactNode } from 'react';
import { useDisplay } from '../app/display.ts';

export interface TableProps {
  readonly caption: string;
  readonly columns: readonly { readonly title: string; readonly right?: boolean }[];
  readonly children: ReactNode;
}

export function Table({ caption, columns, children }: TableProps) {
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={caption}>
      <table className="w-full text-left">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="text-sm text-muted">
            {columns.map(({ title, right }) => (
              <th
                key={title}
                scope="col"
                className={`px-2 py-2 font-medium ${right === true ? 'text-right' : ''}`}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

export function Cell({
  right = false,
  children,
}: {
  readonly right?: boolean;
  readonly children: ReactNode;
}) {
  const { density } = useDisplay();
  return (
    <td
      className={`px-2 ${density === 'compact' ? 'py-1' : 'py-2.5'} ${right ? 'text-right whitespace-nowrap' : ''}`}
    >
      {children}
    </td>
  );
}
