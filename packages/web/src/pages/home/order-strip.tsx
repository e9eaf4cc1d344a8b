/** A bot's newest orders, a mark each: what became of them, by shape and place as well as by colour. */
import type { Order } from '@counterfoil/api';
import { type Say, useSay } from '../../app/messages.ts';
import { useAnswer } from '../../app/queries.ts';
import { useSpoken } from '../../app/spoken.ts';
import { grouped } from '../../parts/decimal-text.ts';
import { Unanswered } from '../../parts/shown.tsx';
import { timeText } from '../../parts/time-text.ts';
import { roleWord } from '../bots/order-role.ts';

/** As many as a phone's width shows apart, four pixels each. */
const MARKS = 60;

const fates = ['bought', 'sold', 'open', 'withdrawn', 'refused'] as const;
type Fate = (typeof fates)[number];

/** Bought hangs low and sold hangs high; what is open is hollow, what is withdrawn a dash, what was refused solid. */
const look: Readonly<Record<Fate, string>> = {
  bought: 'h-3 self-end bg-up',
  sold: 'h-3 self-start bg-down',
  open: 'h-5 border border-muted',
  withdrawn: 'h-0.5 self-center bg-muted',
  refused: 'h-5 bg-danger',
};

const ended: Partial<Record<Order['state'], Fate>> = {
  rejected: 'refused',
  refused: 'refused',
  notPlaced: 'refused',
  cancelled: 'withdrawn',
  expired: 'withdrawn',
};

/** An order that was filled in part and withdrawn has bought or sold. */
function fateOf({ state, side, filledQuantity }: Order): Fate {
  if (/[1-9]/u.test(filledQuantity)) return side === 'buy' ? 'bought' : 'sold';
  return ended[state] ?? 'open';
}

export function OrderStrip({ bot }: { readonly bot: string }) {
  const say = useSay();
  const { language } = useSpoken();
  const answer = useAnswer('listOrders', { query: { bot, limit: MARKS } });
  const orders = (answer.data?.items ?? []).toReversed();
  if (answer.data === undefined && answer.error !== null) return <Unanswered answers={[answer]} />;
  return (
    <div
      role="img"
      aria-label={answer.data === undefined ? say('state.loading') : summaryOf(orders, say)}
      className="mt-1 flex h-5 max-w-xl gap-px"
    >
      {Array.from({ length: MARKS - orders.length }, (_, at) => (
        <span key={at} className="h-px min-w-px grow basis-0 self-center bg-line" />
      ))}
      {orders.map((order) => (
        <span
          key={order.id}
          title={wordsOf(order, say, language)}
          className={`min-w-px grow basis-0 ${look[fateOf(order)]}`}
        />
      ))}
    </div>
  );
}

/** What the marks mean. */
export function StripLegend() {
  const say = useSay();
  return (
    <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
      {say('strip.legend')}
      {fates.map((fate) => (
        <span key={fate} className="inline-flex h-5 items-center gap-1">
          <span className="inline-flex h-5 w-1.5" aria-hidden="true">
            <span className={`w-full ${look[fate]}`} />
          </span>
          {say(`strip.${fate}`)}
        </span>
      ))}
    </p>
  );
}

function summaryOf(orders: readonly Order[], say: Say): string {
  const counted = fates
    .map((fate) => ({ fate, count: orders.filter((order) => fateOf(order) === fate).length }))
    .filter(({ count }) => count > 0)
    .map(({ fate, count }) => `${count} ${say(`strip.${fate}`)}`);
  return say('strip.orders', { count: orders.length, fates: counted.join(', ') });
}

function wordsOf(order: Order, say: Say, language: string): string {
  const { side, quantity, amount, price, role, state, refusal, journalledAt } = order;
  const words = say('strip.cell', {
    time: timeText(journalledAt, language),
    side,
    quantity: quantity ?? amount ?? '',
    type: price === null ? 'market' : 'limit',
    price: grouped(price ?? '0'),
    role: roleWord(say, role),
    state: say(`order.state.${state}`),
  });
  return refusal === null ? words : `${words} ${refusal}`;
}
