/** The market with the orders that the bot would place; a grid's borders can be dragged. */
import type { Market, Preview } from '@counterfoil/api';
import { useMemo } from 'react';
import { useSay } from '../../app/messages.ts';
import type { ChartLine } from '../../charts/candle-chart.tsx';
import { CandleChart } from '../../charts/late-candle-chart.tsx';
import { chartCandles, noCandles } from '../../charts/candles.ts';
import { useRecentCandles } from '../../charts/recent-candles.ts';
import { ChartFrame } from '../../charts/chart-frame.tsx';
import { decimalsOf, priceText } from '../../charts/price-text.ts';
import { grouped } from '../../parts/decimal-text.ts';
import { Shown } from '../../parts/shown.tsx';
import { roleWord } from '../bots/order-role.ts';
import type { BotForm } from './bot-form.ts';

export interface WizardChartProps {
  readonly form: BotForm;
  readonly preview: Preview | null;
  readonly market: Market | null;
  readonly onChange: (part: Partial<BotForm>) => void;
}

export function WizardChart({ form, preview, market, onChange }: WizardChartProps) {
  const say = useSay();
  const symbol = form.symbol;
  const answer = useRecentCandles(symbol);
  const lines = useMemo(() => linesOf(form, preview, say), [form, preview, say]);
  const candles = useMemo(
    () => (answer.data === undefined ? noCandles : chartCandles(answer.data)),
    [answer.data],
  );
  const tick = market?.tick ?? '0.01';
  return (
    <div className="h-80 rounded-lg border border-line bg-panel p-2">
      <Shown answer={answer}>
        {() => (
          <ChartFrame
            summary={say('wizard.chart', {
              symbol,
              orders: preview?.orders.length ?? 0,
              price: grouped(preview?.price ?? '0'),
            })}
            columns={[say('order.role'), say('order.side'), say('order.price')]}
            rows={(preview?.orders ?? []).map((order) => [
              roleWord(say, order.role),
              say(`order.${order.side}`),
              grouped(order.price),
            ])}
          >
            <CandleChart
              candles={candles}
              live={null}
              fills={[]}
              lines={lines}
              decimals={decimalsOf(tick)}
              onLine={(id, price) => {
                if (id === 'lower' || id === 'upper') onChange({ [id]: priceText(price, tick) });
              }}
            />
          </ChartFrame>
        )}
      </Shown>
    </div>
  );
}

function linesOf(
  form: BotForm,
  preview: Preview | null,
  say: ReturnType<typeof useSay>,
): readonly ChartLine[] {
  const planned = (preview?.orders ?? []).map((order, at): ChartLine => ({
    id: `planned-${at}`,
    price: Number(order.price),
    label: roleWord(say, order.role),
    kind: order.side,
    planned: true,
    draggable: false,
  }));
  if (form.preset !== 'grid' || !(Number(form.lower) > 0) || !(Number(form.upper) > 0)) return planned;
  const border = (id: 'lower' | 'upper'): ChartLine => ({
    id,
    price: Number(form[id]),
    label: say(`wizard.${id}`),
    kind: 'average',
    planned: false,
    draggable: true,
  });
  return [...planned, border('lower'), border('upper')];
}
