/** Tables with a caption for screen readers; wide ones scroll by themselves, and by keyboard. */
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { useDisplay } from '../app/display.ts';

export interface TableProps {
  readonly caption: string;
  readonly columns: readonly { readonly title: string; readonly right?: boolean }[];
  readonly children: ReactNode;
}

export function Table({ caption, columns, children }: TableProps) {
  const box = useRef<HTMLDivElement>(null);
  const more = useMoreToTheRight(box);
  return (
    <div className="relative">
      <div ref={box} className="overflow-x-auto" tabIndex={0} role="region" aria-label={caption}>
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
      {more && (
        <span
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 right-0 flex w-10 items-center justify-end bg-linear-to-l from-panel text-lg text-muted"
        >
          ›
        </span>
      )}
    </div>
  );
}

/** Whether a box that scrolls sideways holds more than it shows: a thumb would not look for it otherwise. */
function useMoreToTheRight(box: RefObject<HTMLDivElement | null>): boolean {
  const [more, setMore] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = (): void => setMore(element.scrollLeft + element.clientWidth < element.scrollWidth - 1);
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    for (const child of element.children) sizes.observe(child);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [box]);
  return more;
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
