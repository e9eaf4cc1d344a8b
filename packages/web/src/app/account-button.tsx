/** Who is signed in, and the way out; in the demo, that nobody is. */
import { Suspense, lazy, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Panel } from '../parts/panel.tsx';
import { useSay } from './messages.ts';
import { useAnswer } from './queries.ts';

const AccountPanel = lazy(() =>
  import('./account-panel.tsx').then((module) => ({ default: module.AccountPanel })),
);

export function AccountButton() {
  const say = useSay();
  const [open, setOpen] = useState(false);
  const session = useAnswer('getSession', {});
  const name = session.data?.account?.name;
  return (
    <>
      <Button
        onClick={() => setOpen(true)}
        aria-label={name === undefined ? say('account.title') : say('account.open', { name })}
      >
        <span className="flex items-center gap-1" aria-hidden="true">
          <Icon name="person" />
          {name !== undefined && <span className="max-w-32 truncate max-lg:hidden">{name}</span>}
        </span>
      </Button>
      <Panel title={say('account.title')} open={open} onClose={() => setOpen(false)}>
        <Suspense>
          <AccountPanel onLeave={() => setOpen(false)} />
        </Suspense>
      </Panel>
    </>
  );
}
