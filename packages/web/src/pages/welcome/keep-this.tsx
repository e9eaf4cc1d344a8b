/** *Keep this*: an account with a passkey, and the recovery key, which is shown this once. */
import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { createPasskey } from '../../app/passkey.ts';
import { useSay } from '../../app/messages.ts';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Refused } from '../../parts/shown.tsx';

export function KeepThis() {
  const say = useSay();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const [recoveryKey, setRecoveryKey] = useState<string | null>(null);
  const make = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      setRecoveryKey(await createPasskey(name));
    } catch (cause) {
      setError(cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      setBusy(false);
    }
  };
  if (recoveryKey !== null) {
    return (
      <div className="flex flex-col gap-3">
        <p className="font-medium">{say('keep.recovery')}</p>
        <p
          className="rounded-md border border-line bg-raised p-3 font-mono text-lg"
          data-testid="recovery-key"
        >
          {recoveryKey}
        </p>
        <p className="text-sm text-muted">{say('keep.recovery.hint')}</p>
        <Button look="main" className="self-start" onClick={() => void queries.invalidateQueries()}>
          {say('keep.written')}
        </Button>
      </div>
    );
  }
  return (
    <form
      className="flex max-w-md flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <p>{say('keep.intro')}</p>
      <Field
        label={say('keep.name')}
        value={name}
        onChange={setName}
        maxLength={80}
        required
        autoComplete="username"
      />
      <Button type="submit" look="main" className="self-start" busy={busy} disabled={name === ''}>
        {say('keep.passkey')}
      </Button>
      {error !== null && <Refused error={error} />}
    </form>
  );
}
