/** What a person has to look at, newest first; security before all. */
import type { Notice, SayingCode } from '@counterfoil/api';
import { useAnswer } from '../../app/queries.ts';
import { useSay } from '../../app/messages.ts';
import { Shown } from '../../parts/shown.tsx';
import { NoticePlace } from '../../parts/notice-place.tsx';
import { NoticeSubject } from '../../parts/notice-subject.tsx';
import { Time } from '../../parts/time.tsx';
import { Told } from '../../parts/told.tsx';

const SHOWN = 5;

/** Of the notices of freezes the newest alone holds: each says all that is frozen. */
const aboutFreezes: ReadonlySet<SayingCode> = new Set(['trading-frozen', 'nothing-frozen-any-more']);

function needing(notices: readonly Notice[]): readonly Notice[] {
  const tellsOfFreezes = ({ subjectSaid }: Notice): boolean =>
    subjectSaid !== null && aboutFreezes.has(subjectSaid.code);
  const newest = notices.find(tellsOfFreezes);
  return notices.filter(
    (notice) =>
      notice.level !== 'info' &&
      notice.readAt === null &&
      (!tellsOfFreezes(notice) || (notice === newest && notice.subjectSaid?.code === 'trading-frozen')),
  );
}

export function NeedsYou() {
  const say = useSay();
  const answer = useAnswer('listNotices', { query: { limit: 50 } });
  return (
    <Shown answer={answer}>
      {({ items }) => {
        const open = needing(items);
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
                  <NoticePlace notice={notice} />
                </li>
              ))}
          </ul>
        );
      }}
    </Shown>
  );
}
