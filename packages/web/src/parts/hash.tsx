/** A hash, short: its first and last four digits; the whole in its title, and a click copies it. */
import { useState } from 'react';
import { useSay } from '../app/messages.ts';

export function Hash({ value }: { readonly value: string }) {
  const say = useSay();
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button"
      title={say('hash.copy', { value })}
      className="min-h-6 rounded-sm font-mono text-xs"
      onClick={() => {
        void navigator.clipboard.writeText(value).then(() => setCopied(true));
      }}
    >
      {value.length <= 10 ? value : `${value.slice(0, 4)}…${value.slice(-4)}`}
      {copied && ' ✓'}
    </button>
  );
}
