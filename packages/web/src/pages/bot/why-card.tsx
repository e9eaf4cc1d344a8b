/** Why the bot does not trade now: what it waits for, and what does not hold it back. */
import { useAnswer } from '../../app/queries.ts';
import { useSay } from '../../app/messages.ts';
import { useTold } from '../../app/told.ts';
import { Card } from '../../parts/card.tsx';
import { Shown } from '../../parts/shown.tsx';
import { Told } from '../../parts/told.tsx';
import { clockTime } from '../../parts/time.tsx';

export function WhyCard({ bot }: { readonly bot: string }) {
  const say = useSay();
  const told = useTold();
  const answer = useAnswer('whyBot', { params: { bot } });
  return (
    <Card title={say('bot.why')}>
      <Shown answer={answer}>
        {(why) => {
          const free = why.blockedBy.filter(({ ok }) => ok);
          const held = why.blockedBy.filter(({ ok }) => !ok);
          return (
            <div className="flex flex-col gap-3">
              <p>
                <Told of={why} />
              </p>
              {why.waitingFor.length > 0 && (
                <ul className="flex flex-col gap-1 text-sm text-muted">
                  {why.waitingFor.slice(0, 5).map((one) => (
                    <li key={`${one.name} ${one.sentence}`}>
                      ◇ <Told of={one} />
                    </li>
                  ))}
                </ul>
              )}
              {why.orders.length > 0 && (
                <details>
                  <summary className="min-h-6 cursor-pointer text-sm text-muted">
                    {say('bot.why.orders', { count: why.orders.length })}
                  </summary>
                  <ul className="mt-1 flex flex-col gap-1 text-sm text-muted">
                    {why.orders.map((order) => (
                      <li key={order.name}>
                        <Told of={order} />
                      </li>
                    ))}
                  </ul>
                </details>
              )}
              {held.map((block) => (
                <p key={block.what} className="font-medium">
                  ▲ {say('bot.why.blocked', { sentence: told(block).text })}
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
