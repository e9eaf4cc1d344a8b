/** Where notices are sent. A channel counts once its own test was answered. */
import { useState } from 'react';
import { useSay } from '../../app/messages.ts';
import { useAnswer, useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Refused, Shown } from '../../parts/shown.tsx';

const levels = ['info', 'check', 'act'] as const;

export function Channels() {
  const say = useSay();
  const answer = useAnswer('listChannels', {});
  const create = useSend('createChannel');
  const test = useSend('testChannel');
  const remove = useSend('removeChannel');
  const [label, setLabel] = useState('');
  const [url, setUrl] = useState('');
  const [level, setLevel] = useState<(typeof levels)[number]>('check');
  const again = (): void => void answer.refetch();
  const error = create.error ?? test.error ?? remove.error;
  return (
    <Card title={say('channels.title')}>
      <Shown
        answer={answer}
        empty={{
          when: ({ items }) => items.length === 0,
          show: <p className="text-muted">{say('channels.none')}</p>,
        }}
      >
        {({ items }) => (
          <ul className="flex flex-col gap-2">
            {items.map((channel) => (
              <li key={channel.id} className="flex flex-wrap items-center gap-3">
                <span className="min-w-0 grow">
                  {channel.label} <span className="text-sm break-all text-muted">{channel.url}</span>{' '}
                  {say(channel.tested ? 'channels.tested' : 'channels.untested')}
                  {channel.trouble !== null && (
                    <span className="block text-sm" lang="en">
                      {channel.trouble}
                    </span>
                  )}
                </span>
                <Button
                  busy={test.isPending}
                  onClick={() => test.mutate({ params: { channel: channel.id } }, { onSettled: again })}
                >
                  {say('channels.test')}
                </Button>
                <Button
                  busy={remove.isPending}
                  onClick={() => remove.mutate({ params: { channel: channel.id } }, { onSettled: again })}
                >
                  {say('channels.remove')}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Shown>
      <form
        className="mt-3 grid items-end gap-3 sm:grid-cols-4"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ body: { kind: 'webhook', label, url, level } }, { onSuccess: again });
        }}
      >
        <Field label={say('connect.label')} value={label} onChange={setLabel} maxLength={80} required />
        <Field label={say('channels.url')} value={url} onChange={setUrl} type="url" required />
        <Choice
          label={say('channels.level')}
          value={level}
          options={levels.map((value) => ({ value, label: say(`channels.level.${value}`) }))}
          onChange={setLevel}
        />
        <Button type="submit" busy={create.isPending}>
          {say('channels.add')}
        </Button>
      </form>
      {error !== null && <Refused error={error} />}
    </Card>
  );
}
