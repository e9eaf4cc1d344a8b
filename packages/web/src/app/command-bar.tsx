/** Ctrl+K: go anywhere by a few letters. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Panel } from '../parts/panel.tsx';
import { Shown } from '../parts/shown.tsx';
import { places } from './navigation.tsx';
import { useSay } from './messages.ts';
import { useAnswer } from './queries.ts';

export interface CommandBarProps {
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

interface Entry {
  readonly key: string;
  readonly label: string;
  readonly go: () => Promise<void>;
}

export function CommandBar({ open, onOpen }: CommandBarProps) {
  const say = useSay();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const bots = useAnswer('listBots', { query: { limit: 200 } }, { enabled: open });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      onOpen(true);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [onOpen]);
  const close = (): void => {
    onOpen(false);
    setText('');
  };
  const fits = ({ label }: Entry): boolean => label.toLowerCase().includes(text.toLowerCase());
  const pages = places
    .map(({ to, name }): Entry => ({ key: to, label: say(name), go: () => navigate({ to }) }))
    .filter(fits);
  const found = (bots.data?.items ?? [])
    .map(({ id, name }): Entry => ({
      key: id,
      label: name,
      go: () => navigate({ to: '/bots/$bot', params: { bot: id } }),
    }))
    .filter(fits);
  const run = (entry: Entry | undefined): void => {
    if (entry === undefined) return;
    close();
    void entry.go();
  };
  return (
    <>
      <button
        type="button"
        className="hidden min-h-9 rounded-md border border-line px-3 text-sm text-muted sm:block"
        onClick={() => onOpen(true)}
      >
        {say('command.open')} <kbd className="text-xs">Ctrl K</kbd>
      </button>
      <Panel title={say('command.title')} open={open} onClose={close}>
        <input
          aria-label={say('command.title')}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') run(pages[0] ?? found[0]);
          }}
          className="mb-3 min-h-9 w-full rounded-md border border-line bg-ground px-2"
        />
        <Entries entries={pages} onChoice={run} />
        <Shown answer={bots}>{() => <Entries entries={found} onChoice={run} />}</Shown>
      </Panel>
    </>
  );
}

interface EntriesProps {
  readonly entries: readonly Entry[];
  readonly onChoice: (entry: Entry) => void;
}

function Entries({ entries, onChoice }: EntriesProps) {
  return (
    <ul className="flex flex-col">
      {entries.map((entry) => (
        <li key={entry.key}>
          <button
            type="button"
            className="min-h-9 w-full rounded-md px-2 text-left hover:bg-raised"
            onClick={() => onChoice(entry)}
          >
            {entry.label}
          </button>
        </li>
      ))}
    </ul>
  );
}
