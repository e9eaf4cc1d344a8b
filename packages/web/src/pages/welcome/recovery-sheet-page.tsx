/** What brings an account back when its passkey is lost, shown this once. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useSay } from '../../app/messages.ts';
import { type RecoverySheet, showRecoverySheet } from '../../app/recovery-sheet.ts';
import { signedIn } from '../../app/session.ts';
import { Button } from '../../parts/button.tsx';

export function RecoverySheetPage({ sheet }: { readonly sheet: RecoverySheet }) {
  const say = useSay();
  const queries = useQueryClient();
  useEffect(() => {
    const stay = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', stay);
    return () => removeEventListener('beforeunload', stay);
  }, []);
  const written = (): void => {
    showRecoverySheet(null);
    void signedIn(queries);
  };
  return (
    <main className="mx-auto flex min-h-dvh max-w-120 flex-col justify-center gap-4 p-6">
      <h1 className="text-2xl font-semibold">{say('keep.sheet')}</h1>
      <p>{say('keep.recovery')}</p>
      <dl className="flex flex-col gap-3 rounded-md border border-line bg-raised p-4">
        <Part name={say('recover.account')} value={sheet.account} test="account-name" />
        <Part name={say('recover.key')} value={sheet.recoveryKey} test="recovery-key" />
      </dl>
      <p className="text-sm text-muted">{say('keep.recovery.hint')}</p>
      <Button look="main" className="self-start" onClick={written}>
        {say('keep.written')}
      </Button>
    </main>
  );
}

interface PartProps {
  readonly name: string;
  readonly value: string;
  readonly test: string;
}

function Part({ name, value, test }: PartProps) {
  return (
    <div>
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="font-mono text-lg break-all" data-testid={test}>
        {value}
      </dd>
    </div>
  );
}
