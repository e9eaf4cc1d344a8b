/** What a person has to look at, newest first; security before all. */
import { useAnswer } from '../../app/queries.ts';
import { useSay } from '../../app/messages.ts';
import { Shown } from '../../parts/shown.tsx';
import { NoticeSubject } from '../../parts/notice-subject.tsx';
import { Time } from '../../parts/time.tsx';
import { Told } from '../../parts/told.tsx';

const SHOWN = 5;

export function NeedsYou() {
  const say = useSay();
  const answer = useAnswer('listNotices', { query: { limit: 50 } });
  return (
    <Shown answer={answer}>
      {({ items }) => {
        const open = items.filter(({ level, readAt }) => level !== 'info' && readAt === null);
        if (open.length === 0) return <p className="text-muted">{say('home.needs.none')}</p>;
        return (
          <ul className="flex flex-col gap-3">
            {open
              .toSorted((a, b) => Number(b.security) - Number(a.security))
              .slice(0, SHOWN)
              .map((notice) => (
                <li key={notice.id}>
                  <p className="font-medium">
                    {notice.level === 'act' ? '■ ' : '▲ '}
                    <NoticeSubject notice={notice} />
                  </p>
                  <p className="text-sm text-muted">
                    <Told of={{ sentence: notice.body, said: notice.bodySaid }} />
                  </p>
                  <p className="text-xs text-muted">
                    <Time at={notice.at} />
                  </p>
                </li>
              ))}
          </ul>
        );
      }}
    </Shown>
  );
}
