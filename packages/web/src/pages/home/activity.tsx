/** What happened, newest first: what people and programs did, and every fill. */
import { useSay } from '../../app/messages.ts';
import { useAnswer } from '../../app/queries.ts';
import { type ToldText, useTold } from '../../app/told.ts';
import { grouped } from '../../parts/decimal-text.ts';
import { Shown, Unanswered } from '../../parts/shown.tsx';
import { Empty } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';

const SHOWN = 10;

interface Line extends ToldText {
  readonly id: string;
  readonly at: string;
  /** A bot; a deed's own sentence begins with who did it. */
  readonly bot: string | null;
}

export function Activity() {
  const say = useSay();
  const told = useTold();
  const activity = useAnswer('listActivity', { query: { limit: SHOWN } });
  const fills = useAnswer('listFills', { query: { limit: SHOWN } });
  const bots = useAnswer('listBots', { query: { limit: 200 } });
  return (
    <>
      <Unanswered answers={[bots]} />
      <Shown answer={activity}>
        {({ items: deeds }) => (
          <Shown answer={fills}>
            {({ items: filled }) => {
              const lines: readonly Line[] = [
                ...deeds.map(({ id, at, sentence, said }) => ({
                  id,
                  at,
                  bot: null,
                  ...told({ sentence, said }),
                })),
                ...filled.map((fill) => ({
                  id: fill.id,
                  at: fill.at,
                  bot: bots.data?.items.find(({ id }) => id === fill.bot)?.name ?? fill.bot,
                  text: say('fill.sentence', {
                    side: fill.side,
                    quantity: fill.quantity,
                    price: grouped(fill.price),
                    symbol: fill.symbol,
                  }),
                })),
              ].toSorted((a, b) => b.at.localeCompare(a.at));
              if (lines.length === 0) return <Empty>{say('home.activity.none')}</Empty>;
              return (
                <ol className="flex flex-col">
                  {lines.slice(0, SHOWN).map(({ id, at, bot, text, lang }) => (
                    <li
                      key={id}
                      className="flex flex-wrap gap-x-3 border-t border-line py-2 first:border-t-0"
                    >
                      <span className="text-muted">
                        <Time at={at} />
                      </span>
                      {bot !== null && <span className="font-medium">{bot}</span>}
                      <span className="min-w-0" lang={lang}>
                        {text}
                      </span>
                    </li>
                  ))}
                </ol>
              );
            }}
          </Shown>
        )}
      </Shown>
    </>
  );
}
