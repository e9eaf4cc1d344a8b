/** An order as a sentence: what, for whom, why. */
import { useSay } from '../app/messages.ts';
import { useAnswer } from '../app/queries.ts';
import { useTold } from '../app/told.ts';
import { grouped } from '../parts/decimal-text.ts';
import { Shown } from '../parts/shown.tsx';

export function OrderSentence({ order }: { readonly order: string }) {
  const say = useSay();
  const told = useTold();
  const answer = useAnswer('getOrder', { params: { order } });
  const bots = useAnswer('listBots', { query: { limit: 200 } });
  return (
    <Shown answer={answer}>
      {(found) => (
        <p>
          {say('receipt.sentence', {
            side: found.side,
            quantity: found.quantity ?? found.amount ?? '',
            symbol: found.symbol,
            price: found.price === null ? say('order.market') : grouped(found.price),
            // A trade by hand has no bot; its own id says so.
            bot: bots.data?.items.find(({ id }) => id === found.bot)?.name ?? found.bot,
            state: say(`order.state.${found.state}`),
          })}
          {found.reason !== null &&
            ` ${say('fill.because', {
              reason: told({ sentence: found.reason, said: found.reasonSaid }).text,
            })}`}
        </p>
      )}
    </Shown>
  );
}
