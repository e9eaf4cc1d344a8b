/** A form in progress: it survives a reload, a restarted server and a closed tab's undo, until it is sent. */
import { useCallback, useState } from 'react';

/**
 * `initial` also tells which fields there are: what is kept is laid over it, so that a draft of an older page cannot
 * bring fields that this one does not know.
 */
export function useDraft<T extends object>(
  name: string,
  initial: T,
): readonly [draft: T, change: (part: Partial<T>) => void, forget: () => void] {
  const key = `counterfoil-draft-${name}`;
  const [draft, setDraft] = useState<T>(() => ({ ...initial, ...kept(key, initial) }));
  const change = useCallback(
    (part: Partial<T>) =>
      setDraft((before) => {
        const after = { ...before, ...part };
        try {
          sessionStorage.setItem(key, JSON.stringify(after));
        } catch {
          // A full or forbidden storage costs the convenience, not the form.
        }
        return after;
      }),
    [key],
  );
  const forget = useCallback(() => {
    sessionStorage.removeItem(key);
    setDraft(initial);
  }, [key, initial]);
  return [draft, change, forget];
}

function kept<T extends object>(key: string, initial: T): Partial<T> {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(key) ?? '{}');
    if (typeof found !== 'object' || found === null) return {};
    const same = Object.entries(found).filter(
      ([field, value]) => typeof value === typeof (initial as Readonly<Record<string, unknown>>)[field],
    );
    return Object.fromEntries(same) as Partial<T>;
  } catch {
    return {};
  }
}
