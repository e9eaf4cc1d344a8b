/** The bell: notices, newest first; opening it marks them as read. */
import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Panel } from '../parts/panel.tsx';
import { Refused, Shown } from '../parts/shown.tsx';
import { Empty } from '../parts/states.tsx';
import { NoticePlace } from '../parts/notice-place.tsx';
import { NoticeSubject } from '../parts/notice-subject.tsx';
import { Time } from '../parts/time.tsx';
import { Told } from '../parts/told.tsx';
import { useSay } from './messages.ts';
import { useAnswer, useSend } from './queries.ts';

export function Alerts() {
  const say = useSay();
  const [open, setOpen] = useState(false);
  const answer = useAnswer('listNotices', { query: { limit: 50 } });
  const read = useSend('readNotices');
  const items = answer.data?.items ?? [];
  const unread = items.filter(({ readAt }) => readAt === null).length;
  const unknown = answer.data === undefined && answer.error !== null;
  const show = (): void => {
    setOpen(true);
    const newest = items[0];
    if (unread > 0 && newest !== undefined) {
      read.mutate({ body: { until: newest.id } }, { onSuccess: () => void answer.refetch() });
    }
  };
  return (
    <>
      <Button
        onClick={show}
        aria-label={say(unknown ? 'alerts.open.unknown' : 'alerts.open', { count: unread })}
      >
        <span className="flex items-center gap-1" aria-hidden="true">
          <Icon name="bell" /> {unknown ? '?' : unread > 0 ? unread : ''}
        </span>
      </Button>
      <Panel title={say('alerts.title')} open={open} onClose={() => setOpen(false)}>
        {read.error !== null && <Refused error={read.error} />}
        <Shown
          answer={answer}
          empty={{ when: () => items.length === 0, show: <Empty>{say('home.needs.none')}</Empty> }}
        >
          {() => (
            <ul className="flex flex-col gap-3">
              {items.map((notice) => (
                <li key={notice.id}>
                  <p className="font-medium">
                    <NoticeSubject notice={notice} />
                  </p>
                  <p className="text-sm text-muted">
                    <Told of={{ sentence: notice.body, said: notice.bodySaid }} />
                  </p>
                  <p className="text-xs text-muted">
                    {say(`channels.level.${notice.level}`)} · <Time at={notice.at} />
                  </p>
                  <NoticePlace notice={notice} onGo={() => setOpen(false)} />
                </li>
              ))}
            </ul>
          )}
        </Shown>
      </Panel>
    </>
  );
}
