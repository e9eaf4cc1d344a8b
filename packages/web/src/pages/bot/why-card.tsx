/** Why the bot does not trade now: what it waits for, and what does not hold it back. */
import { useAnswer } from '../../app/queries.ts';
import { useSay } from '../../app/messages.ts';
import { Card } from '../../parts/card.tsx';
import { Shown } from '../../parts/shown.tsx';
import { clockTime } from '../../parts/time.tsx';

export function WhyCard({ bot }: { readonly bot: string }) {
  const say = useSay();
  const answer = useAnswer('whyBot', { params: { bot } });
  return (
    <Card title={say('bot.why')}>
      <Shown answer={answer}>
        {(why) => {
          const free = why.blockedBy.filter(({ ok }) => ok);
          const held = why.blockedBy.filter(({ ok }) => !ok);
          return (
            <div className="flex flex-col gap-3">
              <p>{why.sentence}</p>
              {why.waitingFor.length > 0 && (
                <ul className="flex flex-col gap-1 text-sm text-muted">
                  {why.waitingFor.slice(0, 5).map(({ name, sentence }) => (
                    <li key={`${name} ${sentence}`}>◇ {sentence}</li>
                  ))}
                </ul>
              )}
              {why.orders.length > 0 && (
                <details>
                  <summary className="min-h-6 cursor-pointer text-sm text-muted">
                    {say('bot.why.orders', { count: why.orders.length })}
                  </summary>
                  <ul className="mt-1 flex flex-col gap-1 text-sm text-muted">
                    {why.orders.map(({ name, sentence }) => (
                      <li key={name}>{sentence}</li>
                    ))}
                  </ul>
                </details>
              )}
              {held.map(({ what, sentence }) => (
                <p key={what} className="font-medium">
                  ▲ {say('bot.why.blocked', { sentence })}
                </p>
              ))}
              {free.length > 0 && (
                <p className="text-sm text-muted">
                  {say('bot.why.free', {
                    list: free.map(({ what }) => `${say(`bot.what.${what}`)} ✓`).join(' '),
                  })}
                </p>
              )}
              <p className="text-xs text-muted">
                {say('bot.why.checked', { time: clockTime(Date.parse(why.checkedAt)) })}
              </p>
            </div>
          );
        }}
      </Shown>
    </Card>
  );
}
