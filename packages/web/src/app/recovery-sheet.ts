/**
 * The recovery sheet of an account that was just made. Nobody can show it again, so it stands over every page until its
 * reader has written it down, whatever the event stream brings meanwhile. It is kept in this page's memory alone.
 */
import { useSyncExternalStore } from 'react';

export interface RecoverySheet {
  /** Workspace and account, as a recovery asks for them. */
  readonly account: string;
  readonly recoveryKey: string;
}

let sheet: RecoverySheet | null = null;
const listeners = new Set<() => void>();

export function showRecoverySheet(next: RecoverySheet | null): void {
  sheet = next;
  for (const listener of listeners) listener();
}

export function useRecoverySheet(): RecoverySheet | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => sheet,
  );
}
