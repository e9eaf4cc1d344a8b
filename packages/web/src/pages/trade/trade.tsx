/** SmartTrade: entry, targets and stop as lines that can be dragged; below, the ones that run. */
import { useEffect, useMemo } from 'react';
import { draftKey, useDraft } from '../../app/draft.ts';
import { useLater } from '../../app/later.ts';
import { useSay } from '../../app/messages.ts';
import { useAnswer, useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Change } from '../../parts/figures.tsx';
import { Refused, Unanswered } from '../../parts/shown.tsx';
import { Told } from '../../parts/told.tsx';
import { LadderTable } from '../wizard/ladder-table.tsx';
import { NeedsFirst } from '../wizard/needs-first.tsx';
import { SmartTradeList } from './smart-trade-list.tsx';
import { TradeChart } from './trade-chart.tsx';
import { TradeFields } from './trade-fields.tsx';
import { emptyTrade, linesAround, optionsOf, quantityFor } from './trade-form.ts';

const TYPING_MS = 350;

export function Trade() {
  const say = useSay();
  const [form, change, forget, id] = useDraft('trade', emptyTrade);
  const markets = useAnswer('listMarkets', {});
  const connections = useAnswer('listConnections', {});
  const ready = (connections.data?.items ?? []).filter(({ state }) => state === 'ready');
  const first = ready[0];
  const market = markets.data?.items.find(({ symbol }) => symbol === form.symbol) ?? null;
  const firstMarket = markets.data?.items[0];

  useEffect(() => {
    if (form.symbol === '' && firstMarket !== undefined) change({ symbol: firstMarket.symbol });
    if (form.connection === '' && first !== undefined) change({ connection: first.id });
  }, [form.symbol, form.connection, firstMarket, first, change]);
  useEffect(() => {
    if (form.entryPrice !== '' || market === null || market.price === null) return;
    change({
      quantity: quantityFor(market.price, market.notionalMin, market.lot),
      ...linesAround(market.price, market.tick, form.direction),
    });
  }, [form.entryPrice, form.direction, market, change]);

  const options = useMemo(() => optionsOf(form), [form]);
  const settled = useLater(options, TYPING_MS);
  const body = { connection: form.connection, options: settled ?? nothing };
  const whole = settled !== null && form.connection !== '';
  const validation = useAnswer('validateSmartTrade', { body }, { enabled: whole });
  const preview = useAnswer(
    'previewSmartTrade',
    { body },
    { enabled: whole && validation.data?.ok === true },
  );
  const create = useSend('createSmartTrade', ({ body: sent }) => draftKey(id, sent));
  const allowed = options !== null && validation.data?.ok === true && settled === options;
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold">{say('trade.title')}</h1>
      <NeedsFirst markets={markets} connections={connections} />
      <div className="grid gap-4 lg:grid-cols-[20rem_1fr]">
        <TradeFields form={form} onChange={change} markets={markets.data?.items ?? []} connections={ready} />
        <div className="flex min-w-0 flex-col gap-3">
          <TradeChart form={form} market={market} onChange={change} />
          <Unanswered answers={[markets, connections, validation, preview]} />
          {(validation.data?.refusals ?? []).map(({ field, message, said }) => (
            <p key={field + message} role="alert">
              ⚠ <Told of={{ sentence: message, said }} />
            </p>
          ))}
          {preview.data !== undefined && <LadderTable preview={preview.data} market={market} />}
          {create.error !== null && <Refused error={create.error} />}
          <div className="flex items-center justify-end gap-3">
            {preview.data !== undefined && preview.data.worstCase !== null && (
              <span>
                {say('wizard.worst')} <Change value={preview.data.worstCase} unit={market?.quote ?? ''} />
              </span>
            )}
            <Button
              look="main"
              disabled={!allowed}
              busy={create.isPending}
              onClick={() => {
                if (options === null) return;
                create.mutate(
                  {
                    body: {
                      name: say('trade.name', { symbol: form.symbol }),
                      connection: form.connection,
                      options,
                    },
                  },
                  { onSuccess: forget },
                );
              }}
            >
              {say('trade.start')}
            </Button>
          </div>
        </div>
      </div>
      <SmartTradeList />
    </div>
  );
}

const nothing = optionsOf({ ...emptyTrade, symbol: 'X', quantity: '1', entry: 'market' }) ?? failed();

function failed(): never {
  throw new Error('the form’s own values make a trade');
}
