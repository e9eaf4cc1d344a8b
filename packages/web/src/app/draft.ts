/** A form in progress: it survives a reload, a restarted server and a closed tab's undo, until it is sent. */
import { useCallback, useState } from 'react';

const PREFIX = 'counterfoil-draft-';

/**
 * `initial` also tells which fields there are: what is kept is laid over it, so that a draft of an older page cannot
 * bring fields that this one does not know.
 */
export function useDraft<T extends object>(
  name: string,
  initial: T,
): readonly [draft: T, change: (part: Partial<T>) => void, forget: () => void, id: string] {
  const key = `${PREFIX}${name}`;
  const [id, setId] = useState(() => keptId(key));
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
    sessionStorage.removeItem(`${key}-id`);
    setId(keptId(key));
    setDraft(initial);
  }, [key, initial]);
  return [draft, change, forget, id];
}

/** A draft's own id, which a copied tab has too. */
function keptId(key: string): string {
  const made = crypto.randomUUID();
  try {
    const kept = sessionStorage.getItem(`${key}-id`);
    if (kept !== null) return kept;
    sessionStorage.setItem(`${key}-id`, made);
  } catch {
    // Without storage there is nothing to outlast.
  }
  return made;
}

/**
 * The idempotency key of what a draft is sent as: the same after a reload and in a copied tab, another once the form
 * was changed or sent. FNV-1a tells forms apart; the server compares the whole.
 */
export function draftKey(id: string, sent: unknown): string {
  let hash = 0x811c9dc5;
  for (const char of JSON.stringify(sent)) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return `${id}-${hash.toString(16)}`;
}

/** Forms in progress belong to whoever filled them in. */
export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
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
