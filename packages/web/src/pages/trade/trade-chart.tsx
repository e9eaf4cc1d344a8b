/** The chart whose lines are the trade: drag one, and its field follows. */
import type { Market } from '@counterfoil/api';
import { useMemo } from 'react';
import { useLive } from '../../app/live.ts';
import { useSay } from '../../app/messages.ts';
import type { ChartLine } from '../../charts/candle-chart.tsx';
import { CandleChart } from '../../charts/late-candle-chart.tsx';
import { chartCandles, liveCandle, noCandles } from '../../charts/candles.ts';
import { useRecentCandles } from '../../charts/recent-candles.ts';
import { ChartFrame } from '../../charts/chart-frame.tsx';
import { decimalsOf, priceText } from '../../charts/price-text.ts';
import { grouped } from '../../parts/decimal-text.ts';
import { Shown } from '../../parts/shown.tsx';
import { type TradeForm, targetFields } from './trade-form.ts';

const lineFields = ['entryPrice', ...targetFields, 'stop'] as const;
type LineField = (typeof lineFields)[number];

export interface TradeChartProps {
  readonly form: TradeForm;
  readonly market: Market | null;
  readonly onChange: (part: Partial<TradeForm>) => void;
}

export function TradeChart({ form, market, onChange }: TradeChartProps) {
  const say = useSay();
  const { symbol } = form;
  const answer = useRecentCandles(symbol);
  const price = useLive((live) => live.prices.get(symbol) ?? null);
  const base = useMemo(
    () => (answer.data === undefined ? noCandles : chartCandles(answer.data)),
    [answer.data],
  );
  const live = useMemo(() => liveCandle(base, price, Date.now()), [base, price]);
  const tick = market?.tick ?? '0.01';
  const lines = useMemo(() => linesOf(form, say), [form, say]);
  const named = lines.map(({ label, price: at }) => `${label} ${at}`).join(', ');
  return (
    <div className="h-96 rounded-lg border border-line bg-panel p-2">
      <Shown answer={answer}>
        {() => (
          <ChartFrame
            summary={say('trade.chart', {
              symbol,
              lines: named,
              price: grouped(price ?? market?.price ?? '0'),
            })}
            columns={[say('order.role'), say('order.price')]}
            rows={lines.map(({ label, price: at }) => [label, String(at)])}
          >
            <CandleChart
              candles={base}
              live={live}
              fills={[]}
              lines={lines}
              decimals={decimalsOf(tick)}
              onLine={(id, at) => onChange({ [id]: priceText(at, tick) })}
            />
          </ChartFrame>
        )}
      </Shown>
    </div>
  );
}

function linesOf(form: TradeForm, say: ReturnType<typeof useSay>): readonly ChartLine[] {
  const buys = form.direction === 'long';
  return lineFields.flatMap((field): readonly ChartLine[] => {
    const price = Number(form[field]);
    if (!(price > 0) || (field === 'entryPrice' && form.entry === 'market')) return [];
    return [
      {
        id: field,
        price,
        label: labelOf(field, say),
        kind: kindOf(field, buys),
        planned: true,
        draggable: true,
      },
    ];
  });
}

function labelOf(field: LineField, say: ReturnType<typeof useSay>): string {
  if (field === 'entryPrice') return say('trade.entry');
  if (field === 'stop') return say('trade.stop');
  return say('trade.target', { number: targetFields.indexOf(field) + 1 });
}

function kindOf(field: LineField, buys: boolean): ChartLine['kind'] {
  if (field === 'stop') return 'stop';
  return (field === 'entryPrice') === buys ? 'buy' : 'sell';
}
