/** The first page: what there is, what needs the reader, what happened. */
import { Link } from '@tanstack/react-router';
import { useAnswer } from '../app/queries.ts';
import { useSay } from '../app/messages.ts';
import { Activity } from './home/activity.tsx';
import { BotStrip } from './home/bot-strip.tsx';
import { NeedsYou } from './home/needs-you.tsx';
import { Worth } from './home/worth.tsx';
import { Card } from '../parts/card.tsx';

export function Home() {
  const say = useSay();
  const session = useAnswer('getSession', {});
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">{say('home.title')}</h1>
      {session.data?.workspace?.environment === 'paper' && (
        <p className="rounded-md border border-dashed border-paper px-3 py-2 text-sm text-paper">
          {say('home.ribbon')}{' '}
          <Link to="/welcome" className="underline">
            {say('welcome.open')}
          </Link>
        </p>
      )}
      <Worth />
      <div className="grid gap-4 lg:grid-cols-3">
        <Card
          title={say('home.bots')}
          className="lg:col-span-2"
          aside={
            <Link to="/bots" className="text-sm text-muted underline">
              {say('home.bots.all')}
            </Link>
          }
        >
          <BotStrip />
        </Card>
        <Card title={say('home.needs')}>
          <NeedsYou />
        </Card>
      </div>
      <Card title={say('home.activity')}>
        <Activity />
      </Card>
    </div>
  );
}
