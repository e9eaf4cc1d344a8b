/** The states that every screen has besides its content: loading, empty, error and stale. */
import type { ReactNode } from 'react';
import { useSay } from '../app/messages.ts';

export function Loading() {
  const say = useSay();
  return (
    <p role="status" className="p-6 text-muted">
      {say('state.loading')}
    </p>
  );
}

export function Empty({ children }: { readonly children: ReactNode }) {
  return (
    <div className="rounded-lg border border-dashed border-line p-8 text-center text-muted">{children}</div>
  );
}

export interface Trouble {
  readonly code: string;
  /** What happened, and what it means for money. */
  readonly what: string;
  readonly todo?: string;
  /** What the server says of it; its language is English. */
  readonly server?: string;
}

export function Failed({ trouble, onRetry }: { readonly trouble: Trouble; readonly onRetry?: () => void }) {
  const say = useSay();
  return (
    <div role="alert" className="rounded-lg border border-danger bg-panel p-4">
      <p className="font-semibold">{trouble.what}</p>
      {trouble.todo !== undefined && <p className="mt-1 text-muted">{trouble.todo}</p>}
      {trouble.server !== undefined && (
        <p className="mt-1 break-words text-muted" lang="en">
          {trouble.server}
        </p>
      )}
      <p className="mt-2 flex items-center gap-4">
        <code className="font-mono text-xs text-muted">{trouble.code}</code>
        {onRetry !== undefined && (
          <button type="button" onClick={onRetry} className="rounded-md border border-line px-3 py-1">
            {say('state.retry')}
          </button>
        )}
      </p>
    </div>
  );
}

export function Stale({ time }: { readonly time: string }) {
  const say = useSay();
  return (
    <p role="status" className="mb-3 rounded-md border border-live px-3 py-2 text-sm">
      {say('state.stale', { time })}
    </p>
  );
}

/** A page whose code did not come, or that failed while it was drawn. Forms in progress outlast the reload. */
export function Broken({ error }: { readonly error: unknown }) {
  const say = useSay();
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const trouble = { code: name, what: say('error.part'), todo: message };
  return <Failed trouble={trouble} onRetry={() => location.reload()} />;
}

export function NotFound() {
  const say = useSay();
  return <Empty>{say('error.page')}</Empty>;
}
