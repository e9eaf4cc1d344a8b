/** Which steps after *Not me* are done; kept in this browser, because they are done outside of it. */
import { useState } from 'react';

export const steps = ['delete', 'password', 'evidence', 'report'] as const;
export type Step = (typeof steps)[number];

export function useTicks(
  trade: string,
): readonly [done: ReadonlySet<Step>, tick: (step: Step, isDone: boolean) => void] {
  const key = `counterfoil-not-me-${trade}`;
  const [done, setDone] = useState(() => kept(key));
  const tick = (step: Step, isDone: boolean): void => {
    const next = new Set(done);
    if (isDone) next.add(step);
    else next.delete(step);
    setDone(next);
    try {
      localStorage.setItem(key, [...next].join(' '));
    } catch {
      // They hold until the page is closed.
    }
  };
  return [done, tick];
}

function kept(key: string): ReadonlySet<Step> {
  try {
    const words = new Set((localStorage.getItem(key) ?? '').split(' '));
    return new Set(steps.filter((step) => words.has(step)));
  } catch {
    return new Set();
  }
}
