/** Routes of deals. */
import type { Deal, RouteName } from '@counterfoil/api';
import { type DcaCommand, type DcaDeal, smartTradeFromDeal } from '@counterfoil/engine';
import { type Market, parsePrice, parseQuantity } from '@counterfoil/vocabulary';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../database/tables.ts';
import { type ExactJson, fromExactJson } from '../../ledger/exact-json.ts';
import { marketsOf } from '../../runner/plan.ts';
import { BotService, type BotView, type DealView } from '../../runner/service.ts';
import type { Call, Handlers } from '../handlers.ts';
import { pageOf, readCursor } from '../page.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { smartTradeOf } from '../trading/bot-views.ts';
import { dealOf, openDeal, readDealId } from '../trading/deal-views.ts';
import { stopLossFromText, takeProfitFromText } from '../trading/plan-text.ts';
import { type AskedOfBot, type TradingParts, askBot } from './bots.ts';

type Names = Extract<
  RouteName,
  | 'listDeals'
  | `${'get' | 'close' | 'cancel' | 'change' | 'convert'}Deal`
  | 'addFunds'
  | 'reduceFunds'
  | 'startTrailing'
>;

interface DealRow {
  readonly bot: string;
  readonly number: number;
  readonly symbol: string;
  readonly started_at: Date;
  readonly started_text: string;
  readonly ended_at: Date | null;
  readonly body: ExactJson;
}

export function dealHandlers(parts: TradingParts): Pick<Handlers, Names> {
  const { database, service } = parts;

  const rowsOf = async (
    from: Kysely<Tables>,
    owner: string,
    filter: {
      bot?: string;
      number?: number;
      isOpen?: boolean;
      after?: readonly string[] | null;
      limit: number;
    },
  ): Promise<readonly DealRow[]> => {
    const { bot = null, number = null, isOpen = null, after = null, limit } = filter;
    const [at = null, atBot = null, atNumber = null] = after ?? [];
    const { rows } = await sql<DealRow>`
      select bot, number, symbol, started_at, started_at::text as started_text, ended_at, body::text as body
      from deal
      where owner = ${owner}
        and (${bot}::text is null or bot = ${bot})
        and (${number}::int is null or number = ${number})
        and (${isOpen}::boolean is null or (ended_at is null) = ${isOpen})
        and (${after === null}::boolean
          or (started_at, bot, number) < (${at}::timestamptz, ${atBot}::text, ${atNumber}::int))
      order by started_at desc, bot desc, number desc
      limit ${limit}`.execute(from);
    return rows;
  };

  const find = async (
    owner: string,
    id: string,
  ): Promise<{ row: DealView; view: BotView; deal: DcaDeal | null }> => {
    const { bot, number } = readDealId(id);
    const { row, view } = await atOnce(database, async (moment) => ({
      row: (await rowsOf(moment, owner, { bot, number, limit: 1 }))[0],
      view: await new BotService(moment).bot(owner, bot),
    }));
    if (row === undefined || view === null) throw notFound('deal');
    return { row: viewOf(row), view, deal: openDeal(view, number) };
  };
  const show = async (owner: string, id: string): Promise<Deal> => {
    const { row, view } = await find(owner, id);
    return dealOf(row, view);
  };
  /** Asks for `make(deal's number)` of an open deal. */
  const ask = async (
    { caller, params }: Pick<Call<'closeDeal'>, 'caller' | 'params'>,
    make: (number: number, market: Market) => DcaCommand,
    what: AskedOfBot,
  ): Promise<Deal> => {
    const { view, deal } = await find(caller.owner, params.deal);
    const market = deal === null ? undefined : marketsOf(view.plan)[deal.market];
    if (deal === null || market === undefined)
      throw new HttpProblem('conflict', 'This deal is closed; nothing was done.');
    const command = make(deal.number, market);
    await askBot(parts, caller, view, { kind: 'machine', command, market: deal.market }, what);
    return show(caller.owner, params.deal);
  };

  return {
    listDeals: async ({ caller, query }) => {
      const filter = {
        ...(query.bot === undefined ? {} : { bot: query.bot }),
        ...(query.state === undefined ? {} : { isOpen: query.state !== 'closed' }),
      };
      const after = readCursor(query, 3);
      const { rows, views } = await atOnce(database, async (moment) => ({
        rows: await rowsOf(moment, caller.owner, { ...filter, after, limit: query.limit + 1 }),
        views: await new BotService(moment).bots(caller.owner),
      }));
      const bots = new Map(views.map((view) => [view.id, view]));
      const page = pageOf(
        rows,
        query.limit,
        (row) => [row.started_text, row.bot, String(row.number)],
        (row) => {
          const view = bots.get(row.bot);
          if (view === undefined) throw new Error(`deal of the unknown bot ${row.bot}`);
          return dealOf(viewOf(row), view);
        },
      );
      const { state } = query;
      return state === undefined
        ? page
        : { ...page, items: page.items.filter((deal) => deal.state === state) };
    },
    getDeal: async ({ caller, params }) => show(caller.owner, params.deal),
    closeDeal: async (call) => ask(call, (deal) => ({ kind: 'close-deal', deal }), 'close-deal'),
    cancelDeal: async (call) => ask(call, (deal) => ({ kind: 'cancel-deal', deal }), 'cancel-deal'),
    startTrailing: async (call) => ask(call, (deal) => ({ kind: 'start-trailing', deal }), 'trail'),
    addFunds: async (call) =>
      ask(
        call,
        (deal, market) => ({
          kind: 'add-funds',
          deal,
          quantity: parseQuantity(market, call.body.quantity),
          price: call.body.price === null ? null : parsePrice(market, call.body.price),
        }),
        'add-funds',
      ),
    reduceFunds: async (call) =>
      ask(
        call,
        (deal, market) => ({
          kind: 'reduce-funds',
          deal,
          quantity: parseQuantity(market, call.body.quantity),
        }),
        'reduce-deal',
      ),
    changeDeal: async (call) =>
      ask(
        call,
        (deal) => ({
          kind: 'change-deal',
          deal,
          takeProfit: takeProfitFromText(call.body.takeProfit),
          stopLoss: call.body.stopLoss === null ? null : stopLossFromText(call.body.stopLoss),
        }),
        'change-deal',
      ),
    convertDeal: async ({ caller, params }) => {
      const { view, deal } = await find(caller.owner, params.deal);
      const market = deal === null ? undefined : marketsOf(view.plan)[deal.market];
      const options = deal === null || market === undefined ? null : smartTradeFromDeal(deal, market);
      if (deal === null || options === null)
        throw new HttpProblem('conflict', 'This deal holds nothing; there is nothing to go on with.');
      const command = { kind: 'convert-deal', deal: deal.number } as const;
      await askBot(parts, caller, view, { kind: 'machine', command, market: deal.market }, 'convert-deal');
      const id = await service.create({
        owner: caller.owner,
        name: `${view.name}, deal ${deal.number}`,
        connection: view.connection,
        plan: { kind: 'smart-trade', options },
      });
      const made = await service.bot(caller.owner, id);
      if (made === null) throw new Error('a SmartTrade that was just made is not found');
      await askBot(parts, caller, made, { kind: 'start' }, 'start');
      return smartTradeOf((await service.bot(caller.owner, id)) ?? made);
    },
  };
}

/**
 * Reads all of one moment: a deal that closes between the reading of its row and of its bot's state would be in
 * neither, and so closed by nobody with no profit.
 */
function atOnce<T>(database: Kysely<Tables>, read: (moment: Kysely<Tables>) => Promise<T>): Promise<T> {
  return database.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read);
}

function viewOf(row: DealRow): DealView {
  return {
    bot: row.bot,
    number: row.number,
    symbol: row.symbol,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    result: row.ended_at === null ? null : fromExactJson(row.body),
  };
}
