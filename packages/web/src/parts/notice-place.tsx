/** Where one acts on a notice: the page of the bot that it tells of, else the security centre. */
import type { Notice } from '@counterfoil/api';
import { Link } from '@tanstack/react-router';
import { useSay } from '../app/messages.ts';

const look =
  'mt-1 inline-flex min-h-9 items-center rounded-md border border-line bg-raised px-3 py-1 hover:border-muted';

export interface NoticePlaceProps {
  readonly notice: Notice;
  readonly onGo?: () => void;
}

export function NoticePlace({ notice, onGo }: NoticePlaceProps) {
  const say = useSay();
  const { bot, security, subject } = notice;
  const going = onGo === undefined ? {} : { onClick: onGo };
  if (bot !== null)
    return (
      <Link to="/bots/$bot" params={{ bot }} className={look} {...going}>
        {say('notice.open', { place: subject })}
      </Link>
    );
  if (!security) return null;
  return (
    <Link to="/security" className={look} {...going}>
      {say('notice.open', { place: say('nav.security') })}
    </Link>
  );
}
