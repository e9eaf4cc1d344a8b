/** Start, pause, stop. Stopping asks what becomes of the position, because both answers are about money. */
import type { Bot } from '@counterfoil/api';
import { useState } from 'react';
import { useSend } from '../../app/queries.ts';
import { useSay } from '../../app/messages.ts';
import { Button } from '../../parts/button.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Refused } from '../../parts/shown.tsx';

export function BotActions({ bot }: { readonly bot: Bot }) {
  const say = useSay();
  const start = useSend('startBot');
  const pause = useSend('pauseBot');
  const stop = useSend('stopBot');
  const [stopping, setStopping] = useState(false);
  const params = { bot: bot.id };
  const end = (positions: 'keep' | 'close'): void =>
    stop.mutate({ params, body: { positions, gridAction: null } }, { onSuccess: () => setStopping(false) });
  const error = start.error ?? pause.error;
  return (
    <>
      {(bot.state === 'draft' || bot.state === 'paused') && (
        <Button look="main" busy={start.isPending} onClick={() => start.mutate({ params })}>
          {say('bot.start')}
        </Button>
      )}
      {/* A grid has nothing between running and stopped: its orders rest at the exchange. */}
      {bot.state === 'running' && bot.plan.kind === 'dca' && (
        <Button busy={pause.isPending} onClick={() => pause.mutate({ params })}>
          {say('bot.pause')}
        </Button>
      )}
      {(bot.state === 'running' || bot.state === 'paused' || bot.state === 'failed') && (
        <Button onClick={() => setStopping(true)}>{say('bot.stop')}</Button>
      )}
      {error !== null && (
        <div className="w-full">
          <Refused error={error} />
        </div>
      )}
      <Panel title={say('bot.stop')} open={stopping} onClose={() => setStopping(false)}>
        <div className="flex flex-col gap-3">
          <Button busy={stop.isPending} onClick={() => end('keep')}>
            {say('bot.stop.keep')}
          </Button>
          <Button look="danger" busy={stop.isPending} onClick={() => end('close')}>
            {say('bot.stop.close')}
          </Button>
          {stop.error !== null && <Refused error={stop.error} />}
        </div>
      </Panel>
    </>
  );
}
