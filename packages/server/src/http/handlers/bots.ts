/** Routes of bots. */
import type { Bot, BotPlan as BotPlanText, RouteName, Saying, Validation, ValuesOf } from '@counterfoil/api';
import { formatPrice, type Price } from '@counterfoil/vocabulary';
import type { Kysely } from 'kysely';
import { record } from '../../accounts/activity.ts';
import type { Tables } from '../../database/tables.ts';
import { type BotPlan, type BotRequest, checkPlan, marketsOf } from '../../runner/plan.ts';
import type { BotService, BotView } from '../../runner/service.ts';
import { whyOf } from '../../runner/why.ts';
import type { Member } from '../caller.ts';
import type { Gate } from '../gate.ts';
import type { Handlers } from '../handlers.ts';
import { pageOf, readCursor } from '../page.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { blocksOf } from '../trading/blocks.ts';
import { botOf, describeFor, historiesOf, versionOf } from '../trading/bot-views.ts';
import type { MarketBook } from '../trading/market-book.ts';
import { planFromText, symbolsOf } from '../trading/plan-text.ts';
import { previewOf } from '../trading/preview.ts';

export interface TradingParts {
  readonly database: Kysely<Tables>;
  readonly service: BotService;
  readonly markets: MarketBook;
}

interface BotParts extends TradingParts {
  /** For who asks why nothing trades. */
  readonly gate: Gate;
}

type Names = Extract<RouteName, `${string}Bot` | 'listBots' | 'startDeal'>;

export type AskedOfBot = ValuesOf<'bot-asked'>['request'];

/** How long an answer waits for the bot's worker; after that it says what is known. */
const OUTCOME_MS_MAX = 3_000;
const DECISIONS_SHOWN = 20;

export function botHandlers(parts: BotParts): Pick<Handlers, Names> {
  const { database, service, markets } = parts;

  const find = async (owner: string, id: string): Promise<BotView> => {
    const view = await service.bot(owner, id);
    if (view === null || view.plan.kind === 'smart-trade' || view.status === 'ended') throw notFound('bot');
    return view;
  };
  const show = async (owner: string, id: string): Promise<Bot> => {
    const [view, histories] = await Promise.all([find(owner, id), historiesOf(database, owner, id)]);
    return botOf(view, histories.get(id));
  };
  const ask = async (caller: Member, id: string, request: BotRequest, what: AskedOfBot): Promise<Bot> => {
    const view = await find(caller.owner, id);
    await askBot(parts, caller, view, request, what);
    return show(caller.owner, id);
  };
  const planOf = async (text: BotPlanText): Promise<{ plan: BotPlan; prices: readonly Price[] }> => {
    const list = await markets.marketsOf(symbolsOf(text));
    const prices = await Promise.all(list.map((market) => markets.price(market)));
    return { plan: planFromText(text, list), prices };
  };
  const possible = async (text: BotPlanText): Promise<BotPlan> => {
    const { plan, prices } = await planOf(text);
    refuseImpossible(plan, prices);
    return plan;
  };

  return {
    listBots: async ({ caller, query }) => {
      const after = readCursor(query, 1);
      const [views, histories] = await Promise.all([
        service.bots(caller.owner),
        historiesOf(database, caller.owner, null),
      ]);
      const shown = views
        .filter(({ plan, status }) => plan.kind !== 'smart-trade' && status !== 'ended')
        .toReversed()
        .map((view) => botOf(view, histories.get(view.id)))
        .filter((bot) => query.state === undefined || bot.state === query.state);
      const from = after === null ? 0 : shown.findIndex((bot) => bot.id === after[0]) + 1;
      return pageOf(
        shown.slice(from, from + query.limit + 1),
        query.limit,
        (bot) => [bot.id],
        (bot) => bot,
      );
    },
    getBot: async ({ caller, params }) => show(caller.owner, params.bot),
    createBot: async ({ caller, body }) => {
      await findConnection(database, caller.owner, body.connection);
      const plan = await possible(body.plan);
      const { name, connection } = body;
      const id = await service.create({ owner: caller.owner, name, connection, plan });
      await record(database, caller.owner, caller, 'bot-made', { name });
      return show(caller.owner, id);
    },
    validateBot: async ({ caller, body }) => {
      await findConnection(database, caller.owner, body.connection);
      const { plan, prices } = await planOf(body.plan);
      return validationOf(plan, prices);
    },
    previewBot: async ({ caller, body }) => {
      await findConnection(database, caller.owner, body.connection);
      const { plan, prices } = await planOf(body.plan);
      refuseImpossible(plan, prices);
      return previewOf(plan, prices);
    },
    editBot: async ({ caller, params, body }) => {
      const view = await find(caller.owner, params.bot);
      if (versionOf(view) !== body.version)
        throw new HttpProblem(
          'conflict',
          'The bot was edited meanwhile; nothing was changed. Look at it again.',
        );
      const plan = await possible(body.plan);
      await askBot(parts, caller, view, { kind: 'edit', plan }, 'edit');
      await database
        .updateTable('bot')
        .set({ name: body.name })
        .where('owner', '=', caller.owner)
        .where('id', '=', view.id)
        .execute();
      return show(caller.owner, view.id);
    },
    startBot: async ({ caller, params }) => {
      const { connection } = await find(caller.owner, params.bot);
      await findConnection(database, caller.owner, connection);
      return ask(caller, params.bot, { kind: 'start' }, 'start');
    },
    pauseBot: async ({ caller, params }) => ask(caller, params.bot, { kind: 'pause' }, 'pause'),
    stopBot: async ({ caller, params, body }) => {
      const view = await find(caller.owner, params.bot);
      const { positions, gridAction } = body;
      const request: BotRequest =
        view.plan.kind === 'grid' && gridAction !== null
          ? { kind: 'machine', command: { kind: 'stop', action: gridAction }, market: 0 }
          : { kind: 'stop', positions };
      return ask(caller, params.bot, request, 'stop');
    },
    cloneBot: async ({ caller, params, body }) => {
      await find(caller.owner, params.bot);
      const id = await service.clone(caller.owner, params.bot, body.name);
      if (id === null) throw notFound('bot');
      return show(caller.owner, id);
    },
    removeBot: async ({ caller, params }) => {
      const view = await find(caller.owner, params.bot);
      if (view.status === 'running')
        throw new HttpProblem('conflict', 'The bot runs; nothing was removed. Stop it first.');
      await database
        .updateTable('bot')
        .set({ status: 'ended' })
        .where('owner', '=', caller.owner)
        .where('id', '=', view.id)
        .where('status', 'in', ['created', 'stopped'])
        .execute();
      return undefined;
    },
    whyBot: async ({ caller, params }) => {
      const view = await find(caller.owner, params.bot);
      const list = marketsOf(view.plan);
      // A venue that does not answer is part of why nothing happens.
      const now = await Promise.all([
        markets.marketsOf(list.map((market) => market.symbol)),
        Promise.all(list.map((market) => markets.price(market))),
      ]).catch((error: unknown) => (error instanceof HttpProblem ? null : Promise.reject(error)));
      const why =
        now === null ? whyOf({ ...view, parked: [] }, list, [], Date.now()) : whyOf(view, ...now, Date.now());
      const blocks = await blocksOf(parts, caller.owner, view, now?.[0] ?? null, Date.now());
      const held = view.status === 'running' ? blocks.find(({ ok }) => !ok) : undefined;
      const rows = await service.decisions(caller.owner, view.id, DECISIONS_SHOWN);
      const waiting = why.waitingFor.map(({ waiting: one, sentence, said }) => {
        const market = one.for === 'time' ? undefined : list[one.market];
        const isPrice = one.for === 'price' && market !== undefined;
        return {
          for: one.for,
          name: one.name,
          market: market?.symbol ?? null,
          sentence,
          said,
          level: isPrice ? formatPrice(market, one.level) : null,
          now: isPrice ? formatPrice(market, one.now) : null,
          distancePercent: one.for === 'price' ? (one.distancePpm / 10_000).toFixed(4) : null,
        };
      });
      return {
        sentence: (held ?? why).sentence,
        said: (held ?? why).said,
        checkedAt: new Date().toISOString(),
        waitingFor: waiting,
        orders: [...why.orders],
        blockedBy: [...blocks],
        decisions: rows.flatMap(({ at, notes }) => notes.map((note) => describeFor(view, at, note))),
      };
    },
    startDeal: async ({ caller, params, body }) => {
      const view = await find(caller.owner, params.bot);
      const market = marketsOf(view.plan).findIndex(({ symbol }) => symbol === body.symbol);
      if (view.plan.kind !== 'dca' || market < 0) throw notFound('market of that bot');
      const command = { kind: 'start-deal', market } as const;
      return ask(caller, view.id, { kind: 'machine', command, market }, 'start-deal');
    },
  };
}

export function validationOf(plan: BotPlan, prices: readonly Price[]): Validation {
  const refusals = checkPlan(plan, prices).map(({ field, limit, message, code, values }) => ({
    field,
    limit,
    message,
    // The engine made them together, and its words stand in the server's table of the same codes.
    said: { code, values } as Saying,
  }));
  return { ok: refusals.length === 0, refusals };
}

export function refuseImpossible(plan: BotPlan, prices: readonly Price[]): void {
  const { ok, refusals } = validationOf(plan, prices);
  if (ok) return;
  const errors = refusals.map(({ field, limit, message }) => ({
    path: `/plan/options/${field.replaceAll('.', '/')}`,
    message,
    limit,
  }));
  throw new HttpProblem('impossible', `This cannot work; nothing was made. ${refusals[0]?.message ?? ''}`, {
    errors,
  });
}

export async function findConnection(database: Kysely<Tables>, owner: string, id: string): Promise<void> {
  const row = await database
    .selectFrom('connection')
    .select('removed_at')
    .where('owner', '=', owner)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw notFound('connection');
  if (row.removed_at !== null) throw removed();
}

export function removed(): HttpProblem {
  return new HttpProblem('conflict', 'This connection was removed, its key is destroyed. Connect a new one.');
}

/** Writes down what is asked of a bot, and waits for what its worker makes of it, which may be a refusal. */
export async function askBot(
  { database, service }: Pick<TradingParts, 'database' | 'service'>,
  caller: Member,
  view: BotView,
  request: BotRequest,
  what: AskedOfBot,
): Promise<void> {
  const id = await service.request(caller.owner, view.id, request);
  await record(database, caller.owner, caller, 'bot-asked', { name: view.name, request: what });
  const answer = await service.requested(caller.owner, view.id, id, OUTCOME_MS_MAX);
  const outcome = answer?.outcome as { readonly ok: boolean; readonly sentence?: string } | null | undefined;
  if (outcome?.ok === false)
    throw new HttpProblem('conflict', outcome.sentence ?? 'The bot cannot do this now.');
}
