/** What the account button opens: who is signed in, what signing out does, and what it does not. */
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from '../parts/button.tsx';
import { Refused, Shown } from '../parts/shown.tsx';
import { useSay } from './messages.ts';
import { useAnswer, useSend } from './queries.ts';
import { signedOut } from './session.ts';

export function AccountPanel({ onLeave }: { readonly onLeave: () => void }) {
  const say = useSay();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const session = useAnswer('getSession', {});
  const end = useSend('signOut');
  const leave = (): void =>
    end.mutate(
      {},
      {
        onSuccess: () => {
          signedOut(queries);
          void navigate({ to: '/' });
        },
      },
    );
  return (
    <Shown answer={session}>
      {({ account, role, workspace }) =>
        account === null || role === null ? (
          <div className="flex flex-col gap-3">
            <p>{say('account.nobody')}</p>
            <Link to="/welcome" onClick={onLeave} className={link}>
              {say('welcome.setUp')}
            </Link>
          </div>
        ) : (
          <div className="flex flex-col items-start gap-3">
            <p>
              {say('account.as')} <strong className="break-words">{account.name}</strong>
            </p>
            <p className="text-sm text-muted">
              {say(`account.role.${role}`)} · {workspace?.name}
            </p>
            <Link to="/security" onClick={onLeave} className={link}>
              {say('security.devices')}
            </Link>
            <p>{say('account.out.what')}</p>
            <p className="text-sm text-muted">{say('account.out.not')}</p>
            <Button look="main" busy={end.isPending} onClick={leave}>
              {say('account.out')}
            </Button>
            {end.error !== null && <Refused error={end.error} />}
          </div>
        )
      }
    </Shown>
  );
}

const link = 'self-start rounded-md border border-line bg-raised px-3 py-2';
