/** What is frozen, why, and how to let the vault sign again. */
import type { Freeze } from '@counterfoil/api';
import { connectionId, userId } from '@counterfoil/vocabulary';
import type { FreezeScope } from '@counterfoil/vocabulary/protocol';
import { useSay } from '../../app/messages.ts';
import { useApproval } from '../../app/approval.ts';
import { useAnswer, useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Refused } from '../../parts/shown.tsx';
import { Time } from '../../parts/time.tsx';

export function Freezes({ freezes }: { readonly freezes: readonly Freeze[] }) {
  const say = useSay();
  const thaw = useSend('thaw');
  const approval = useApproval();
  const session = useAnswer('getSession', {});
  const end = async ({ scope, connection }: Freeze): Promise<void> => {
    const owner = session.data?.workspace?.id ?? 'demo';
    const assertion = await approval.ask({
      kind: 'thaw',
      scope: scopeOf(scope, connection, owner),
      assertion: null,
    });
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
              {say(`freeze.scope.${freeze.scope}`)} · {say(`freeze.depth.${freeze.depth}`)} ·{' '}
              {say(`freeze.reason.${freeze.reason}`)} · <Time at={freeze.at} />
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

/** What the gate is asked to thaw: the words that the passkey signs. */
function scopeOf(scope: Freeze['scope'], connection: string | null, owner: string): FreezeScope {
  if (scope === 'connection' && connection !== null)
    return { kind: 'connection', connection: connectionId.parse(connection) };
  return scope === 'user' ? { kind: 'user', user: userId.parse(owner) } : { kind: 'everything' };
}
