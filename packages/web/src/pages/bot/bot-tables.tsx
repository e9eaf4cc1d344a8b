/** The lists behind a bot's tabs. */
import type { Fill } from '@counterfoil/api';
import { useAnswer } from '../../app/queries.ts';
import { useSay } from '../../app/messages.ts';
import { Button } from '../../parts/button.tsx';
import { aligned, digitsOf, grouped } from '../../parts/decimal-text.ts';
import { Change } from '../../parts/figures.tsx';
import { Shown } from '../../parts/shown.tsx';
import { Empty } from '../../parts/states.tsx';
import { Cell, Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { Told } from '../../parts/told.tsx';
import { closedByWord } from '../bots/closed-by.ts';
import { roleWord } from '../bots/order-role.ts';

const ROWS = 50;

function useNothing() {
  const say = useSay();
  return {
    when: ({ items }: { readonly items: readonly unknown[] }) => items.length === 0,
    show: <Empty>{say('bot.none')}</Empty>,
  };
}

export function OrderTable({ bot }: { readonly bot: string }) {
  const say = useSay();
  const answer = useAnswer('listOrders', { query: { bot, limit: ROWS } });
  return (
    <Shown answer={answer} empty={useNothing()}>
      {({ items }) => {
        const priceDigits = digitsOf(items.map(({ price }) => price));
        const digits = digitsOf(items.flatMap((order) => [order.quantity, order.filledQuantity]));
        return (
          <Table
            caption={say('bot.tab.orders')}
            columns={[
              { title: say('order.time') },
              { title: say('order.side') },
              { title: say('order.role') },
              { title: say('order.price'), right: true },
              { title: say('order.quantity'), right: true },
              { title: say('order.filled'), right: true },
              { title: say('order.state') },
            ]}
          >
            {items.map((order) => (
              <tr key={order.id} className="border-t border-line">
                <Cell>
                  <Time at={order.journalledAt} />
                </Cell>
                <Cell>{say(`order.${order.side}`)}</Cell>
                <Cell>{roleWord(say, order.role)}</Cell>
                <Cell right>
                  {order.price === null ? say('order.market') : aligned(order.price, priceDigits)}
                </Cell>
                <Cell right>
                  {order.quantity === null ? (order.amount ?? '—') : aligned(order.quantity, digits)}
                </Cell>
                <Cell right>{aligned(order.filledQuantity, digits)}</Cell>
                <Cell>
                  {say(`order.state.${order.state}`)}
                  {order.refusal !== null && (
                    <p className="text-xs text-muted" lang="en">
                      {order.refusal}
                    </p>
                  )}
                </Cell>
              </tr>
            ))}
          </Table>
        );
      }}
    </Shown>
  );
}

export function DealTable({ bot }: { readonly bot: string }) {
  const say = useSay();
  const answer = useAnswer('listDeals', { query: { bot, limit: ROWS } });
  return (
    <Shown answer={answer} empty={useNothing()}>
      {({ items }) => (
        <Table
          caption={say('bot.tab.deals')}
          columns={[
            { title: say('bot.tab.deals') },
            { title: say('bots.market') },
            { title: say('order.state') },
            { title: say('deal.average'), right: true },
            { title: say('order.quantity'), right: true },
            { title: say('deal.averagings'), right: true },
            { title: say('bots.profit'), right: true },
            { title: say('deal.closedBy') },
          ]}
        >
          {items.map((deal) => (
            <tr key={deal.id} className="border-t border-line">
              <Cell>{say('deal.number', { number: deal.number })}</Cell>
              <Cell>{deal.symbol}</Cell>
              <Cell>{say(`deal.state.${deal.state}`)}</Cell>
              <Cell right>{deal.average === null ? '—' : grouped(deal.average)}</Cell>
              <Cell right>{deal.quantity}</Cell>
              <Cell right>{deal.averagings}</Cell>
              <Cell right>
                {deal.profit === null ? (
                  '—'
                ) : (
                  <Change value={deal.profit.amount} unit={deal.profit.asset} secret />
                )}
              </Cell>
              <Cell>{deal.closedBy === null ? '—' : closedByWord(say, deal.closedBy)}</Cell>
            </tr>
          ))}
        </Table>
      )}
    </Shown>
  );
}

export function FillTable({ bot, onFill }: { readonly bot: string; readonly onFill: (fill: Fill) => void }) {
  const say = useSay();
  const answer = useAnswer('listFills', { query: { bot, limit: ROWS } });
  return (
    <Shown answer={answer} empty={useNothing()}>
      {({ items }) => {
        const priceDigits = digitsOf(items.map(({ price }) => price));
        const digits = digitsOf(items.map(({ quantity }) => quantity));
        const feeDigits = digitsOf(items.map(({ fee }) => fee));
        return (
          <Table
            caption={say('bot.tab.fills')}
            columns={[
              { title: say('order.time') },
              { title: say('order.side') },
              { title: say('order.quantity'), right: true },
              { title: say('order.price'), right: true },
              { title: say('order.fee'), right: true },
              { title: say('receipt.title') },
            ]}
          >
            {items.map((fill) => (
              <tr key={fill.id} className="border-t border-line">
                <Cell>
                  <Time at={fill.at} />
                </Cell>
                <Cell>{say(`order.${fill.side}`)}</Cell>
                <Cell right>{aligned(fill.quantity, digits)}</Cell>
                <Cell right>{aligned(fill.price, priceDigits)}</Cell>
                <Cell right>
                  {aligned(fill.fee, feeDigits)} <span className="text-xs text-muted">{fill.feeAsset}</span>
                </Cell>
                <Cell>
                  <Button look="quiet" onClick={() => onFill(fill)}>
                    {say('receipt.title')}
                  </Button>
                </Cell>
              </tr>
            ))}
          </Table>
        );
      }}
    </Shown>
  );
}

export function DecisionList({ bot }: { readonly bot: string }) {
  const answer = useAnswer('whyBot', { params: { bot } });
  const nothing = useNothing();
  return (
    <Shown answer={answer} empty={{ when: ({ decisions }) => decisions.length === 0, show: nothing.show }}>
      {({ decisions }) => (
        <ol className="flex flex-col">
          {decisions.map((decision) => (
            <li
              key={`${decision.at} ${decision.code} ${decision.sentence}`}
              className="flex gap-3 border-t border-line py-2 first:border-t-0"
            >
              <span className="text-muted">
                <Time at={decision.at} />
              </span>
              <Told of={decision} />
            </li>
          ))}
        </ol>
      )}
    </Shown>
  );
}
