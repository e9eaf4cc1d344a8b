/** A bot's state as a word with a shape, so that it does not rest on colour. */
import type { BotState } from '@counterfoil/api';
import { useSay } from '../../app/messages.ts';

const shapes: Readonly<Record<BotState, string>> = {
  draft: '◌',
  running: '●',
  paused: '❚❚',
  stopping: '◐',
  stopped: '■',
  failed: '✖',
};

export function BotStateWord({ state }: { readonly state: BotState }) {
  const say = useSay();
  return (
    <span
      className={`inline-flex items-center gap-1 text-sm ${state === 'running' ? 'text-ink' : 'text-muted'}`}
    >
      <span aria-hidden="true">{shapes[state]}</span>
      {say(`bots.state.${state}`)}
    </span>
  );
}
