/** Freeze, held for a second so that no slip of the hand does it. What it leaves unmanaged is said at once. */
import type { FreezeAnswer } from '@counterfoil/api';
import { useState } from 'react';
import { HoldButton } from '../parts/hold-button.tsx';
import { Panel } from '../parts/panel.tsx';
import { Refused } from '../parts/shown.tsx';
import { useSay } from './messages.ts';
import { useSend } from './queries.ts';

/** `className` says how large it is: in the bar at the top, or under a thumb. */
export function FreezeButton({ className }: { readonly className: string }) {
  const say = useSay();
  const freeze = useSend('freeze');
  const [answer, setAnswer] = useState<FreezeAnswer | null>(null);
  const all = (): void =>
    freeze.mutate(
      // All keys of this workspace; other owners on the same installation are not this page's to stop.
      { body: { scope: 'user', connection: null, depth: 'everything' } },
      { onSuccess: setAnswer },
    );
  const close = (): void => {
    setAnswer(null);
    freeze.reset();
  };
  return (
    <>
      <HoldButton
        label={say('freeze.name')}
        hint={say('freeze.hold')}
        holdMs={1_000}
        onHeld={all}
        className={className}
      />
      <Panel title={say('freeze.on')} open={answer !== null || freeze.error !== null} onClose={close}>
        {freeze.error !== null && <Refused error={freeze.error} onRetry={all} />}
        {answer !== null && (
          <div className="flex flex-col gap-3">
            <p>{say('freeze.done')}</p>
            <p>▲ {say('freeze.limits')}</p>
            {answer.unprotected.length > 0 && (
              <>
                <p className="font-medium">{say('freeze.unprotected')}</p>
                <ul className="list-disc pl-5">
                  {answer.unprotected.map(({ deal, symbol, quantity }) => (
                    <li key={deal}>
                      {quantity} {symbol}
                    </li>
                  ))}
                </ul>
              </>
            )}
          </div>
        )}
      </Panel>
    </>
  );
}
