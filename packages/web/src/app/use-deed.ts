/** One thing at a time that a browser and the server do together: under way, done, or failed with its reason. */
import { useState } from 'react';

export interface Deed {
  readonly busy: boolean;
  readonly error: Error | null;
  readonly run: () => void;
}

export function useDeed(act: () => Promise<void>): Deed {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const run = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await act();
    } catch (cause) {
      setError(cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, run: () => void run() };
}
