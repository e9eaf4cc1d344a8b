/** Where a stranger begins: look at it, keep it, or bring back what was kept elsewhere. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSay } from '../../app/messages.ts';
import { useAnswer } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Shown } from '../../parts/shown.tsx';
import { KeepThis } from './keep-this.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { RestoreNote } from './restore-note.tsx';

type Way = 'keep' | 'restore';

export function Welcome() {
  const say = useSay();
  const session = useAnswer('getSession', {});
  const [way, setWay] = useState<Way | null>(null);
  return (
    <div className="mx-auto flex max-w-120 flex-col gap-5 py-6">
      <div className="self-end">
        <LanguageChoice />
      </div>
      <div className="flex flex-col items-center gap-3 text-center">
        <img src="/icon.svg" alt="" className="size-16" />
        <h1 className="text-2xl font-semibold">Counterfoil</h1>
        <p>{say('welcome.line')}</p>
      </div>
      <div className="flex flex-col gap-3">
        <Link
          to="/"
          className="rounded-md border border-line bg-raised px-3 py-3 text-center hover:border-muted"
        >
          {say('welcome.see')}
        </Link>
        <Button className="py-3" aria-expanded={way === 'keep'} onClick={() => setWay('keep')}>
          {say('welcome.setUp')}
        </Button>
        <Button className="py-3" aria-expanded={way === 'restore'} onClick={() => setWay('restore')}>
          {say('welcome.restore')}
        </Button>
      </div>
      {way === 'restore' && <RestoreNote />}
      <Shown answer={session}>
        {({ kind, account, version }) => (
          <>
            {way === 'keep' &&
              (kind === 'account' ? (
                <p>{say('welcome.kept', { name: account?.name ?? '' })}</p>
              ) : (
                <KeepThis />
              ))}
            <p className="text-center text-sm text-muted">
              Counterfoil {version} · Apache-2.0 · {say('welcome.foot')}{' '}
              <Link to="/settings" className="underline">
                {say('welcome.contacts')}
              </Link>
            </p>
          </>
        )}
      </Shown>
    </div>
  );
}
