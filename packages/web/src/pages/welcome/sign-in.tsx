/** What a browser sees that is not signed in where an account exists. */
import { useQueryClient } from '@tanstack/react-query';
import { useSay } from '../../app/messages.ts';
import { signIn } from '../../app/passkey.ts';
import { signedIn } from '../../app/session.ts';
import { useDeed } from '../../app/use-deed.ts';
import { Button } from '../../parts/button.tsx';
import { Refused } from '../../parts/shown.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { Recover } from './recover.tsx';
import { RestoreNote } from './restore-note.tsx';

export function SignIn() {
  const say = useSay();
  const queries = useQueryClient();
  const { busy, error, run } = useDeed(async () => {
    await signIn();
    await signedIn(queries);
  });
  return (
    <main className="mx-auto flex min-h-dvh max-w-120 flex-col items-center justify-center gap-6 p-6 text-center">
      <img src="/icon.svg" alt="" className="size-16" />
      <h1 className="text-2xl font-semibold">Counterfoil</h1>
      <p>{say('welcome.line')}</p>
      <Button look="main" busy={busy} onClick={run}>
        {say('welcome.signIn')}
      </Button>
      {error !== null && <Refused error={error} />}
      <details className="w-full">
        <summary className="min-h-6 cursor-pointer text-sm text-muted">{say('recover.title')}</summary>
        <Recover />
      </details>
      <details className="w-full">
        <summary className="min-h-6 cursor-pointer text-sm text-muted">{say('welcome.restore')}</summary>
        <RestoreNote />
      </details>
      <LanguageChoice />
      <p className="text-sm text-muted">{say('welcome.foot')}</p>
    </main>
  );
}
