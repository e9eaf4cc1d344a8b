/** Build a bot: three fields on the left, the market with its orders and a backtest on the right. */
import type { BotPlan } from '@counterfoil/api';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { draftKey, useDraft } from '../../app/draft.ts';
import { useLater } from '../../app/later.ts';
import { useSay } from '../../app/messages.ts';
import { useAnswer, useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Change } from '../../parts/figures.tsx';
import { Refused, Unanswered } from '../../parts/shown.tsx';
import { emptyForm, planOf, rangeAround } from './bot-form.ts';
import { BotFields } from './bot-fields.tsx';
import { LadderTable } from './ladder-table.tsx';
import { NeedsFirst } from './needs-first.tsx';
import { WizardBacktest } from './wizard-backtest.tsx';
import { WizardChart } from './wizard-chart.tsx';

/** Long enough not to ask at every key, short enough to feel like an answer. */
const TYPING_MS = 350;

export function Wizard() {
  const say = useSay();
  const navigate = useNavigate();
  const [form, change, forget, id] = useDraft('bot', emptyForm);
  const markets = useAnswer('listMarkets', {});
  const connections = useAnswer('listConnections', {});
  const market = markets.data?.items.find(({ symbol }) => symbol === form.symbol);
  const firstMarket = markets.data?.items[0];
  const firstConnection = connections.data?.items.find(({ state }) => state === 'ready');

  useEffect(() => {
    if (form.symbol === '' && firstMarket !== undefined) change({ symbol: firstMarket.symbol });
    if (form.connection === '' && firstConnection !== undefined) change({ connection: firstConnection.id });
  }, [form.symbol, form.connection, firstMarket, firstConnection, change]);
  useEffect(() => {
    if (form.preset !== 'grid' || form.lower !== '' || market === undefined || market.price === null) return;
    change(rangeAround(market.price, market.tick));
  }, [form.preset, form.lower, market, change]);

  const plan = useMemo(() => planOf(form), [form]);
  const settled = useLater(plan, TYPING_MS);
  // What has settled may be older than the fields: it is asked about only where it is about this market.
  const ready = settled !== null && form.connection !== '' && isAbout(settled, form.symbol);
  const body = { connection: form.connection, plan: settled ?? emptyPlan };
  const validation = useAnswer('validateBot', { body }, { enabled: ready });
  const preview = useAnswer('previewBot', { body }, { enabled: ready && validation.data?.ok === true });
  const create = useSend('createBot', ({ body }) => draftKey(id, body));
  const start = useSend('startBot');

  const name = form.name === '' ? say('wizard.name.default', { symbol: form.symbol }) : form.name;
  const save = (running: boolean): void => {
    if (plan === null) return;
    create.mutate(
      { body: { name, connection: form.connection, plan } },
      {
        onSuccess: (bot) => {
          const open = (): void => {
            forget();
            void navigate({ to: '/bots/$bot', params: { bot: bot.id } });
          };
          // A start that failed stays here with its reason; the same form again finds the bot that was made.
          if (running) start.mutate({ params: { bot: bot.id } }, { onSuccess: open });
          else open();
        },
      },
    );
  };
  const busy = create.isPending || start.isPending;
  const allowed = plan !== null && validation.data?.ok === true && settled === plan;
  return (
    <div className="flex flex-col gap-4 pb-20">
      <h1 className="text-xl font-semibold">{say('wizard.title')}</h1>
      <NeedsFirst markets={markets} connections={connections} />
      <div className="grid gap-4 lg:grid-cols-[38%_1fr]">
        <BotFields
          form={form}
          onChange={change}
          markets={markets.data?.items ?? []}
          connections={connections.data?.items ?? []}
          refusals={validation.data?.refusals ?? []}
        />
        <div className="flex min-w-0 flex-col gap-4">
          <WizardChart form={form} preview={preview.data ?? null} market={market ?? null} onChange={change} />
          {preview.data !== undefined && <LadderTable preview={preview.data} market={market ?? null} />}
          <Unanswered answers={[markets, connections, validation, preview]} />
          {ready && validation.data?.ok === true && (
            <WizardBacktest plan={settled} symbol={form.symbol} budget={form.budget} />
          )}
        </div>
      </div>
      <footer className="fixed inset-x-0 bottom-14 z-20 flex flex-wrap items-center gap-3 border-t border-line bg-panel px-4 py-3 md:bottom-0 md:left-48">
        {preview.data !== undefined && preview.data.worstCase !== null && (
          <span>
            {say('wizard.worst')} <Change value={preview.data.worstCase} unit={market?.quote ?? ''} />
          </span>
        )}
        {preview.data?.worstCase === null && <span className="text-muted">{say('wizard.worst.none')}</span>}
        <span className="grow" />
        {create.error !== null && <Refused error={create.error} />}
        {start.error !== null && <Refused error={start.error} />}
        <Button busy={busy} disabled={!allowed} onClick={() => save(false)}>
          {say('wizard.draft')}
        </Button>
        <Button look="main" busy={busy} disabled={!allowed} onClick={() => save(true)}>
          {say('wizard.start')}
        </Button>
      </footer>
    </div>
  );
}

function isAbout({ kind, options }: BotPlan, symbol: string): boolean {
  return symbol !== '' && (kind === 'grid' ? options.market === symbol : options.markets.includes(symbol));
}

const emptyPlan = planOf({ ...emptyForm, symbol: 'X' }) ?? failed();

function failed(): never {
  throw new Error('the form’s own values make a plan');
}
