/** The market's candles with the bot's fills, open orders and the lines of its deal. */
import type { Bot, Candles, Deal, Fill, Order } from '@counterfoil/api';
import { useMemo } from 'react';
import { useLive } from '../../app/live.ts';
import { useAnswer } from '../../app/queries.ts';
import { type Say, useSay } from '../../app/messages.ts';
import type { ChartFill, ChartLine } from '../../charts/candle-chart.tsx';
import { CandleChart } from '../../charts/late-candle-chart.tsx';
import { chartCandles, liveCandle } from '../../charts/candles.ts';
import { useRecentCandles } from '../../charts/recent-candles.ts';
import { ChartFrame } from '../../charts/chart-frame.tsx';
import { cut, grouped } from '../../parts/decimal-text.ts';
import { Shown, Unanswered } from '../../parts/shown.tsx';
import { roleWord } from '../bots/order-role.ts';

const TIMEFRAME = '1m';
const FILLS = 200;
const ROWS = 50;

export interface BotChartProps {
  readonly bot: Bot;
  readonly symbol: string;
  readonly onFill: (fill: Fill) => void;
}

export function BotChart({ bot, symbol, onFill }: BotChartProps) {
  const candles = useRecentCandles(symbol);
  const fills = useAnswer('listFills', { query: { bot: bot.id, limit: FILLS } });
  const orders = useAnswer('listOrders', { query: { bot: bot.id, open: 'true', limit: 200 } });
  const deals = useAnswer('listDeals', { query: { bot: bot.id, state: 'open', limit: 20 } });
  const here = useMemo(
    () => (fills.data?.items ?? []).filter((fill) => fill.symbol === symbol),
    [fills.data, symbol],
  );
  const say = useSay();
  const lines = useMemo(
    () =>
      linesOf(
        (orders.data?.items ?? []).filter((order) => order.symbol === symbol),
        (deals.data?.items ?? []).filter((deal) => deal.symbol === symbol),
        say,
      ),
    [orders.data, deals.data, symbol, say],
  );
  return (
    <div className="flex min-h-96 flex-col gap-2">
      <Unanswered answers={[fills, orders, deals]} />
      <Shown answer={candles}>
        {(data) => (
          <div className="h-96">
            <Drawn data={data} symbol={symbol} fills={here} lines={lines} onFill={onFill} />
          </div>
        )}
      </Shown>
    </div>
  );
}

interface DrawnProps {
  readonly data: Candles;
  readonly symbol: string;
  readonly fills: readonly Fill[];
  readonly lines: readonly ChartLine[];
  readonly onFill: (fill: Fill) => void;
}

function Drawn({ data, symbol, fills, lines, onFill }: DrawnProps) {
  const say = useSay();
  const price = useLive((live) => live.prices.get(symbol) ?? null);
  const base = useMemo(() => chartCandles(data), [data]);
  const live = useMemo(() => liveCandle(base, price, Date.now()), [base, price]);
  const marks = useMemo(() => fills.map(markOf), [fills]);
  const last = price ?? data.close.at(-1) ?? '0';
  return (
    <ChartFrame
      summary={say('bot.chart', { symbol, timeframe: TIMEFRAME, fills: fills.length, price: grouped(last) })}
      columns={[say('order.time'), say('order.side'), say('order.quantity'), say('order.price')]}
      rows={fills
        .slice(0, ROWS)
        .map((fill) => [fill.at, say(`order.${fill.side}`), fill.quantity, grouped(fill.price)])}
    >
      <CandleChart
        candles={base}
        live={live}
        fills={marks}
        lines={lines}
        decimals={priceDecimals(data)}
        onFill={(id) => {
          const found = fills.find((fill) => fill.id === id);
          if (found !== undefined) onFill(found);
        }}
      />
    </ChartFrame>
  );
}

function priceDecimals({ close }: Candles): number {
  return Math.max(0, ...close.slice(-20).map((price) => price.split('.')[1]?.length ?? 0));
}

function markOf(fill: Fill): ChartFill {
  return { id: fill.id, time: Date.parse(fill.at) / 1_000, side: fill.side, text: cut(fill.quantity, 6) };
}

function linesOf(orders: readonly Order[], deals: readonly Deal[], say: Say): readonly ChartLine[] {
  const fixed = { planned: false, draggable: false } as const;
  const resting = orders.flatMap((order): readonly ChartLine[] =>
    order.price === null
      ? []
      : [
          {
            ...fixed,
            id: order.id,
            price: Number(order.price),
            label: roleWord(say, order.role),
            kind: order.side,
          },
        ],
  );
  // A target or stop that rests as an order has its line already.
  const taken = new Set(resting.map(({ price }) => price));
  const ofDeals = deals.flatMap((deal): readonly ChartLine[] =>
    [
      { at: deal.average, label: say('bot.chart.average'), kind: 'average', planned: false },
      { at: deal.takeProfitPrice, label: say('bot.chart.target'), kind: 'sell', planned: true },
      { at: deal.stopLossPrice, label: say('bot.chart.stop'), kind: 'stop', planned: true },
    ].flatMap(({ at, label, kind, planned }): readonly ChartLine[] =>
      at === null || (planned && taken.has(Number(at)))
        ? []
        : [
            {
              id: `${deal.id} ${label}`,
              price: Number(at),
              label,
              kind: kind as ChartLine['kind'],
              planned,
              draggable: false,
            },
          ],
    ),
  );
  return [...resting, ...ofDeals];
}
