/** What is frozen, why, and how to let the vault sign again. */
import type { Freeze } from '@counterfoil/api';
import { useSay } from '../../app/messages.ts';
import { useApproval } from '../../app/approval.ts';
import { useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Refused } from '../../parts/shown.tsx';
import { Time } from '../../parts/time.tsx';

export function Freezes({ freezes }: { readonly freezes: readonly Freeze[] }) {
  const say = useSay();
  const thaw = useSend('thaw');
  const approval = useApproval();
  const end = async ({ scope, connection }: Freeze): Promise<void> => {
    const assertion = await approval.ask({ action: 'thaw', scope, connection });
    if (assertion !== undefined) thaw.mutate({ body: { scope, connection, assertion } });
  };
  const error = approval.error ?? thaw.error;
  return (
    <section className="rounded-lg border-2 border-live p-4" aria-label={say('freeze.on')}>
      <ul className="flex flex-col gap-2">
        {freezes.map((freeze) => (
          <li
            key={`${freeze.scope} ${freeze.connection ?? ''}`}
            className="flex flex-wrap items-center gap-3"
          >
            <span className="font-semibold">❄ {say('freeze.on')}</span>
            <span>
              {say(`freeze.scope.${freeze.scope}`)} · {say(`freeze.depth.${freeze.depth}`)} · {freeze.reason}{' '}
              · <Time at={freeze.at} />
            </span>
            <span className="grow" />
            <Button busy={thaw.isPending} onClick={() => void end(freeze)}>
              {say('thaw.name')}
            </Button>
          </li>
        ))}
      </ul>
      {error !== null && <Refused error={error} />}
    </section>
  );
}
